# The way back of a node that was emptied (galera-empty.sh), or half so: its old data is where it was. What came
# meanwhile from another node is moved beside it, not deleted.
set -eu
old=$datadir.stackhand-$run_id
if [ ! -d "$old" ] && [ ! -d "$old.part" ] && [ ! -e "$old.back" ]; then echo "the old data is not kept in $old: it cannot be put back" >&2; exit 1; fi
timeout 60 systemctl stop "$unit.service" || { systemctl kill -s KILL "$unit.service" || true; timeout 60 systemctl stop "$unit.service" || true; }
if pgrep -x 'mysqld|mariadbd' >/dev/null; then echo "mysqld runs" >&2; exit 1; fi

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

copy=$old.copy
if [ -d "$old" ]; then
  mkdir -p "$copy"
  move "$datadir" "$copy"
  mv "$old" "$old.part"
elif [ -d "$old.part" ] && [ ! -e "$old.back" ]; then
  # emptying was cut off: what is in both places is whole where it went to
  find "$old.part" -mindepth 1 -maxdepth 1 ! -name .stackhand-moving | while IFS= read -r f; do rm -rf "$datadir/${f##*/}"; done
fi
: >"$old.back" # from here on it is whole in the datadir
if [ -d "$old.part" ]; then
  move "$old.part" "$datadir"
  rmdir "$old.part"
fi
if [ -d "$copy" ]; then rmdir "$copy" 2>/dev/null || echo "what came from another node is in $copy"; fi
rm -f "$old.back"
ls -la "$datadir"
