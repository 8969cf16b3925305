# The database's front ends in HAProxy on this host and their state, one a line: `front: NAME OPEN`.
# Where HAProxy does not run here, or has none for $port, nothing is printed.
conf=/etc/haproxy/haproxy.cfg
if [ ! -r "$conf" ] || ! systemctl is-active --quiet haproxy; then exit 0; fi
socket=$(awk '$1 == "stats" && $2 == "socket" { print $3; exit }' "$conf")
tell() {
  if command -v socat >/dev/null 2>&1; then printf '%s\n' "$1" | socat - "UNIX-CONNECT:$socket"
  elif command -v nc >/dev/null 2>&1; then printf '%s\n' "$1" | nc -U "$socket"
  else printf '%s\n' "$1" | python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.stdin.buffer.read()); s.shutdown(1)
print(s.makefile().read(), end="")' "$socket"; fi
}
for f in $(awk -v port="$port" '$1 == "listen" || $1 == "frontend" { name = $2 } $1 == "backend" || $1 == "defaults" || $1 == "global" { name = "" }
  $1 == "bind" && name != "" && $2 ~ (":" port "$") { print name }' "$conf" | sort -u); do
  tell 'show stat' | awk -F, -v f="$f" '$1 == f && $2 == "FRONTEND" { print "front: " f " " $18 }'
done
