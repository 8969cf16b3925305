# Starts the guests of $batch, which ran on the host $item. $running and $off: those that run, and that are off, by the hypervisors.
# Whom it tells is written down before it is told: what the hypervisors said is older than what Nova says now, so one that
# was told a moment ago, by an earlier attempt or another run, would look like one that is off, and be rebooted while it comes up.
set +x
. "$credentials"
told=/var/lib/stackhand/guests
mkdir -p "$told" || exit 1
boot=$(cat /proc/sys/kernel/random/boot_id)
now=$(cut -d. -f1 /proc/uptime) # that of the beginning: the lists of the hypervisors are as old as that
bad=
# coming GUEST: was it told less than 5 minutes before, and may still come up?
coming() {
	[ -s "$told/$1" ] || return 1
	read -r on at <"$told/$1" || return 1
	case $at in '' | *[!0-9]*) return 1 ;; esac
	if [ "$on" = "$boot" ]; then ago=$((now - at)); else ago=$now; fi # (not known across a restart of this host)
	[ "$ago" -lt 300 ]
}
# tell GUEST COMMAND...: one that was refused may be told again at once; one without an answer may have been heard.
tell() {
	g=$1
	shift
	if ! { echo "$boot $(cut -d. -f1 /proc/uptime)" >"$told/$g.new" && sync "$told/$g.new" && mv "$told/$g.new" "$told/$g"; }; then
		echo "$g: cannot be written down in $told, so it is not told"
		bad=1
		return
	fi
	code=0
	timeout 60 openstack server "$@" "$g" || code=$?
	[ "$code" -eq 0 ] && return
	bad=1
	[ "$code" -eq 124 ] || rm -f "$told/$g"
}
for g in $batch; do
	case " $running " in *" $g "*) echo "$g runs"; continue ;; esac
	s=$(timeout 60 openstack server show -f value -c status "$g") || { echo "$g: nova does not say"; bad=1; continue; }
	case $s in
	SHUTOFF | ACTIVE)
		if coming "$g"; then
			echo "$g is $s, and was told to start less than 5 minutes ago: left to come up"
			continue
		fi
		;;
	esac
	case $s in
	SHUTOFF) echo "$g: start"; tell "$g" start ;;
	ACTIVE)
		case " $off " in
		*" $g "*)
			echo "$g is off, and nova calls it ACTIVE: hard reboot"
			tell "$g" reboot --hard
			;;
		*) echo "$g is ACTIVE, and no hypervisor says that it is off: left alone" ;;
		esac
		;;
	*) echo "$g is $s: left alone" ;;
	esac
done
[ -z "$bad" ]
