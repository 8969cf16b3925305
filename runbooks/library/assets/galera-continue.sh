# Makes this running node, which is in no Primary component, the beginning of a new one. The
# nodes that it sees come with it. Nothing is restarted.
set -eu
client=''
for c in mariadb mysql; do
  if command -v "$c" >/dev/null 2>&1; then client=$c; break; fi
done
if ! timeout 10 "$client" -NBe 'SELECT 1' >/dev/null 2>&1 && [ -r /etc/mysql/debian.cnf ]; then
  set -- --defaults-file=/etc/mysql/debian.cnf
fi
status() { timeout 10 "$client" "$@" -NBe "SHOW GLOBAL STATUS LIKE 'wsrep_cluster_status'"; }
status "$@"
timeout 60 "$client" "$@" -e "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'"
n=0
until status "$@" | grep -qw Primary; do
  n=$((n + 1))
  if [ "$n" -gt 30 ]; then echo "not Primary after 30 s" >&2; exit 1; fi
  sleep 1
done
status "$@"
