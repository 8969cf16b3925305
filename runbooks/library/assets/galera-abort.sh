# The way back on this node: mysqld is ended, and the files that tell Galera where it is are as
# they were before the recovery. Its data is untouched, except where a full copy has come over it, or it has
# run as a member: then a number in the old grastate.dat is no longer true, and -1 has InnoDB asked.
set -eu
kept=/var/lib/stackhand/galera/$run_id
timeout 60 systemctl stop "$unit.service" || { systemctl kill -s KILL "$unit.service" || true; timeout 60 systemctl stop "$unit.service" || true; }
systemctl reset-failed "$unit.service" 2>/dev/null || true
# galera_new_cluster leaves its setting behind where it is cut off: the next start would make a second cluster
systemctl unset-environment _WSREP_NEW_CLUSTER || true
rm -f /run/mariadb-wsrep-new-cluster "/run/systemd/system/$unit.service.d/stackhand-join.conf"
systemctl daemon-reload
same=no
if [ -e "$kept/mark" ] && [ "$(stat -c '%n %s %y' "$datadir"/ibdata1 "$datadir"/ib_logfile* 2>&1)" = "$(cat "$kept/mark")" ]; then same=yes; fi
for f in grastate.dat gvwstate.dat; do
  if [ -e "$kept/$f" ]; then
    cp -a "$kept/$f" "$datadir/$f.new"
    if [ "$f" = grastate.dat ] && [ "$same" = no ]; then sed -i 's/^seqno:[[:space:]]*[0-9].*/seqno:   -1/' "$datadir/$f.new"; fi
    sync "$datadir/$f.new"
    mv "$datadir/$f.new" "$datadir/$f"
  fi
done
sync
if [ -e "$datadir/grastate.dat" ]; then cat "$datadir/grastate.dat"; fi
if pgrep -x 'mysqld|mariadbd' >/dev/null; then exit 1; fi
