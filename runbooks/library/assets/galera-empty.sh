# Makes the datadir of this node empty, so that it gets a full copy. The old data is kept beside
# it, under a name with the run's id; it is only deleted where there is no room for both ($keep is no).
set -eu
kept=/var/lib/stackhand/galera/$run_id
old=$datadir.stackhand-$run_id
if [ ! -d "$kept" ]; then echo "nothing is copied aside in $kept" >&2; exit 1; fi
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi
if [ ! -e "$old" ]; then
  mkdir "$old"
  chmod --reference="$datadir" "$old"
  chown --reference="$datadir" "$old"
fi
find "$datadir" -mindepth 1 -maxdepth 1 -exec mv -t "$old" {} +
if [ "$keep" = no ]; then
  find "$old" -mindepth 1 -delete
  rmdir "$old"
  echo "the old data is deleted: there was no room for both"
else
  echo "the old data is in $old"
fi
ls -la "$datadir"
df -Pk "$datadir"
