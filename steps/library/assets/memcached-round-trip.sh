# Puts a key of its own into memcached from this host, reads it back and deletes it. The key
# lives for 20 seconds at most, whatever happens here: it is the only trace of this check.
python3 -c '
import secrets, socket, sys

host = sys.argv[1]
key = "stackhand-check-" + secrets.token_hex(8)
value = secrets.token_hex(8)
stage = "at the connection"
try:
    sock = socket.create_connection((host, 11211), 5)
    answers = sock.makefile("rb")
    def ask(text):
        sock.sendall(text.encode())
        return answers.readline().decode("ascii", "replace").strip()
    stage = "at the set"
    got = ask("set %s 0 20 %d\r\n%s\r\n" % (key, len(value), value))
    if got != "STORED":
        sys.exit("set: " + (got or "no answer"))
    stage = "at the get"
    if not ask("get %s\r\n" % key).startswith("VALUE " + key):
        sys.exit("get: the key is not there")
    got = answers.readline().decode("ascii", "replace").strip()
    answers.readline()  # END
    ask("delete %s\r\n" % key)
    if got != value:
        sys.exit("get: another value came back")
except OSError as e:
    sys.exit("%s %s" % (e, stage))
print("round trip done")
' "$controller_address"
