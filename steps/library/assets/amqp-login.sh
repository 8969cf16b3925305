# Logs in to the broker at $controller_address as $rabbitmq_user the way a service does (AMQP
# 0-9-1, PLAIN), opens the virtual host / and closes again. The password goes in on stdin.
printf '%s' "$rabbitmq_password" | python3 -c '
import socket, struct, sys

def short(text):
    raw = text.encode()
    return bytes([len(raw)]) + raw

def long(raw):
    return struct.pack(">I", len(raw)) + raw

def send(cls, method, body):
    payload = struct.pack(">HH", cls, method) + body
    channel = 0
    sock.sendall(struct.pack(">BHI", 1, channel, len(payload)) + payload + b"\xce")

def exactly(n):
    got = b""
    while len(got) < n:
        more = sock.recv(n - len(got))
        if not more:
            sys.exit("the broker closed the connection " + stage)
        got += more
    return got

def expect(cls, method):
    kind, channel, size = struct.unpack(">BHI", exactly(7))
    payload = exactly(size + 1)[:-1]
    got = struct.unpack(">HH", payload[:4])
    if got == (10, 50):  # connection.close: code and text say why
        code, n = struct.unpack(">HB", payload[4:7])
        sys.exit("the broker refused %s: %d %s" % (stage, code, payload[7:7 + n].decode("utf-8", "replace")))
    if kind != 1 or got != (cls, method):
        sys.exit("unexpected answer %s %s" % (stage, got))
    return payload[4:]

host, user, password = sys.argv[1], sys.argv[2], sys.stdin.read()
stage = "at the connection"
try:
    sock = socket.create_connection((host, 5672), 5)
    sock.sendall(b"AMQP\x00\x00\x09\x01")
    expect(10, 10)
    stage = "at the login"
    # authentication_failure_close: be told why, instead of a closed socket
    able = short("authentication_failure_close") + b"t\x01"
    able = short("capabilities") + b"F" + long(able)
    answer = b"\0" + user.encode() + b"\0" + password.encode()
    send(10, 11, long(able) + short("PLAIN") + long(answer) + short("en_US"))
    limits = expect(10, 30)
    send(10, 31, limits[:8])
    stage = "at the virtual host"
    send(10, 40, short("/") + short("") + b"\0")
    expect(10, 41)
    send(10, 50, struct.pack(">H", 200) + short("bye") + struct.pack(">HH", 0, 0))
    stage = "at the end"
    expect(10, 51)
except OSError as e:
    sys.exit("%s %s" % (e, stage))
print("logged in as " + user)
' "$controller_address" "$rabbitmq_user"
