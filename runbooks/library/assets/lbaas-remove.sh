set -eu
# Only what belongs to this balancer: its process by the pid in its own state directory, its interface, its namespace.
for id in $ids; do
  printf '%s\n' "$id" | grep -Eq '^[0-9a-f-]{36}$'
  ns=qlbaas-$id
  for dir in "/var/lib/neutron/lbaas/v2/$id" "/var/lib/neutron/lbaas/$id"; do
    for file in "$dir/haproxy.pid" "$dir/pid"; do
      [ -s "$file" ] || continue
      pid=$(head -n 1 "$file")
      case $pid in *[!0-9]* | '') continue ;; esac
      if ! tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$id"; then
        echo "process $pid of $file is gone, or is another one; left alone"
        continue
      fi
      tr '\0' ' ' <"/proc/$pid/cmdline"
      echo
      kill "$pid"
      n=0
      while [ -e "/proc/$pid" ] && [ $n -lt 50 ]; do n=$((n + 1)); sleep 0.1; done
      if [ -e "/proc/$pid" ]; then kill -KILL "$pid"; fi
      rm -f "$file" # or the agent ends whoever has that number by then
      echo "haproxy $pid of balancer $id ended"
    done
  done
  if ip netns list | awk '{ print $1 }' | grep -qx "$ns"; then
    port=$(ip -n "$ns" -o link show | awk -F'[ @:]+' '$2 ~ /^ns-/ { print substr($2, 4); exit }')
    if [ -n "$port" ]; then
      if command -v ovs-vsctl >/dev/null 2>&1; then ovs-vsctl --if-exists del-port "tap$port"; fi
      ip link show "tap$port" >/dev/null 2>&1 && ip link del "tap$port"
      echo "interface tap$port unplugged"
    fi
    # Its haproxy may be more than one process. Who lives in this namespace with the balancer's id in its command is its own.
    n=0
    while [ $n -lt 50 ]; do
      n=$((n + 1))
      rest=$(ip netns pids "$ns")
      [ -n "$rest" ] || break
      for pid in $rest; do
        if tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "$id"; then
          if [ $n -lt 30 ]; then kill "$pid" 2>/dev/null || true; else kill -KILL "$pid" 2>/dev/null || true; fi
        fi
      done
      sleep 0.1
    done
    if [ -n "$rest" ]; then
      echo "there are still processes in $ns:" >&2
      for pid in $rest; do echo "$pid $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" >&2; done
      exit 1
    fi
    ip netns del "$ns"
    echo "namespace $ns removed"
  fi
done
