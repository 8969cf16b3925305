set -eu
umask 022
put() {
  cat >"$1.new"
  chmod "$2" "$1.new"
  sync "$1.new"
  mv "$1.new" "$1"
  echo "wrote $1"
}
put /usr/local/sbin/router-proxy-arp 0755 <<'END'
#!/bin/sh
# Written by Stackhand (proxy-arp-lost). Switches proxy ARP on for every port of every router of this node.
for ns in $(ip netns list | awk '/^qrouter-/ { print $1 }'); do
  for path in $(ip netns exec "$ns" sh -c 'ls -d /proc/sys/net/ipv4/conf/q*' 2>/dev/null); do
    if [ "$(ip netns exec "$ns" cat "$path/proxy_arp" 2>/dev/null)" = 0 ]; then
      ip netns exec "$ns" sysctl -qw "net.ipv4.conf.${path##*/}.proxy_arp=1" && echo "$ns ${path##*/}: 0 -> 1"
    fi
  done
done
exit 0
END
put /etc/systemd/system/stackhand-proxy-arp.service 0644 <<'END'
# Written by Stackhand (proxy-arp-lost).
[Unit]
Description=Proxy ARP on the ports of the routers
[Service]
Type=oneshot
ExecStart=/usr/local/sbin/router-proxy-arp
END
put /etc/systemd/system/stackhand-proxy-arp.timer 0644 <<'END'
# Written by Stackhand (proxy-arp-lost).
[Unit]
Description=Proxy ARP on the ports of the routers
[Timer]
OnBootSec=20s
OnUnitInactiveSec=20s
AccuracySec=1s
[Install]
WantedBy=timers.target
END
sync /etc/systemd/system
systemctl daemon-reload
systemctl enable --now stackhand-proxy-arp.timer
systemctl start stackhand-proxy-arp.service
