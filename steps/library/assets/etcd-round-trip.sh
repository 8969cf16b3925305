# Puts a key of its own into etcd through the management address, reads it back and deletes it.
# The key hangs on a lease of 20 seconds, so it is gone soon whatever happens here: it is the
# only trace of this check.
export ETCDCTL_API=3
e() { etcdctl --endpoints="http://$controller_address:2379" --dial-timeout=5s --command-timeout=5s "$@" </dev/null; }
lease=$(e lease grant 20 | awk '{ print $2 }')
[ -n "$lease" ] || { echo 'no lease'; exit 1; }
key=stackhand-check/$lease
e put --lease="$lease" "$key" "value-$lease" >/dev/null || exit 1
got=$(e get --print-value-only "$key")
e lease revoke "$lease" >/dev/null
[ "$got" = "value-$lease" ] || { echo "read back: ${got:-nothing}"; exit 1; }
[ -z "$(e get --print-value-only "$key")" ] || { echo 'the key outlived its lease'; exit 1; }
echo 'round trip done'
