# Namespaces of a network node, and proxy ARP of each router port.
for n in $(ip netns list 2>/dev/null | cut -d' ' -f1 | sort); do
	echo "namespace $n"
	case $n in qrouter-*) ;; *) continue ;; esac
	ip netns exec "$n" sh -c 'for f in /proc/sys/net/ipv4/conf/q[rg]-*/proxy_arp; do [ -r "$f" ] && p=${f%/*} && echo "${p##*/} $(cat "$f")"; done' | sed "s/^/proxy_arp $n /"
done
exit 0
