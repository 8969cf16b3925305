# run
lock
holder
[ "$holder" = "$run" ] || {
	say other
	exit 0
}
rm "$base/claim/holder" || exit 1
flush "$base/claim"
say ok
