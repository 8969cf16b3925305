# Why MariaDB runs, or does not, or runs and cannot be reached, as lines "key value". It reads files, the journal and the process table; the
# server is asked only whether it understands its options (`--verbose --help` starts no engine).
d=mariadbd
command -v $d >/dev/null 2>&1 || d=mysqld
command -v $d >/dev/null 2>&1 || [ ! -x /usr/libexec/mysqld ] || d=/usr/libexec/mysqld
command -v $d >/dev/null 2>&1 || { echo "installed no"; exit 0; }
echo "installed yes"
unit=mariadb
systemctl cat mariadb.service >/dev/null 2>&1 || unit=mysql
echo "unit $unit"
echo "state $(systemctl is-active $unit 2>/dev/null)"
echo "enabled $(systemctl is-enabled $unit 2>/dev/null)"

options=$(my_print_defaults --mysqld 2>/dev/null)
[ -n "$options" ] || options=$(my_print_defaults mysqld server mariadb mariadbd galera 2>/dev/null)
option() { printf '%s\n' "$options" | tr _ - | sed -n "s/^--$1=//p" | tail -n 1; }
bind=$(printf '%s\n' "$options" | sed -n 's/^--bind[-_]address=//p' | tail -n 1)
echo "bind ${bind:-*}"
case ${bind:-*} in
  \* | 0.0.0.0 | ::) echo "bind_here yes" ;;
  *)
    here=yes
    for a in $(printf %s "$bind" | tr , ' '); do
      number=$(getent ahosts "$a" | awk 'NR == 1 { print $1 }')
      [ -n "$number" ] && ip -o addr show | awk -v a="$number" '{ split($4, f, "/"); if (f[1] == a) n++ } END { exit !n }' || here=no
    done
    echo "bind_here $here" ;;
esac
if [ "$here" = no ]; then
  # the file that says it last
  for f in /etc/my.cnf /etc/mysql/my.cnf /etc/my.cnf.d/*.cnf /etc/mysql/conf.d/*.cnf /etc/mysql/mariadb.conf.d/*.cnf; do
    [ -r "$f" ] && grep -Eq "^[[:space:]]*bind[-_]address[[:space:]]*=[[:space:]]*$bind([[:space:]]|$)" "$f" && file=$f
  done
  [ -z "$file" ] || echo "bind_file $file"
fi

data=$(printf '%s\n' "$options" | sed -n 's/^--datadir=//p' | tail -n 1)
data=${data:-/var/lib/mysql}
data=${data%/}
echo "data $data"
log=$(printf '%s\n' "$options" | sed -n 's/^--log[-_]error=//p' | tail -n 1)
# Only the last start counts: what stood there a month ago explains nothing.
start=$(systemctl show -p InvocationID $unit 2>/dev/null | sed -n 's/^InvocationID=//p')
spoken() {
  if [ -n "$start" ]; then journalctl _SYSTEMD_INVOCATION_ID="$start" -n 400 --no-pager -o cat 2>/dev/null; else journalctl -u $unit -n 400 --no-pager -o cat 2>/dev/null; fi
  [ -z "$log" ] || tail -n 400 "$log" 2>/dev/null | awk '/starting as process|Starting MariaDB/ { n = 0 } { l[++n] = $0 } END { for (i = 1; i <= n; i++) print l[i] }'
}
# a disk of its own that is not mounted looks as if all were lost
for at in "$data" "${data%/*}"; do
  if [ -n "$at" ] && awk -v m="$at" '$1 !~ /^#/ && $2 == m { n++ } END { exit !n }' /etc/fstab 2>/dev/null && ! awk -v m="$at" '$2 == m { n++ } END { exit !n }' /proc/mounts; then
    echo "unmounted $at"
  fi
done
if [ ! -d "$data" ]; then
  echo "initialised no"
  echo "empty yes"
else
  [ -d "$data/mysql" ] && echo "initialised yes" || echo "initialised no"
  [ -z "$(ls -A "$data")" ] && echo "empty yes" || echo "empty no"
  for db in keystone glance nova nova_api nova_cell0 neutron cinder placement heat octavia barbican designate magnum manila swift aodh gnocchi ironic masakari; do
    [ ! -d "$data/$db" ] || echo "openstack $db"
  done
  # Only what the server opens keeps it from starting: the directory, those of its databases, files of its engines, and what it was
  # denied when it started last. Flags that the packages leave there as root are normal, and so is a note that somebody put there.
  {
    spoken | grep -E 'Errcode: 13|Permission denied' | grep -oE "'[./][^']*'" | tr -d "'" | sed "s#^\./#$data/#" | while read -r f; do
      case $f in "$data"/*) [ ! -e "$f" ] || [ "$(stat -c %U "$f")" = mysql ] || echo "$f" ;; esac
    done
    find "$data" -maxdepth 0 ! -user mysql
    find "$data" -mindepth 1 -maxdepth 2 -type f ! -user mysql \( -name 'ib*' -o -name 'undo*' -o -name 'aria_log*' -o -name '*.ibd' -o -name '*.isl' -o -name '*.frm' -o \
      -name '*.par' -o -name '*.opt' -o -name '*.TR[GN]' -o -name '*.M[AY][DI]' -o -name '*.CS[MV]' -o -name '*bin.*' -o -name '*relay*' -o -name '*.info' -o \
      -name 'tc.log' -o -name 'ddl_recovery*' -o -name 'grastate.dat' -o -name 'gvwstate.dat' -o -name 'galera.cache' -o -name 'gcache.page.*' \)
    find "$data" -mindepth 1 -maxdepth 1 -type d ! -user mysql ! -name lost+found -exec sh -c 'ls "$1" | grep -Eq "[.](opt|frm|ibd|M[AY]I)$"' - {} \; -print
  } 2>/dev/null | awk '!seen[$0]++' | head -n 5 | tr ' ' '_' | sed 's/^/wrong_owner /'
  df -Pk "$data" | awk 'NR == 2 { sub("%", "", $5); print "used " $5; print "free_mib " int($4 / 1024); print "mount " $6 }'
  df -Pi "$data" | awk 'NR == 2 && $2 > 0 { sub("%", "", $5); print "inodes " $5 }'
  mount=$(df -Pk "$data" | awk 'NR == 2 { print $6 }')
  awk -v m="$mount" '$2 == m { o = $4 } END { print "read_only " (o ~ /(^|,)ro(,|$)/ ? "yes" : "no") }' /proc/mounts
fi

# Changes of the cluster that this member could not apply, of the last day: harmless ones of old may lie there as well.
# A statement that ran out of disk here counts as done in the cluster (seen): without a copy the table is missing for good.
if [ -d "$data" ]; then
  files=$(find "$data" -maxdepth 1 -name 'GRA_*.log' -mmin -1440 2>/dev/null | wc -l)
  told=$(journalctl -u $unit --since -1day --no-pager -o cat 2>/dev/null | grep -c 'Failed to write to .*GRA_\|Slave SQL: Error .*Errcode: 28')
  echo "unapplied $((files + told))"
fi
if [ "$(systemctl is-active $unit 2>/dev/null)" = active ]; then
  client=mysql
  command -v mariadb >/dev/null 2>&1 && client=mariadb
  echo "wsrep $(timeout 5 $client -NBe "SHOW STATUS LIKE 'wsrep_local_state_comment'" 2>/dev/null | cut -f2)"
fi

said=$($d --user=mysql --verbose --help 2>&1 >/dev/null)
bad=$(printf '%s\n' "$said" | sed -n "s/.*unknown \(variable\|option\) '\([^']*\)'.*/\2/p" | head -n 1)
[ -n "$bad" ] || bad=$(printf '%s\n' "$said" | sed -n "s/.*ambiguous option '\([^']*\)'.*/\1/p" | head -n 1)
if [ -n "$bad" ]; then
  bad=${bad#--}
  echo "bad_option $bad"
  name=$(printf %s "${bad%%=*}" | sed 's/[-_]/[-_]/g')
  for f in /etc/my.cnf /etc/mysql/my.cnf /etc/my.cnf.d/*.cnf /etc/mysql/conf.d/*.cnf /etc/mysql/mariadb.conf.d/*.cnf; do
    if [ -r "$f" ] && grep -Eq "^[[:space:]]*$name([[:space:]]*=|[[:space:]]*$)" "$f"; then echo "bad_file $f"; break; fi
  done
fi

# somebody else on the very address, or on all of them: HAProxy on a virtual address is none
ss -Hltnp 'sport = :3306' 2>/dev/null | awk -v b="${bind:-*}:3306" '$4 == b || $4 == "0.0.0.0:3306" || $4 == "*:3306" || $4 == "[::]:3306" || b == "*:3306"' |
  grep -v -e mariadbd -e mysqld | sed -n 's/.*users:(("\([^"]*\)".*/port_taken \1/p' | head -n 1
case $(option wsrep-on) in ON | on | 1) echo "galera yes" ;; *) echo "galera no" ;; esac
last=$(spoken | grep -E 'ERROR|\[Note\] InnoDB: Corrupt|Errcode' | tail -n 40)
echo "last $(printf '%s\n' "$last" | tail -n 1 | cut -c 1-200)"
printf '%s\n' "$last" | grep -Eq 'failed to reach primary view|may not be safe to bootstrap|Reversing history|gcs connect failed|Failed to reach primary' && echo "cluster_waits yes"
printf '%s\n' "$last" | grep -Eqi 'corrupt|checksum mismatch|Cannot find checkpoint|missing .*ib_logfile' && echo "damaged yes"
true
