# path most: the file's size, then the file, or its end where it is longer.
[ -e "$path" ] || fail absent
[ -f "$path" ] || fail kind
size=$(stat -L -c %s -- "$path") || exit 1
say "file $size"
if [ "$size" -gt "$most" ]; then
	tail -c "$most" -- "$path" || exit 1
else
	head -c "$most" -- "$path" || exit 1
fi
