# Starts this node as a member of the running cluster and says how far it is. There is no time
# limit: a full copy of a large database takes hours, and the unit's own start time-out, which
# would kill it, is off until it is in.
set -eu
kept=/var/lib/stackhand/galera/$run_id
if [ -e "$datadir/gvwstate.dat" ] && ! pgrep -x 'mysqld|mariadbd' >/dev/null; then
  mkdir -p "$kept"
  mv "$datadir/gvwstate.dat" "$kept/gvwstate.dat.moved"
fi
dropin=/run/systemd/system/$unit.service.d
mkdir -p "$dropin"
printf '[Service]\nTimeoutStartSec=infinity\n' >"$dropin/stackhand-join.conf"
tidy() { rm -f "$dropin/stackhand-join.conf"; rmdir "$dropin" 2>/dev/null || true; systemctl daemon-reload; }
trap tidy EXIT
trap 'exit 1' HUP INT TERM
systemctl daemon-reload
systemctl reset-failed "$unit.service" 2>/dev/null || true
echo "systemctl start $unit"
systemctl start --no-block "$unit.service"
last='' quiet=0 seconds=0
while :; do
  state=$(systemctl show -p ActiveState "$unit.service" | cut -d= -f2)
  case $state in
    active) echo "$unit is active after $seconds s"; exit 0 ;;
    failed | inactive)
      # just told to start: give it a moment before its old state is believed
      if [ "$seconds" -ge 3 ]; then
        echo "$unit is $state. What it said last:" >&2
        journalctl -u "$unit.service" -n 60 --no-pager >&2 || true
        exit 1
      fi
      ;;
  esac
  copying=''
  if ps -e -o args= | grep -q '[w]srep_sst_.*joiner'; then copying=' receiving a full copy (SST),'; fi
  now="$state,$copying $(du -sm "$datadir" 2>/dev/null | cut -f1) MiB in the datadir"
  quiet=$((quiet + 1))
  if [ "$now" != "$last" ] || [ "$quiet" -ge 30 ]; then echo "$seconds s: $now"; last=$now quiet=0; fi
  sleep 1
  seconds=$((seconds + 1))
done
