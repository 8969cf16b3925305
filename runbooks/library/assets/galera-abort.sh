# The way back on this node: mysqld is ended, and the files that tell Galera where it is are as
# they were before the recovery. Its data is untouched, except where a full copy has come over it.
set -eu
kept=/var/lib/stackhand/galera/$run_id
timeout 60 systemctl stop "$unit.service" || { systemctl kill -s KILL "$unit.service" || true; timeout 60 systemctl stop "$unit.service" || true; }
systemctl reset-failed "$unit.service" 2>/dev/null || true
rm -f /run/mariadb-wsrep-new-cluster "/run/systemd/system/$unit.service.d/stackhand-join.conf"
systemctl daemon-reload
for f in grastate.dat gvwstate.dat; do
  if [ -e "$kept/$f" ]; then
    cp -a "$kept/$f" "$datadir/$f.new"
    mv "$datadir/$f.new" "$datadir/$f"
  fi
done
sync
cat "$datadir/grastate.dat"
if pgrep -x 'mysqld|mariadbd' >/dev/null; then exit 1; fi
