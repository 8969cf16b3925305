# What the calls of internal/remote share on a host. In front of it stand the parameters, as
# quoted variables: base (usually /var/lib/stackhand), runbase (/run/stackhand), and more.
#
# A call answers on stdout with words; "fail CODE ..." is an answer too. Anything unforeseen
# ends with a status other than 0 and a word on stderr.
set -u
umask 077
unit=stackhand-${id:-}
d=$base/jobs/${id:-}

say() { printf '%s\n' "$*"; }
fail() {
	printf 'fail %s\n' "$*"
	exit 0
}
# Ends a call after a write that failed. The shell itself has only "I/O error" for a full disk.
broken() {
	room=$(df -P -k "${1:-$base}" 2>/dev/null | tail -n 1 | while read -r fs size used avail rest; do say "$avail"; done)
	[ "${room:-1}" = 0 ] && printf '%s: No space left on device\n' "${1:-$base}" >&2
	exit 1
}
flush() { sync "$@" 2>/dev/null || sync; }
lock() {
	mkdir -p "$base/jobs" "$base/claim" || exit 1
	exec 9>>"$base/lock" || exit 1
	flock -w 20 9 || fail busy
}
boot() { IFS= read -r boot_now </proc/sys/kernel/random/boot_id; }
uptime() { IFS=' .' read -r up_now rest </proc/uptime; }
systemd() { [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; }

# Sets holder to the run that holds this host, or to "".
holder() {
	holder=
	[ -r "$base/claim/holder" ] && IFS= read -r holder <"$base/claim/holder"
	return 0
}

# Tells whether process $1, started at $2, lives. A leader that is gone may have left its
# session behind: as long as that lives, no other process can get its number.
alive() {
	if IFS= read -r stat <"/proc/$1/stat"; then
		set -f
		set -- "$1" "$2" ${stat##*) }
		set +f
		case $3 in
		[ZX]) ;;
		*)
			[ "${22}" = "$2" ]
			return
			;;
		esac
	fi 2>/dev/null
	for p in /proc/[0-9]*/stat; do
		IFS= read -r stat <"$p" || continue
		case ${stat##*) } in
		[ZX]*) continue ;;
		esac
		session=${stat##*) }
		session=${session#* } session=${session#* } session=${session#* }
		[ "${session%% *}" = "$1" ] && return 0
	done 2>/dev/null
	return 1
}

# Prints one line of what is there of job $id. Whether it lives is read before how it ended:
# the other way round, one that ends between the two would look lost.
look() {
	boot
	l="look boot=$boot_now"
	token= at= run_pid= run_start= run_boot= over=0 size=0
	if ! [ -d "$d" ]; then
		say "$l end"
		over=1
		return
	fi
	l="$l prepared=1"
	if [ -r "$d/sha" ] && IFS= read -r sum <"$d/sha"; then l="$l sha=$sum"; fi
	if [ -d "$d/claim" ]; then
		l="$l claim=1"
		uptime
		token=$(readlink "$d/claim/start")
		at=$(readlink "$d/claim/at")
		if [ -n "$at" ]; then
			l="$l claimboot=${at%%:*}"
			[ "${at%%:*}" = "$boot_now" ] && l="$l age=$((up_now - ${at##*:}))"
		else
			l="$l age=$(($(date +%s) - $(stat -c %Y "$d/claim")))"
		fi
		case $token in
		'') ;;
		revoked) l="$l revoked=1" over=1 ;;
		*:*:*)
			run_boot=${token%%:*} run_start=${token##*:} run_pid=${token#*:}
			run_pid=${run_pid%:*}
			l="$l running=1 runboot=$run_boot"
			if [ "$run_boot" != "$boot_now" ]; then
				over=1
			elif alive "$run_pid" "$run_start"; then
				l="$l alive=1"
			else
				over=1
			fi
			;;
		esac
		if [ "$over" = 1 ] || [ -z "$token" ] && systemd; then
			case $(systemctl show -p ActiveState "$unit" 2>/dev/null) in
			*=active | *=activating | *=deactivating | *=reloading) l="$l unit=1" over=0 ;;
			esac
		fi
	fi
	[ -e "$d/stop" ] && l="$l stop=1"
	if [ -r "$d/exit" ] && IFS=' ' read -r code bytes end rest <"$d/exit" && [ "$end" = end ]; then
		l="$l exit=1 $code $bytes"
		over=1
	fi
	size=$(stat -c %s "$d/out" 2>/dev/null) || size=0
	say "$l size=$size end"
}
