# id: takes the permission to start, so that a start under way somewhere comes too late.
lock
boot
uptime
if ! [ -d "$d" ]; then mkdir "$d" || exit 1; fi
if ! [ -d "$d/claim" ]; then
	mkdir "$d/claim" || exit 1
	ln -s -T "$boot_now:$up_now" "$d/claim/at"
fi
if ! [ -L "$d/claim/start" ] && ! ln -s -T revoked "$d/claim/start" && ! [ -L "$d/claim/start" ]; then
	exit 1
fi
flush "$d/claim" "$d" "$base/jobs"
if [ "$(readlink "$d/claim/start")" = revoked ]; then
	say revoked
else
	say begun
fi
