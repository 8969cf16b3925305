# path size sha mode owner group backup run (that must hold this host, "" for any); on stdin the bytes.
[ -d "$path" ] && fail kind
real=$(readlink -f -- "$path") || fail absent
t=$real.stackhand.$$
trap 'rm -f "$t"' EXIT
head -c "$size" >"$t" || exit 1
[ "$(sha256sum <"$t")" = "$sha  -" ] || fail short
if [ -n "$run" ]; then
	lock
	holder
	[ "$holder" = "$run" ] || fail claim "$holder"
	for old in "$real".stackhand.[0-9]*; do # a power cut leaves one behind
		[ "$old" = "$t" ] || rm -f -- "$old"
	done
fi
if [ -e "$real" ]; then
	chown --reference="$real" -- "$t" && chmod --reference="$real" -- "$t" || exit 1
	if [ -n "$backup" ] && ! [ -e "$real$backup" ]; then
		cp -p -- "$real" "$t.old" && flush "$t.old" && mv -T -- "$t.old" "$real$backup" || {
			rm -f "$t.old"
			exit 1
		}
	fi
else
	chmod 644 "$t" || exit 1
fi
[ -z "$owner$group" ] || chown -- "$owner${group:+:$group}" "$t" || exit 1
[ -z "$mode" ] || chmod "$mode" "$t" || exit 1
flush "$t"
mv -T -- "$t" "$real" || exit 1
if command -v restorecon >/dev/null; then restorecon -- "$real" 2>/dev/null; fi
flush "${real%/*}/"
say ok
