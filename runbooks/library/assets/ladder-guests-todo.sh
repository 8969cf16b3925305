# What is to be done with each guest of $batch: "start ID", "reboot ID" or "leave ID WHY"; "looked" when all were looked at.
# $running: those that run by the hypervisors; $asked: the compute hosts whose hypervisor could be asked.
[ -r "$credentials" ] || exit 0
. "$credentials"
hypervisor=silent
for h in $asked; do [ "${h%%.*}" != "${item%%.*}" ] || hypervisor=asked; done
for g in $batch; do
	case " $running " in *" $g "*) echo "leave $g it runs"; continue ;; esac
	s=$(timeout 60 openstack server show -f value -c status "$g" 2>/dev/null) || exit 0
	case $s-$hypervisor in
	SHUTOFF-*) echo "start $g" ;;
	ACTIVE-asked) echo "reboot $g" ;;
	*) echo "leave $g it is $s" ;;
	esac
done
echo looked
