# How many answers one ARP request for each of $addresses gets, seen from this node: "replies ADDRESS COUNT MACS".
# The question is asked from a namespace that has an address in the same network (a router's or a DHCP server's),
# else from the bridge that the port is in, with the sender 0.0.0.0, which leaves no trace in anybody's cache. `-c 1` would
# stop at the first answer; two within a second and one request is what tells a duplicate.
# A node that has the address itself hears its own no answer, so it only counts the others: it says nothing.
[ -n "$addresses" ] || exit 0
inside() { # ADDRESS CIDR
  awk -v a="$1" -v c="$2" 'function n(x, f) { split(x, f, "."); return ((f[1] * 256 + f[2]) * 256 + f[3]) * 256 + f[4] }
    BEGIN { split(c, p, "/"); size = 2 ^ (32 - p[2]); exit !(int(n(a) / size) == int(n(p[1]) / size)) }'
}
for address in $addresses; do
  own=
  for ns in $(ip netns list | awk '{ print $1 }'); do
    ip -n "$ns" -o -4 addr show 2>/dev/null | grep -q " $address/" && own=yes
  done
  [ -z "$own" ] || continue
  said=
  for ns in $(ip netns list | awk '/^q(router|dhcp)-/ { print $1 }'); do
    found=$(ip -n "$ns" -o -4 addr show 2>/dev/null | awk '$2 !~ /^(lo|ha-)/ { print $2, $4 }' | while read -r dev cidr; do
      if inside "$address" "$cidr"; then echo "${dev%@*}"; fi
    done | tail -n 1)
    [ -n "$found" ] || continue
    said=$(ip netns exec "$ns" arping -b -c 2 -w 1 -I "$found" "$address" 2>&1)
    break
  done
  if [ -z "$said" ]; then
    for dev in $bridges; do
      [ -e "/sys/class/net/$dev" ] || continue
      said=$(arping -b -s 0.0.0.0 -c 2 -w 1 -I "$dev" "$address" 2>&1)
      break
    done
  fi
  [ -n "$said" ] || continue
  printf '%s\n' "$said" | awk -v a="$address" '
    /reply from/ { n++; if (match($0, /\[[0-9A-Fa-f:]+\]/)) { m = tolower(substr($0, RSTART + 1, RLENGTH - 2)); if (!(m in seen)) { seen[m] = 1; list = list (list ? "," : "") m } } }
    END { print "replies", a, n + 0, list ? list : "-" }'
done
true
