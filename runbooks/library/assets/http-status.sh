# The status code that $target gives on $check_port; nothing where nobody answers.
py=
for p in python3 python2 python /usr/libexec/platform-python; do
  if command -v "$p" >/dev/null 2>&1; then py=$p; break; fi
done
if [ -z "$py" ]; then curl -s -m 4 -o /dev/null -w '%{http_code}\n' "http://$target:$check_port/"; exit; fi
"$py" - "$target" "$check_port" <<'END'
import socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])), 4)
s.sendall(b'GET / HTTP/1.0\r\n\r\n')
print(s.recv(64).decode('ascii', 'replace').split()[1])
END
