# A broker as lines "key value". It asks the node for what it knows of its cluster and reads its files and log.
# `rabbitmqctl eval` is the same on all 3.x; the texts that status prints are not.
command -v rabbitmqctl >/dev/null 2>&1 || { echo "installed no"; exit 0; }
echo "installed yes"
state=$(systemctl is-active rabbitmq-server 2>/dev/null)
echo "state $state"
node=$(sed -n 's/^[[:space:]]*\(RABBITMQ_\)\{0,1\}NODENAME=["'\'']\{0,1\}\([^"'\'']*\).*/\2/p' /etc/rabbitmq/rabbitmq-env.conf 2>/dev/null | tail -n 1)
node=${node:-rabbit@$(hostname -s)}
echo "node $node"
[ ! -r /var/lib/rabbitmq/.erlang.cookie ] || echo "cookie $(sha256sum /var/lib/rabbitmq/.erlang.cookie | cut -c 1-12)"
dir=/var/lib/rabbitmq/mnesia/$node
list() { tr -d ' \n' <"$1" 2>/dev/null | sed 's/^{*\[\([^]]*\)\].*/\1/' | tr , ' ' | tr -d "'"; }
members=$([ ! -r "$dir/cluster_nodes.config" ] || list "$dir/cluster_nodes.config")
for m in $members; do echo "member $m"; done
# Data under another node name. A node that was started under the wrong one has data of its own by now: then only a
# name under which it was in a cluster counts.
others=$(for m in $members; do [ "$m" = "$node" ] || echo "$m"; done)
if [ -z "$others" ]; then
  for other in /var/lib/rabbitmq/mnesia/*@*; do
    case $other in *-plugins-expand | "$dir" | *.[0-9][0-9][0-9][0-9][0-9][0-9][0-9][0-9]-[0-9][0-9][0-9][0-9][0-9][0-9]-*) continue ;; esac # (the last: copied aside by a recovery)
    [ -d "$other" ] || continue
    case $(list "$other/cluster_nodes.config") in *@*' '*@*) ;; *) [ -z "$members" ] || continue ;; esac
    echo "other_name ${other##*/}"
  done
fi
[ ! -r "$dir/nodes_running_at_shutdown" ] || for m in $(list "$dir/nodes_running_at_shutdown" | tr ' ' '\n' | sort); do echo "saw_running $m"; done
df -Pk "$(dirname "$dir")" 2>/dev/null | awk 'NR == 2 { print "free_mib " int($4 / 1024) }'
for m in $members; do
  [ "$m" != "$node" ] || continue
  host=${m#*@}
  if ! getent hosts "$host" >/dev/null; then echo "nameless $host"; continue; fi
  for port in 4369 25672; do
    timeout 1 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" "$port" 2>/dev/null || { echo "cut_from $m"; break; }
  done
done
log=/var/log/rabbitmq/$node.log
tail -n 400 "$log" 2>/dev/null | awk '/Starting RabbitMQ/ { w = "" } /Waiting for Mnesia tables/ { w = $0 } END { if (w != "") { sub(/.* ms, /, "", w); print "waited " w } }'
tail -n 200 "$log" 2>/dev/null | grep -qi 'Connection attempt from node .* rejected. Invalid challenge reply\|Connection attempt from disallowed node' && echo "refused_cookie yes"

asked=$(timeout 15 rabbitmqctl -q eval 'case rabbit:is_booted() of true -> lists:flatten(io_lib:format("booted ~w running ~w partitions ~w alarms ~w limit ~w.", [true, rabbit_mnesia:cluster_nodes(running), rabbit_node_monitor:partitions(), rabbit_alarm:get_alarms(), rabbit_disk_monitor:get_disk_free_limit()])); _ -> "booted false" end.' 2>/dev/null | tr -d '\n "')
if [ -z "$asked" ]; then
  echo "answers no"
  echo "booted no" # one that restarts again and again would be known and unknown by turns, and every agreement void
else
  echo "answers yes"
  case $asked in bootedtrue*) echo "booted yes" ;; *) echo "booted no" ;; esac
  printf '%s\n' "$asked" | sed -n 's/.*running\[\([^]]*\)\].*/\1/p' | tr , '\n' | tr -d "'" | sort | sed '/^$/d; s/^/running /'
  printf '%s\n' "$asked" | sed -n 's/.*partitions\[\([^]]*\)\].*/\1/p' | tr , '\n' | tr -d "'" | sort | sed '/^$/d; s/^/parted_from /'
  printf '%s\n' "$asked" | sed -n 's/.*limit\([0-9][0-9]*\)\.$/\1/p' | awk '{ print "limit_mib " int($1 / 1048576) }'
  printf '%s\n' "$asked" | grep -oE 'resource_limit,[a-z]+,[^}]*' | tr -d "'" | awk -F, '{ print "alarm " $2 "@" substr($3, index($3, "@") + 1) }'
fi
true
