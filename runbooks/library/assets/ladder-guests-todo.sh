# What is to be done with each guest of $batch, which ran on the host $item: "start ID", "reboot ID" or "leave ID WHY"; "looked" when
# all were looked at. $running: those that run by the hypervisors; $asked: the compute hosts whose hypervisor could be asked.
# One question for all: the client needs seconds for each, and a probe has half a minute.
[ -r "$credentials" ] || exit 0
. "$credentials"
list=$(timeout 25 openstack server list --all-projects --host "$item" --limit -1 -f value -c ID -c Status 2>/dev/null) || exit 0
hypervisor=silent
for h in $asked; do [ "${h%%.*}" != "${item%%.*}" ] || hypervisor=asked; done
for g in $batch; do
	case " $running " in *" $g "*) echo "leave $g it runs"; continue ;; esac
	s=$(printf '%s\n' "$list" | awk -v g="$g" '$1 == g { print $2 }')
	case $s-$hypervisor in
	SHUTOFF-*) echo "start $g" ;;
	ACTIVE-asked) echo "reboot $g" ;;
	*REBOOT-*) echo "reboot $g" ;;
	*) echo "leave $g it is ${s:-no longer there}" ;;
	esac
done
echo looked
