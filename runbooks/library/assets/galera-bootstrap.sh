# Starts a NEW cluster from this node. Its data is the truth from now on.
set -eu
kept=/var/lib/stackhand/galera/$run_id
state=$datadir/grastate.dat
if [ ! -d "$kept" ]; then echo "nothing is copied aside in $kept" >&2; exit 1; fi
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi

# From here on its files change by our doing: a second attempt must not take that for somebody else's.
rm -f "$kept/mark"
# A view of the old cluster would make it look for members that are gone.
if [ -e "$datadir/gvwstate.dat" ]; then mv "$datadir/gvwstate.dat" "$kept/gvwstate.dat.moved"; fi
if [ -s "$state" ] && grep -q '^safe_to_bootstrap:' "$state"; then
  sed 's/^safe_to_bootstrap:.*/safe_to_bootstrap: 1/' "$state" >"$state.new"
elif [ -s "$state" ]; then # before MariaDB 10.2 there is no such line
  { cat "$state"; echo 'safe_to_bootstrap: 1'; } >"$state.new"
else
  printf '# GALERA saved state\nversion: 2.1\nuuid:    %s\nseqno:   -1\nsafe_to_bootstrap: 1\n' "$cluster" >"$state.new"
fi
chown mysql:mysql "$state.new"
chmod 660 "$state.new"
if command -v restorecon >/dev/null 2>&1; then restorecon "$state.new" || true; fi
sync "$state.new"
mv "$state.new" "$state"
cat "$state"
# Cut off, galera_new_cluster leaves its setting behind, and the next start would make a second cluster.
trap 'systemctl unset-environment _WSREP_NEW_CLUSTER || true' EXIT
trap 'exit 1' HUP INT TERM
echo "galera_new_cluster $unit"
if galera_new_cluster "$unit.service"; then
  echo "started"
else
  journalctl -u "$unit.service" -n 60 --no-pager >&2 || true
  exit 1
fi
