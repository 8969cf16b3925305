# id sha script_size wrapper_size secrets ("SIZE NAME" a line) user; on stdin script, wrapper, secrets.
n=$d.new.$$
mkdir -p "$base/jobs" "$base/claim" || exit 1
mkdir -p "$runbase" && chmod 711 "$runbase" || exit 1
s=$runbase/$id
trap 'rm -rf "$n" "$s.new.$$"' EXIT
exec 3<&0
mkdir "$n" || exit 1
cd "$n" || exit 1
head -c "$script_size" >script || exit 1
head -c "$wrapper_size" >wrapper || exit 1
printf '%4095s\n' '' >reserve || broken
printf '%4095s\n' '' >running.new || broken
printf '%4095s\n' '' >spare || broken
printf '%s\n' "$sha" >sha || broken
: >out || exit 1
chmod 700 script wrapper || exit 1
[ "$(sha256sum <script)" = "$sha  -" ] || fail short
flush script wrapper reserve running.new spare sha out "$n"
if [ -n "$secrets" ]; then
	mkdir "$s.new.$$" || exit 1
	printf '%s\n' "$secrets" | while read -r size name; do
		head -c "$size" <&3 >"$s.new.$$/$name" || exit 1
		[ "$(stat -c %s "$s.new.$$/$name")" = "$size" ] || exit 1
	done || exit 1
	[ -z "$user" ] || chown -R "$user" "$s.new.$$" || exit 1
fi

lock
if [ -d "$d" ]; then
	have=
	[ -r "$d/sha" ] && IFS= read -r have <"$d/sha"
	[ "$have" = "$sha" ] || fail other "$have"
else
	mv -T "$n" "$d" || exit 1
	flush "$base/jobs"
fi
# Secrets are put (again) as long as nobody was let to start it: a reboot takes them away.
if ! [ -d "$d/claim" ] && [ -n "$secrets" ]; then
	rm -rf "$s" && mv -T "$s.new.$$" "$s" || exit 1
fi
say ok
