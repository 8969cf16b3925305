# path size sha mode owner group backup; on stdin the bytes.
[ -d "$path" ] && fail kind
real=$(readlink -f -- "$path") || fail absent
t=$real.stackhand.$$
trap 'rm -f "$t"' EXIT
head -c "$size" >"$t" || exit 1
[ "$(sha256sum <"$t")" = "$sha  -" ] || fail short
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
