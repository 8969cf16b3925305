# Makes the datadir of this node empty, so that it gets a full copy. The old data is kept beside
# it, under a name with the run's id; it is only deleted where there is no room for both ($keep is no).
# While it is moved its folder ends in .part: the way back (galera-unempty.sh) must know that not all of it is there.
set -eu
kept=/var/lib/stackhand/galera/$run_id
old=$datadir.stackhand-$run_id
if [ ! -d "$kept" ]; then echo "nothing is copied aside in $kept" >&2; exit 1; fi
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi
if [ -d "$old" ] && [ -n "$(ls -A "$datadir")" ]; then echo "it was emptied before: the old data is in $old, and what is in $datadir came later" >&2; exit 1; fi

# Moves all that is in a folder to another one, which may be on another disk. What has its name there is whole
# there, wherever this is cut off; what is still here besides is the rest of it.
move() {
  find "$1" -mindepth 1 -maxdepth 1 ! -name .stackhand-moving | while IFS= read -r f; do
    to=$2/${f##*/}
    if [ ! -e "$to" ] && [ ! -L "$to" ]; then
      if [ "$(stat -c %d "$1")" = "$(stat -c %d "$2")" ]; then
        mv "$f" "$to"
      else
        rm -rf "$2/.stackhand-moving"
        cp -a "$f" "$2/.stackhand-moving"
        sync -f "$2"
        mv "$2/.stackhand-moving" "$to"
      fi
    fi
    rm -rf "$f"
  done
  rm -rf "$1/.stackhand-moving" "$2/.stackhand-moving"
}

if [ ! -d "$old" ]; then
  if [ ! -d "$old.part" ]; then
    mkdir "$old.part"
    chmod --reference="$datadir" "$old.part"
    chown --reference="$datadir" "$old.part"
  fi
  move "$datadir" "$old.part"
  mv "$old.part" "$old"
fi
if [ "$keep" = no ]; then
  find "$old" -mindepth 1 -delete
  rmdir "$old"
  echo "the old data is deleted: there was no room for both"
else
  echo "the old data is in $old"
fi
ls -la "$datadir"
df -Pk "$datadir"
