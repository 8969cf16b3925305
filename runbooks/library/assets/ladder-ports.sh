# For each PORT:UNIT of $ports: whether the port is open, and whether it is that unit's process that has it.
#   open PORT UNIT | closed PORT UNIT | foreign PORT UNIT PROCESS
for p in $ports; do
	port=${p%%:*}
	unit=${p#*:}
	line=$(ss -ltnp "sport = :$port" 2>/dev/null | sed 1d)
	if [ -z "$line" ]; then
		echo "closed $port $unit"
		continue
	fi
	whose=foreign
	for pid in $(printf '%s\n' "$line" | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = "$unit" ] || grep -q "/$unit\.service" "/proc/$pid/cgroup" 2>/dev/null || continue
		whose=open
	done
	[ "$whose" = open ] && echo "open $port $unit" || echo "foreign $port $unit $(printf '%s\n' "$line" | sed -n 's/.*users:((\"\([^\"]*\)\".*/\1/p' | head -n 1)"
done
exit 0
