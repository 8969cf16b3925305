# proxy_arp of every port of every router on this node: "port NAMESPACE INTERFACE 0|1"; "script yes" where something
# here is meant to set it; "master NAMESPACE" where the router's addresses are here.
for ns in $(ip netns list 2>/dev/null | awk '/^qrouter-/ { print $1 }'); do
  for path in $(ip netns exec "$ns" sh -c 'ls -d /proc/sys/net/ipv4/conf/q*'); do
    echo "port $ns ${path##*/} $(ip netns exec "$ns" cat "$path/proxy_arp")"
  done
  if ip -n "$ns" -o -4 addr show 2>/dev/null | awk '$2 ~ /^qr-/ { n++ } END { exit !n }'; then echo "master $ns"; fi
done
if [ -e /root/set_proxy_arp.sh ] || [ -e /etc/systemd/system/stackhand-proxy-arp.timer ]; then echo "script yes"; else echo "script no"; fi
