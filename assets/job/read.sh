# path most
[ -e "$path" ] || fail absent
[ -f "$path" ] || fail kind
stat -L -c 'file %s %a %U %G %Y' -- "$path" || exit 1
head -c "$most" -- "$path" || exit 1
