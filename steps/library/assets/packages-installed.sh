# Tells whether all of $packages are installed and configured, and names those that are not. One
# on hold is fine.
missing=
for p in ${packages:?}; do
  s=$(dpkg-query -W -f='${db:Status-Eflag} ${db:Status-Status}' "$p" 2>/dev/null) || s='not installed'
  [ "$s" = 'ok installed' ] || missing="$missing $p ($s)"
done
if [ -z "$missing" ]; then echo all installed; else echo "missing:$missing"; fi
