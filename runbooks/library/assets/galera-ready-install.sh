set -eu
umask 022
# Who may look at the server's status without a password, over the local socket: the account of the system
# user mysql (unix_socket), which has no rights beyond that.
if command -v mariadb >/dev/null 2>&1; then client=$(command -v mariadb); else client=$(command -v mysql); fi
if ! setpriv --reuid mysql --regid mysql --clear-groups "$client" --no-defaults -u mysql -NBe 'SELECT 1' >/dev/null 2>&1; then
  "$client" -e "CREATE USER IF NOT EXISTS mysql@localhost IDENTIFIED VIA unix_socket"
fi
put() {
  cat >"$1.new"
  chmod "$2" "$1.new"
  sync "$1.new"
  mv "$1.new" "$1"
  echo "wrote $1"
}
put /usr/local/sbin/galera-ready 0755 <<'END'
#!/bin/sh
# Written by Stackhand (db-host-blocked). Answers HAProxy: can this database node serve?
# 200: Synced and Primary, or no member of a cluster. 503: anything else.
while IFS= read -r line; do
  [ -n "$(printf %s "$line" | tr -d '\r')" ] || break
done
client=mysql
command -v mariadb >/dev/null 2>&1 && client=mariadb
said=$(timeout 3 "$client" --no-defaults -u mysql -NBe "SELECT CONCAT(IF(@@wsrep_on, 'member', 'alone'), ' ',
  (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_cluster_status'), ' ',
  (SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_local_state'))" 2>/dev/null)
case $said in
  "member Primary 4" | "alone "*) code="200 OK" ;;
  *) code="503 Service Unavailable" ;;
esac
printf 'HTTP/1.1 %s\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s\n' "$code" "$((${#code} + 1))" "$code"
END
put /etc/systemd/system/stackhand-galera-ready.socket 0644 <<END
# Written by Stackhand (db-host-blocked).
[Unit]
Description=Tells HAProxy whether this database node can serve
[Socket]
ListenStream=$target:$check_port
FreeBind=true
Accept=yes
MaxConnections=64
[Install]
WantedBy=sockets.target
END
put /etc/systemd/system/stackhand-galera-ready@.service 0644 <<'END'
# Written by Stackhand (db-host-blocked).
[Unit]
Description=One answer to HAProxy
CollectMode=inactive-or-failed
[Service]
User=mysql
StandardInput=socket
StandardOutput=socket
StandardError=null
ExecStart=-/usr/local/sbin/galera-ready
TimeoutStartSec=10
END
sync /etc/systemd/system
systemctl daemon-reload
systemctl enable stackhand-galera-ready.socket
systemctl restart stackhand-galera-ready.socket
