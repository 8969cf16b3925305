# Ends the mysqld of $unit on this host. A node that hangs in activating or deactivating does not
# obey a stop, and the stop hangs as well: only the kill of the unit frees it. Killing loses
# nothing that was committed: InnoDB replays its log at the next start.
set -eu
echo "before:"
systemctl show -p ActiveState,SubState,StatusText,MainPID "$unit.service"
if [ "$gently" = yes ] && timeout 60 systemctl stop "$unit.service"; then
  echo "stopped in order"
else
  # the stop after the kill also calls off the restart that systemd has planned
  systemctl kill -s KILL "$unit.service" || true
  timeout 60 systemctl stop "$unit.service" || true
fi
systemctl reset-failed "$unit.service" 2>/dev/null || true
n=0
while pgrep -x 'mysqld|mariadbd' >/dev/null; do
  n=$((n + 1))
  if [ "$n" -gt 30 ]; then
    echo "mysqld is still there after 30 s:" >&2
    ps -e -o pid= -o stat= -o wchan= -o args= | grep -E 'mysqld|mariadbd' | grep -v grep >&2
    echo "State D is a wait for the disk: look at the disk, or power the host off and on." >&2
    exit 1
  fi
  sleep 1
done
echo "after:"
systemctl show -p ActiveState,SubState "$unit.service"
