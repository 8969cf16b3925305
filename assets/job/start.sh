# id run sha want_boot user: the only way to start a job, and at most once.
lock
holder
[ "$holder" = "$run" ] || fail claim "$holder"
boot
[ -z "$want_boot" ] || [ "$want_boot" = "$boot_now" ] || fail boot "$boot_now"
[ -d "$d" ] || fail absent
if [ -d "$d/claim" ]; then
	say begun
	exit 0
fi
have=
[ -r "$d/sha" ] && IFS= read -r have <"$d/sha"
[ "$have" = "$sha" ] || fail other "$have"
mkdir "$d/claim" || exit 1
uptime
ln -s -T "$boot_now:$up_now" "$d/claim/at"
flush "$d/claim" "$d"
if systemd && systemd-run --unit="$unit" --description="Stackhand job $id" \
	/bin/sh "$d/wrapper" "$d" "$runbase/$id" "$base/ledger" "$user" </dev/null >/dev/null 9>&-; then
	say started unit
	exit 0
fi
# No systemd, or it refused. Should it have started the unit all the same, the token lets only one run.
setsid /bin/sh "$d/wrapper" "$d" "$runbase/$id" "$base/ledger" "$user" </dev/null >/dev/null 2>&1 9>&- &
say started setsid
