# One list of services or agents as the cloud sees them ($item: compute, volume or network): "asked LIST", "down LIST BINARY HOST" for
# each that is down; "unasked LIST" where it could not be had. Hosts in $gone are left out. One list a probe: the client needs
# seconds for each, and a probe has half a minute.
# The client prints columns in its own order, whatever the order of -c: Binary Host State, but Host Alive Binary. Alive is True
# or False, or :-) or XXX, by the client's release.
. "$credentials"
case $item in
network) list='network agent list' column=Alive ;;
*) list="$item service list" column=State ;;
esac
if ! out=$(timeout 25 openstack $list -f value -c Binary -c Host -c $column 2>&1); then
	case $item:$out in
	volume:*endpoint*not\ found* | volume:*"service for"*) echo "asked volume: there is none here" ;;
	*) echo "unasked $item" ;;
	esac
	exit 0
fi
echo "asked $item"
printf '%s\n' "$out" | while read -r binary host state; do
	if [ "$item" = network ]; then set -- "$host" "$binary" "$state"; state=$1 host=$2 binary=$3; fi
	name=${host%%@*}
	for g in $gone; do [ "${g%%.*}" != "${name%%.*}" ] || continue 2; done
	case $state in down | False | XXX) echo "down $item $binary $host" ;; esac
done
exit 0
