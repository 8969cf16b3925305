# Closes ($to is disable) or opens ($to is enable) the front ends of the database in HAProxy, through
# its own socket: no configuration is changed, and a restart of HAProxy opens them again.
set -eu
conf=/etc/haproxy/haproxy.cfg
if [ ! -r "$conf" ] || ! systemctl is-active --quiet haproxy; then echo "haproxy does not run here: nothing to do"; exit 0; fi
socket=$(awk '$1 == "stats" && $2 == "socket" { print $3; exit }' "$conf")
if [ -z "$socket" ]; then echo "haproxy has no stats socket in $conf: close the front end by hand" >&2; exit 1; fi
tell() {
  if command -v socat >/dev/null 2>&1; then printf '%s\n' "$1" | socat - "UNIX-CONNECT:$socket"
  elif command -v nc >/dev/null 2>&1; then printf '%s\n' "$1" | nc -U "$socket"
  else printf '%s\n' "$1" | python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(sys.stdin.buffer.read()); s.shutdown(1)
print(s.makefile().read(), end="")' "$socket"; fi
}
fronts=$(awk -v port="$port" '$1 == "listen" || $1 == "frontend" { name = $2 } $1 == "backend" || $1 == "defaults" || $1 == "global" { name = "" }
  $1 == "bind" && name != "" && $2 ~ (":" port "$") { print name }' "$conf" | sort -u)
if [ -z "$fronts" ]; then echo "no front end on port $port in $conf"; exit 0; fi
for f in $fronts; do
  said=$(tell "$to frontend $f")
  printf '%s frontend %s %s\n' "$to" "$f" "$said"
  now=$(tell 'show stat' | awk -F, -v f="$f" '$1 == f && $2 == "FRONTEND" { print $18 }')
  echo "$f is $now"
  case $to:$now in disable:STOP | disable:PAUSED | enable:OPEN) ;; *) exit 1 ;; esac
done
