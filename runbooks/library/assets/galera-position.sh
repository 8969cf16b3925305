# Asks the InnoDB of a dead node for its position in the cluster's history. This replays the
# redo log, so it is no look: mysqld must be gone, the state must be copied aside, and it runs
# as mysql, or files would belong to root afterwards. Its log is a new file: an old position
# in an old log has been taken for the truth before.
set -eu
kept=/var/lib/stackhand/galera/$run_id
log=$kept/wsrep-recover.log
if [ ! -d "$kept" ]; then echo "nothing is copied aside in $kept" >&2; exit 1; fi
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi
result() { echo "position_state: $1"; }

# a disk that should be here and is not would look like a node without data
if [ ! -d "$datadir" ]; then
  echo "$datadir is not there"
  result unmounted
  exit 0
fi
if [ ! -e "$datadir/ibdata1" ] && [ "$(stat -c %U "$datadir")" != mysql ]; then
  echo "$datadir has no data and does not belong to mysql: the folder that a disk is mounted on?"
  result unmounted
  exit 0
fi
m=$datadir
while [ -n "$m" ] && [ "$m" != / ]; do
  u=$(systemd-escape -p --suffix=mount "$m" 2>/dev/null) || u=''
  case $(systemctl show -p LoadState,ActiveState "$u" 2>/dev/null | tr '\n' ' ') in
    *LoadState=loaded*ActiveState=active* | *ActiveState=active*LoadState=loaded*) ;;
    *LoadState=loaded*)
      echo "$u is not active"
      result unmounted
      exit 0
      ;;
  esac
  m=${m%/*}
done
if command -v findmnt >/dev/null 2>&1; then
  for m in $(findmnt --fstab -rno TARGET 2>/dev/null); do
    case $datadir/ in
      "${m%/}"/*)
        if [ "$m" != / ] && ! findmnt -rno TARGET --mountpoint "$m" >/dev/null 2>&1; then
          echo "$m is in /etc/fstab and is not mounted"
          result unmounted
          exit 0
        fi
        ;;
    esac
  done
fi

# what is in the datadir besides what every installation has
own=$(find "$datadir" -mindepth 1 -maxdepth 1 -type d ! -name mysql ! -name sys ! -name performance_schema ! -name test ! -name lost+found ! -name '.*' ! -name '#*' | wc -l)
if [ ! -e "$datadir/ibdata1" ]; then
  if [ "$own" -eq 0 ]; then
    echo "no ibdata1 and no database in $datadir"
    result empty
  else
    echo "no ibdata1, but $own databases in $datadir"
    result failed
  fi
  exit 0
fi

# a full copy that was cut off: the files may be the donor's, the rest of them is missing
if [ -e "$datadir/sst_in_progress" ] || [ -d "$datadir/.sst" ]; then
  echo "a full copy (SST) was cut off in $datadir"
  result half
  exit 0
fi

server=''
for c in mariadbd mysqld /usr/libexec/mariadbd /usr/libexec/mysqld; do
  if command -v "$c" >/dev/null 2>&1; then server=$c; break; fi
done
rm -f "$log"
echo "$server --wsrep-recover (replays the log; on a large one this takes minutes)"
cd "$datadir"
code=0
"$server" --user=mysql --wsrep-recover --disable-log-error >"$log" 2>&1 || code=$?
# (what others wrote stands behind a mark: no line of it can be taken for one of ours)
tail -c 60000 "$log" | tr -d '\000\r' | sed 's/^/  | /'
echo
echo "exit status $code"
found=$(sed -nE 's/^.*WSREP: Recovered position:? ([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:-?[0-9]{1,19})(,[0-9,-]+)?[[:space:]]*$/\1/p' "$log" | sort -u) || found=''
if [ "$(printf '%s\n' "$found" | wc -l)" -gt 1 ]; then
  echo "its log names more than one position:" $found
  result failed
  exit 0
fi
# what its files look like now: where they look otherwise later, somebody has started it since
stat -c '%n %s %y' "$datadir"/ibdata1 "$datadir"/ib_logfile* >"$kept/mark.new" 2>&1 || true
mv "$kept/mark.new" "$kept/mark"
case $found in
  '')
    if grep -aqiE 'prepared (XA )?transaction|tc-heuristic-recover' "$log"; then result heuristic; else result failed; fi
    ;;
  00000000-0000-0000-0000-000000000000:* | *:-*)
    # InnoDB without a position: an empty node, or data that never was in a cluster
    if [ "$own" -eq 0 ]; then result empty; else result none; fi
    ;;
  *)
    if [ "$code" -ne 0 ]; then result failed; exit 0; fi
    result recovered
    echo "position_uuid: ${found%:*}"
    echo "position_seqno: ${found##*:}"
    ;;
esac
