# run owner (one line of JSON) from (the run that may be replaced, "" for none)
lock
holder
if [ -n "$holder" ] && [ "$holder" != "$run" ] && [ "$holder" != "$from" ]; then
	say held
	cat "$base/claim/holder"
	exit 0
fi
if [ "$holder" != "$run" ]; then
	printf '%s\n%s\n' "$run" "$owner" >"$base/claim/holder.new" || broken
	flush "$base/claim/holder.new"
	mv -T "$base/claim/holder.new" "$base/claim/holder" || exit 1
	flush "$base/claim" "$base"
fi
say ok
cat "$base/claim/holder"
