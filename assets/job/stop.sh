# id hard (1 or ""): the mark first, so that whoever finds the job dead knows why.
[ -d "$d" ] || fail absent
: >>"$d/stop" || exit 1
flush "$d"
boot
token=$(readlink "$d/claim/start")
if systemd; then
	if [ -n "$hard" ]; then
		systemctl kill -s KILL "$unit" 2>/dev/null
	fi
	case $(systemctl show -p LoadState "$unit" 2>/dev/null) in
	*=loaded)
		said=$(systemctl --no-block stop "$unit" 2>&1) && say stopping unit && exit 0
		# A unit that ended since it was looked at is not there any more, and cannot be stopped.
		case $(systemctl show -p LoadState "$unit" 2>/dev/null) in
		*=loaded)
			say "$said" >&2
			exit 1
			;;
		esac
		;;
	esac
fi
case $token in
"$boot_now":*:*)
	run_start=${token##*:} run_pid=${token#*:}
	run_pid=${run_pid%:*}
	if alive "$run_pid" "$run_start"; then
		if [ -n "$hard" ]; then kill -KILL "-$run_pid"; else kill -TERM "-$run_pid"; fi
		say stopping group
		exit 0
	fi
	;;
esac
say stopping nothing
