# Does somebody outside get an answer for an instance behind a router? $wanted is "EXTERNAL_CIDR GUEST" pairs, joined
# by commas. Asked with ARP from an address of this host, or of a namespace on it, that is in the external network;
# a namespace of neutron's is not asked, and neither is one that has the guest's address itself.
[ -n "$wanted" ] || exit 0
net() { awk -v c="$1" 'BEGIN { split(c, p, "/"); split(p[1], f, "."); n = ((f[1] * 256 + f[2]) * 256 + f[3]) * 256 + f[4]; size = 2 ^ (32 - p[2]); print int(n / size) "/" p[2] }'; }
ask() { # NAMESPACE ("" is the host) COMMAND…
  if [ -n "$1" ]; then ns=$1; shift; ip netns exec "$ns" "$@"; else shift; "$@"; fi
}
for pair in $(printf %s "$wanted" | tr , ' '); do
  outer=$(net "${pair%=*}")
  guest=${pair#*=}
  for ns in "" $(ip netns list 2>/dev/null | awk '!/^q/ { print $1 }'); do
    if ask "$ns" ip -o -4 addr show | grep -q " $guest/"; then continue; fi
    dev=$(ask "$ns" ip -o -4 addr show | awk '{ print $2, $4 }' | while read -r d c; do [ "$(net "$c")" = "$outer" ] && echo "${d%@*}"; done | head -n 1)
    [ -n "$dev" ] || continue
    ask "$ns" arping -b -c 1 -w 2 -I "$dev" "$guest" 2>&1 | awk -v g="$guest" '/reply from/ { n++ } END { print "witness", g, n ? "answered" : "silent" }'
    break
  done
done
true
