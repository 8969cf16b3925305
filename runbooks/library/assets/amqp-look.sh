# Logs in to RabbitMQ at each of $targets (addresses) and prints one line for each:
#   ADDRESS ok | denied | barred | refused | silent | error TEXT
# and "account own" where the account is a service's. denied: the account or its password is refused. barred: it is known, and has no rights in the virtual host.
# The account is the one of transport_url of a service configured on this host, read here and never shown;
# without one a name that the broker does not know: "denied" then says as well that it talks to this host.
py=
for p in python3 python2 python /usr/libexec/platform-python; do
  if command -v "$p" >/dev/null 2>&1; then py=$p; break; fi
done
if [ -z "$py" ]; then echo "no python on this host" >&2; exit 3; fi
"$py" - $targets <<'END'
import glob, re, socket, struct, sys, threading
try:
    from urllib.parse import unquote
except ImportError:
    from urllib import unquote

def account():
    for path in sorted(glob.glob('/etc/*/*.conf') + glob.glob('/etc/kolla/*/*.conf')):
        try:
            text = open(path).read()
        except (IOError, OSError, ValueError):
            continue
        m = re.search(r'(?m)^\s*transport_url\s*=\s*rabbit://([^:@/\s]+):([^@/\s]+)@', text)
        if m:
            return unquote(m.group(1)), unquote(m.group(2))
    return 'stackhand_look', 'x'

def short(text):
    raw = text.encode('utf-8')
    return struct.pack('B', len(raw)) + raw

def long(raw):
    return struct.pack('>I', len(raw)) + raw

def exactly(s, n):
    got = b''
    while len(got) < n:
        more = s.recv(n - len(got))
        if not more:
            raise EOFError
        got += more
    return got

def frame(s):
    kind, channel, size = struct.unpack('>BHI', exactly(s, 7))
    payload = exactly(s, size + 1)[:-1]
    return struct.unpack('>HH', payload[:4]), payload[4:]

def send(s, cls, method, body):
    payload = struct.pack('>HH', cls, method) + body
    s.sendall(struct.pack('>BHI', 1, 0, len(payload)) + payload + b'\xce')

def login(address, user, word):
    s = socket.create_connection((address, 5672), 4)
    s.settimeout(8)
    try:
        s.sendall(b'AMQP\x00\x00\x09\x01')
        frame(s)
        able = long(short('capabilities') + b'F' + long(short('authentication_failure_close') + b't\x01'))
        send(s, 10, 11, able + short('PLAIN') + long(b'\0' + user.encode('utf-8') + b'\0' + word.encode('utf-8')) + short('en_US'))
        what, body = frame(s)
        if what == (10, 50):
            code, = struct.unpack('>H', body[:2])
            return 'denied' if code == 403 else 'error %d' % code
        send(s, 10, 31, body[:8])
        send(s, 10, 40, short('/') + short('') + b'\0')
        what, body = frame(s)
        if what == (10, 50) and struct.unpack('>H', body[:2])[0] in (403, 530):
            return 'barred'
        if what != (10, 41):
            return 'error vhost'
        send(s, 10, 50, struct.pack('>H', 200) + short('bye') + struct.pack('>HH', 0, 0))
        frame(s)
        return 'ok'
    finally:
        s.close()

user, word = account()
answers = {}

def ask(address):
    try:
        said = login(address, user, word)
    except socket.timeout:
        said = 'silent'
    except EOFError:
        said = 'error closed'
    except (IOError, OSError) as e:
        said = 'refused' if e.errno == 111 else 'silent'
    except (IndexError, ValueError, struct.error):
        said = 'error protocol'
    answers[address] = said

# side by side: a look has half a minute, and each of them may be silent
asks = [threading.Thread(target=ask, args=(address,)) for address in sys.argv[1:]]
for t in asks:
    t.start()
for t in asks:
    t.join()
if user != 'stackhand_look':
    print('account own')
for address in sys.argv[1:]:
    print('%s %s' % (address, answers.get(address, 'silent')))
END
