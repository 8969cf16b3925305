# Prints those of $packages that are not installed and configured. One on hold is fine.
for p in ${packages:?}; do
  s=$(dpkg-query -W -f='${db:Status-Eflag} ${db:Status-Status}' "$p" 2>/dev/null) || s='not installed'
  [ "$s" = 'ok installed' ] || echo "$p: $s"
done
