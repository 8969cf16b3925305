# Services and agents as the cloud sees them: "down LIST BINARY HOST" for each that is down, "asked LIST" for each list that
# could be had, "unasked LIST" else (volume: a cloud without Cinder has none). Hosts in $gone are left out.
# The client prints columns in its own order, whatever the order of -c: Binary Host State, but Host Alive Binary. Alive is True
# or False, or :-) or XXX, by the client's release.
. "$credentials"
look() {
	out=$(timeout 60 openstack $2 -f value -c Binary -c Host -c $3 2>/dev/null) || { [ "$1" = volume ] || echo "unasked $1"; return; }
	echo "asked $1"
	printf '%s\n' "$out" | while read -r binary host state; do
		if [ "$1" = network ]; then set -- network "$host" "$binary" "$state"; state=$2 host=$3 binary=$4; fi
		name=${host%%@*}
		for g in $gone; do [ "${g%%.*}" != "${name%%.*}" ] || continue 2; done
		case $state in down | False | XXX) echo "down $1 $binary $host" ;; esac
	done
}
look compute 'compute service list' State
look volume 'volume service list' State
look network 'network agent list' Alive
exit 0
