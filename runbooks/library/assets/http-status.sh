# The status code that each of $nodes gives on $check_port: "ADDRESS CODE", or "ADDRESS none".
py=
for p in python3 python2 python /usr/libexec/platform-python; do
  if command -v "$p" >/dev/null 2>&1; then py=$p; break; fi
done
if [ -z "$py" ]; then
  for node in $nodes; do echo "$node $(curl -s -m 4 -o /dev/null -w '%{http_code}' "http://$node:$check_port/" || echo none)"; done
  exit
fi
"$py" - "$check_port" $nodes <<'END'
import socket, sys
for node in sys.argv[2:]:
    try:
        s = socket.create_connection((node, int(sys.argv[1])), 4)
        s.sendall(b'GET / HTTP/1.0\r\n\r\n')
        print('%s %s' % (node, s.recv(64).decode('ascii', 'replace').split()[1]))
    except (IOError, OSError, IndexError):
        print('%s none' % node)
END
