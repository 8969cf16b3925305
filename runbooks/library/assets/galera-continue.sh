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
primary() { [ "$(status "$@" | awk '{ print $2 }')" = Primary ]; }
status "$@"
# A node whose view is changing in this moment, because another went away a second ago, ignores
# it and says so in its log only; one that is Primary by then ignores it as well.
n=0
until primary "$@"; do
  if [ "$n" -ge 50 ]; then echo "not Primary after 50 s" >&2; exit 1; fi
  if [ $((n % 10)) = 0 ]; then
    timeout 10 "$client" "$@" -e "SET GLOBAL wsrep_provider_options = 'pc.bootstrap=YES'"
  fi
  n=$((n + 1))
  sleep 1
done
status "$@"
