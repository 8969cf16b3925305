# The front end of the database on this host, as lines "key value". $front is the virtual address, or empty.
for u in haproxy keepalived; do
  if systemctl cat $u.service >/dev/null 2>&1 && [ "$(systemctl is-enabled $u 2>/dev/null)" = enabled -o "$(systemctl is-active $u 2>/dev/null)" = active ]; then
    echo "$u $(systemctl is-active $u 2>/dev/null)"
  fi
done
if [ -n "$front" ]; then
  if ip -o addr show | awk -v a="$front" '{ split($4, f, "/"); if (f[1] == a) n++ } END { exit !n }'; then echo "holds yes"; else echo "holds no"; fi
fi
sock=$(awk '$1 == "stats" && $2 == "socket" { print $3; exit }' /etc/haproxy/haproxy.cfg 2>/dev/null)
tell() {
  if command -v socat >/dev/null 2>&1; then printf '%s\n' "$1" | socat -T 3 - "UNIX-CONNECT:$sock"
  elif command -v nc >/dev/null 2>&1; then printf '%s\n' "$1" | nc -w 3 -U "$sock"
  else printf '%s\n' "$1" | python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.stdin.buffer.read()); s.shutdown(1)
print(s.makefile().read(), end="")' "$sock"; fi
}
if [ -S "$sock" ]; then
  sections=$(awk '/^(listen|backend)[[:space:]]/ { s = $2 } $1 == "server" && $3 ~ /:3306$/ { print s }' /etc/haproxy/haproxy.cfg | sort -u)
  for s in $sections; do
    tell "show stat" 2>/dev/null | awk -F, -v s="$s" '$1 == s && $2 != "FRONTEND" && $2 != "BACKEND" { split($18, w, " "); print "server " $2 "=" w[1] "/" $37 }'
  done
fi
{ iptables -S 2>/dev/null; nft list ruleset 2>/dev/null; } | grep -E '3306' | grep -E 'DROP|REJECT|drop|reject' | head -n 3 | tr -s ' \t' '__' | sed 's/^/rule /'
ss -Hltn 'sport = :3306' 2>/dev/null | awk '{ print "listens " $4 }'
true
