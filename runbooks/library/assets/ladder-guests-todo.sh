# What is to be done with each guest of $batch, which ran on the host $item: "start ID", "reboot ID" or "leave ID WHY"; "looked" when
# all were looked at. $running and $off: those that run, and that are off, by the hypervisors.
# One question for all: the client needs seconds for each, and a probe has half a minute.
[ -r "$credentials" ] || exit 0
. "$credentials"
list=$(timeout 25 openstack server list --all-projects --host "$item" --limit -1 -f value -c ID -c Status 2>/dev/null) || exit 0
for g in $batch; do
	case " $running " in *" $g "*) echo "leave $g it runs"; continue ;; esac
	s=$(printf '%s\n' "$list" | awk -v g="$g" '$1 == g { print $2 }')
	hypervisor=silent
	case " $off " in *" $g "*) hypervisor=off ;; esac
	case $s-$hypervisor in
	SHUTOFF-*) echo "start $g" ;;
	ACTIVE-off) echo "reboot $g" ;;
	*) echo "leave $g it is ${s:-no longer there}" ;;
	esac
done
echo looked
