#!/bin/sh
# Proxy ARP on all ports of all routers of this host.
for router in $(ip netns list | awk '/^qrouter-/ {print $1}'); do
	for port in $(ip netns exec "$router" ls /sys/class/net | grep '^q'); do
		ip netns exec "$router" sysctl -qw "net.ipv4.conf.$port.proxy_arp=1"
	done
done
