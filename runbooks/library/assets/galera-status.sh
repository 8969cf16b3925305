# The few values that say whether this node is a member in order, as `name: value` lines.
client=mysql
if command -v mariadb >/dev/null 2>&1; then client=mariadb; fi
ask() { timeout 10 "$client" "$@" --connect-timeout=5 -NBe "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_ready', 'wsrep_cluster_status',
  'wsrep_local_state_comment', 'wsrep_cluster_size', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')"; }
if ! answer=$(ask) && [ -r /etc/mysql/debian.cnf ]; then answer=$(ask --defaults-file=/etc/mysql/debian.cnf); fi
printf '%s\n' "$answer" | awk -F '\t' '{ sub(/^wsrep_/, "", $1); sub(/^local_state_comment/, "comment", $1); sub(/^cluster_size/, "size", $1)
  sub(/^cluster_state_uuid/, "cluster_uuid", $1); sub(/^last_committed/, "committed", $1); if (NF > 1) print $1 ": " $2 }'
