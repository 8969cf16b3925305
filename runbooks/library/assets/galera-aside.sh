# Copies aside what the recovery will touch, before it touches it: once. What is there from an
# earlier attempt is the older truth and stays.
set -eu
umask 077
kept=/var/lib/stackhand/galera/$run_id
mkdir -p "$kept"
keep() {
  if [ -e "$1" ] && [ ! -e "$kept/${1##*/}" ]; then
    rm -rf "$kept/${1##*/}.new"
    cp -a "$1" "$kept/${1##*/}.new"
    sync -f "$kept" 2>/dev/null || sync # a power cut must not leave a name without its content, which would count as kept
    mv "$kept/${1##*/}.new" "$kept/${1##*/}"
  fi
}
keep "$datadir/grastate.dat"
keep "$datadir/gvwstate.dat"
for c in /etc/my.cnf /etc/my.cnf.d /etc/mysql; do keep "$c"; done
if [ ! -e "$kept/datadir.txt" ]; then
  {
    ls -la --time-style=full-iso "$datadir"
    df -Pk "$datadir"
  } >"$kept/datadir.new"
  sync "$kept/datadir.new"
  mv "$kept/datadir.new" "$kept/datadir.txt"
fi
sync
find "$kept" -maxdepth 1 -type f -exec sha256sum {} +
echo "kept in $kept"
