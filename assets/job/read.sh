# path most: what the file is, its sha256 where all of it is sent ("-" otherwise), then the bytes.
[ -e "$path" ] || fail absent
[ -f "$path" ] || fail kind
what=$(stat -L -c 'file %s %a %U %G %Y' -- "$path") || exit 1
size=${what#file }
sum=-
if [ "${size%% *}" -le "$most" ]; then
	sum=$(sha256sum <"$path") || exit 1
fi
say "$what ${sum%% *}"
head -c "$most" -- "$path" || exit 1
