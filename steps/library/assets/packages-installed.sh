# Tells whether all of $packages are installed and configured, and names those that are not. One
# on hold is fine.
missing=
for p in ${packages:?}; do
  s=$(dpkg-query -W -f='${db:Status-Eflag} ${db:Status-Status}' "$p" 2>/dev/null) || s='not installed'
  [ "$s" = 'ok installed' ] || missing="$missing $p ($s)"
done

# dpkg and ucf do not sync configuration files: a power cut soon after an installation leaves them
# empty, and the package counts as installed. Named are those, of $packages and of what they depend
# on, that are empty though the package brought something. A file that somebody emptied
# was written later than it was made, and is left alone. The same is in install-packages.sh.
emptied() {
  all=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances $packages 2>/dev/null | grep '^[a-z0-9]' | sort -u | tr '\n' ' ')
  {
    # shellcheck disable=SC2086  # a list of names
    [ -z "$all" ] || dpkg-query -W -f='${Package}\n${Conffiles}\n' $all 2>/dev/null |
      awk '/^[^ ]/ { p = $1 } /^ / && NF == 2 && $2 != "d41d8cd98f00b204e9800998ecf8427e" { print p, $1 }'
    [ ! -e /var/lib/ucf/registry ] || awk -v all=" $all" 'index(all, " " $1 " ") { print $1, $2 }' /var/lib/ucf/registry
  } | while read -r p f; do
    if [ -f "$f" ] && [ ! -s "$f" ] && [ $(($(stat -c %Z "$f") - $(stat -c %Y "$f"))) -gt 60 ]; then echo "$p $f"; fi
  done
}

empty=
[ -n "$missing" ] || empty=$(emptied | cut -d' ' -f2 | tr '\n' ' ')
if [ -n "$missing" ]; then
  echo "missing:$missing"
elif [ -n "$empty" ]; then
  echo "emptied by a power cut: $empty"
else
  echo all installed
fi
