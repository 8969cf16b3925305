# The balancers of LBaaSv2 on this network node, a line each:
#   lb ID PORT MAC ADDRESS alive|dead     alive: the haproxy whose pid stands in the balancer's own state directory
#   bridge NAME                           the Linux bridge that its port is in, where there is one
# and "agent STATE". It only reads.
echo "agent $(systemctl is-active neutron-lbaasv2-agent 2>/dev/null)"
for ns in $(ip netns list 2>/dev/null | awk '/^qlbaas-/ { print $1 }'); do
  id=${ns#qlbaas-}
  port=$(ip -n "$ns" -o link show 2>/dev/null | awk -F'[ @:]+' '$2 ~ /^ns-/ { print $2; exit }')
  mac=$(ip -n "$ns" -o link show 2>/dev/null | awk -v p="$port" 'index($2, p) == 1 { for (i = 1; i < NF; i++) if ($i == "link/ether") print $(i + 1) }')
  address=$(ip -n "$ns" -o -4 addr show dev "$port" 2>/dev/null | awk 'NR == 1 { print $4 }')
  state=dead
  for dir in "/var/lib/neutron/lbaas/v2/$id" "/var/lib/neutron/lbaas/$id"; do
    for file in "$dir/haproxy.pid" "$dir/pid"; do
      [ -s "$file" ] || continue
      pid=$(head -n 1 "$file")
      if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$id"; then state=alive; fi
    done
  done
  bridge=$(readlink "/sys/class/net/tap${port#ns-}/master" 2>/dev/null) && echo "bridge ${bridge##*/}"
  echo "lb $id ${port:--} ${mac:--} ${address:--} $state"
done
true
