# Everything that one look at a database node can tell, as `name: value` lines. It only reads, and
# each thing that may hang has a time limit. Names differ between distributions: the unit is
# mariadb, mysqld or mysql, the program mariadbd or mysqld, the client mariadb or mysql.
say() { printf '%s: %s\n' "$1" "$2"; }
first() { for c in "$@"; do command -v "$c" 2>/dev/null && return; done; return 1; }

# ---- who starts it here
unit='' unit_state=missing
for u in mariadb mysqld mysql; do
  if [ "$(systemctl show -p LoadState "$u.service" 2>/dev/null)" = LoadState=loaded ]; then unit=$u; break; fi
done
enabled=no
if [ -n "$unit" ]; then
  unit_state=$(systemctl show -p ActiveState "$unit.service" | cut -d= -f2)
  case $(systemctl show -p UnitFileState "$unit.service") in *=enabled*) enabled=yes ;; esac
fi
others=''
if grep -qsE 'type="(galera|mariadb|mysql|mysqld)"' /var/lib/pacemaker/cib/cib.xml; then others='pacemaker'; fi
if grep -qsE '"Name":"/(mariadb|galera|mysql)' /var/lib/docker/containers/*/config.v2.json; then others="$others docker"; fi
if grep -qsE '"name":"(mariadb|galera|mysql)' /var/lib/containers/storage/overlay-containers/containers.json; then others="$others podman"; fi
managers=$others
if [ -n "$unit" ] && { [ "$enabled" = yes ] || [ -z "$others" ]; }; then managers="systemd $others"; fi
for m in ${managers:-none}; do say manager "$m"; done
say unit_name "${unit:-none}"
say unit "$unit_state"
since=''
case $unit_state in
  activating | reloading) since=InactiveExitTimestampMonotonic ;;
  active) since=ActiveEnterTimestampMonotonic ;;
  deactivating) since=ActiveExitTimestampMonotonic ;;
  inactive | failed) since=InactiveEnterTimestampMonotonic ;;
esac
unit_for=0
if [ -n "$since" ]; then
  at=$(systemctl show -p "$since" "$unit.service" | cut -d= -f2)
  unit_for=$(awk -v at="${at:-0}" '{ s = int($1 - at / 1000000); print (s < 0 ? 0 : s) }' /proc/uptime)
fi
say unit_for "$unit_for"
restarts=0
if [ -n "$unit" ]; then restarts=$(systemctl show -p NRestarts "$unit.service" 2>/dev/null | cut -d= -f2); fi
say restarts "${restarts:=0}"

# ---- what runs
running=$(ps -e -o stat= -o comm= -o args= | awk '($2 == "mysqld" || $2 == "mariadbd") && !/wsrep[-_]recover/ { n++; if ($1 ~ /^D/) d++ } END { print n + 0, d + 0 }')
say process "${running% *}"
if [ "${running#* }" -gt 0 ]; then say process_stuck yes; else say process_stuck no; fi
copying=$(ps -e -o args= | awk '/wsrep_sst_/ && !/awk/ { if (/--role joiner/ || /--role .joiner/) j = 1; if (/--role donor/ || /--role .donor/) d = 1 }
  END { print (j ? "joiner" : d ? "donor" : "none") }')
# what a node missed (IST) comes without such a script, to a port that only a joiner listens on
if [ "$copying" = none ] && [ "$unit_state" = activating ] && ss -ltn 2>/dev/null | awk '$4 ~ /:4568$/ { n++ } END { exit n ? 0 : 1 }'; then copying=joiner; fi
say sst "$copying"

# ---- what it answers
client=$(first mariadb mysql) || client=mysql
ask() { timeout -k 1 5 "$client" "$@" --connect-timeout=3 -NB -e "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status',
  'wsrep_local_state_comment', 'wsrep_cluster_size', 'wsrep_cluster_state_uuid', 'wsrep_local_state_uuid', 'wsrep_last_committed');
  SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'innodb_flush_log_at_trx_commit', 'innodb_flush_log_at_timeout', 'wsrep_provider_options')" 2>&1; }
sql=none answer=''
if [ "${running% *}" -gt 0 ]; then
  sql=ok
  if ! answer=$(ask) && [ -r /etc/mysql/debian.cnf ]; then answer=$(ask --defaults-file=/etc/mysql/debian.cnf); fi
  case $answer in
    *wsrep_cluster_status* | *innodb_flush_log*) ;;
    *'ERROR 1045'* | *'ERROR 1698'* | *'ERROR 1524'*) sql=denied ;;
    *'ERROR 1040'*) sql=busy ;;
    *) sql=silent ;;
  esac
fi
say sql "$sql"
status() { printf '%s\n' "$answer" | awk -F '\t' -v name="$1" '$1 == name { print $2 }'; }
live() { value=$(status "$2"); if [ -n "$value" ]; then say "$1" "$value"; fi; }
if [ "$sql" = ok ]; then
  live ready wsrep_ready
  live cluster_status wsrep_cluster_status
  live comment wsrep_local_state_comment
  live size wsrep_cluster_size
  live committed wsrep_last_committed
  uuid=$(status wsrep_cluster_state_uuid)
  case $uuid in '' | 00000000-*) uuid=$(status wsrep_local_state_uuid) ;; esac
  say cluster_uuid "$uuid"
fi

# ---- what the files say
defaults=$(my_print_defaults --mysqld 2>/dev/null || my_print_defaults mysqld server mariadb galera 2>/dev/null)
option() { printf '%s\n' "$defaults" | sed 's/^--loose[-_]/--/' | awk -v name="$1" '{ i = index($0, "="); k = i ? substr($0, 1, i - 1) : $0
  gsub("-", "_", k); if (k == "__" name) v = i ? substr($0, i + 1) : "ON" } END { print v }'; }
datadir=$(option datadir); datadir=${datadir:-/var/lib/mysql}; datadir=${datadir%/}
say datadir "$datadir"
state=$datadir/grastate.dat
if [ ! -e "$state" ]; then say saved missing
elif [ ! -s "$state" ]; then say saved empty
elif ! grep -q '^uuid:' "$state" || ! grep -q '^seqno:' "$state"; then say saved torn
else
  say saved ok
  awk '/^uuid:/ { print "saved_uuid: " $2 } /^seqno:/ { print "saved_seqno: " $2 } /^safe_to_bootstrap:/ { print "saved_safe: " $2 }' "$state"
fi
view=$datadir/gvwstate.dat
if [ ! -e "$view" ]; then say view missing; elif [ ! -s "$view" ]; then say view empty; else say view ok; fi
provider=$(option wsrep_provider_options); if [ "$sql" = ok ]; then provider="$provider;$(status wsrep_provider_options)"; fi
case $(printf '%s' "$provider" | tr -d ' ' | tr '[:upper:]' '[:lower:]') in
  *pc.recovery=no* | *pc.recovery=false* | *pc.recovery=0* | *pc.recovery=off*) say pc_recovery no ;;
  *) say pc_recovery yes ;;
esac
wsrep=$(option wsrep_on); flush=$(option innodb_flush_log_at_trx_commit); interval=$(option innodb_flush_log_at_timeout)
if [ "$sql" = ok ]; then wsrep=$(status wsrep_on); flush=$(status innodb_flush_log_at_trx_commit); interval=$(status innodb_flush_log_at_timeout); fi
case $wsrep in
  ON | on | On | 1 | TRUE | true) say wsrep yes ;;
  *) if [ -n "$defaults$wsrep" ]; then say wsrep no; else say wsrep unknown; fi ;;
esac
if [ -n "$defaults$flush" ]; then say flush "${flush:-1}"; else say flush unknown; fi
say flush_timeout "${interval:-1}"
server=$(first mariadbd mysqld /usr/libexec/mysqld /usr/libexec/mariadbd) || server=''
if [ -n "$server" ]; then say version "$(timeout 5 "$server" --version 2>/dev/null | sed -n 's/.*Ver \([^ ]*\).*/\1/p')"; fi

# ---- settings that would start a second cluster at the next start
left=''
case $(option wsrep_cluster_address) in 'gcomm://' | 'gcomm://?'*) left="$left wsrep_cluster_address" ;; esac
if [ -n "$(option wsrep_new_cluster)" ]; then left="$left wsrep-new-cluster"; fi
case $(option wsrep_provider_options | tr -d ' ') in *pc.bootstrap=*) left="$left pc.bootstrap" ;; esac
if [ -e /run/mariadb-wsrep-new-cluster ]; then left="$left /run/mariadb-wsrep-new-cluster"; fi
if systemctl show-environment 2>/dev/null | grep -q 'wsrep-new-cluster'; then left="$left systemd-environment"; fi
if [ -n "$unit" ] && systemctl show -p Environment "$unit.service" 2>/dev/null | grep -q 'wsrep-new-cluster'; then left="$left unit-environment"; fi
say bootstrap_left "${left:-none}"

# ---- who the members are by the settings here, and how the others may call this node
for p in $(option wsrep_cluster_address | sed -n 's/^gcomm:\/\/\([^?]*\).*/\1/p' | tr ',' ' '); do
  case $p in
    \[*) p=${p#\[} p=${p%%\]*} ;;
    *:*:*) ;;
    *) p=${p%%:*} ;;
  esac
  a=$(timeout 3 getent ahosts "$p" 2>/dev/null | awk 'NR == 1 { print $1 }')
  say peer "${a:-$p}"
done
for s in $(ip -o addr show 2>/dev/null | awk '{ sub(/\/.*/, "", $4); print $4 }') $(hostname 2>/dev/null) $(timeout 3 hostname -f 2>/dev/null); do say self "$s"; done

# ---- room, and who holds an address besides its own
df -Pk "$datadir" 2>/dev/null | awk 'NR == 2 { print "free_mib: " int($4 / 1024) }'
used=$(timeout 5 du -sk "$datadir" 2>/dev/null | cut -f1)
if [ -n "$used" ]; then say data_mib "$((used / 1024))"; fi
held=no
if ip -4 -o addr show scope global 2>/dev/null | awk '$4 ~ /\/32$/ || / secondary / { n++ } END { exit n ? 0 : 1 }'; then held=yes; fi
say holds_vip "$held"

# ---- does it move by itself?
moving=no
case $(status wsrep_local_state_comment) in Joined | Joining* | Joiner) moving=yes ;; esac
# (a unit that systemd starts again and again gets nowhere)
if [ "$unit_state" = activating ] && [ "$unit_for" -lt 30 ] && [ "$restarts" -lt 3 ] || [ "$copying" != none ]; then moving=yes; fi
say moving "$moving"
exit 0
