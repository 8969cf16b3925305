# The way back of an emptied node: its old data is where it was. What came meanwhile from another node
# is moved beside it, not deleted.
set -eu
old=$datadir.stackhand-$run_id
if [ ! -d "$old" ]; then echo "the old data is not kept in $old: it cannot be put back" >&2; exit 1; fi
timeout 60 systemctl stop "$unit.service" || { systemctl kill -s KILL "$unit.service" || true; timeout 60 systemctl stop "$unit.service" || true; }
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi
copy=$old.copy
mkdir -p "$copy"
find "$datadir" -mindepth 1 -maxdepth 1 -exec mv -t "$copy" {} +
find "$old" -mindepth 1 -maxdepth 1 -exec mv -t "$datadir" {} +
rmdir "$old"
rmdir "$copy" 2>/dev/null || echo "what came from another node is in $copy"
ls -la "$datadir"
