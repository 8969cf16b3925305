# Guests that the power-state sync marked as stopped, and how they ended, as lines:
#   synced UUID            end DOMAIN REASON (from the guest's own log)       oom DETAIL (from the kernel)
log=$(for f in /var/log/nova/nova-compute.log /var/log/kolla/nova/nova-compute.log; do [ ! -r "$f" ] || tail -c 4000000 "$f"; done)
printf '%s\n' "$log" | grep '_sync_instance_power_state' | grep -oE 'instance: [0-9a-f-]{36}' | awk '{ print "synced " $2 }' | sort -u | tail -n 50
for f in /var/log/libvirt/qemu/*.log /var/log/kolla/libvirt/qemu/*.log; do
  [ -r "$f" ] || continue
  # the last end counts only where no start came after it
  tail -n 60 "$f" | awk -v d="$(basename "$f" .log)" '/starting up/ { e = "" } /shutting down, reason=/ { sub(/.*reason=/, ""); e = $0 } /terminating on signal/ { if (e == "") e = $0 } END { if (e != "") print "end " d " " e }'
done
journalctl -k -n 5000 --no-pager -o cat 2>/dev/null | grep -E 'Out of memory: Killed process|Out of memory: Kill process|oom-kill:.*qemu' | grep -i qemu | tail -n 5 | cut -c 1-120 | sed 's/^/oom /'
last=$(printf '%s\n' "$log" | grep '_sync_instance_power_state' | tail -n 1 | cut -c 1-19)
boot=$(date -d "$(uptime -s)" '+%Y-%m-%d %H:%M:%S')
if [ -n "$last" ]; then
  # the sync's message within a quarter of an hour of the host's own start: it is what stopped them
  a=$(date -d "$last" +%s 2>/dev/null) && b=$(date -d "$boot" +%s) && d=$((a - b)) && { [ $d -gt -60 ] && [ $d -lt 900 ] && echo "booted_after yes" || echo "booted_after no"; }
fi
awk '/^MemAvailable:/ { print "free_mib " int($2 / 1024) }' /proc/meminfo
i=$(awk -F= '{ k = $1; gsub(/[[:space:]]/, "", k) } k == "sync_power_state_interval" { gsub(/[[:space:]]/, "", $2); v = $2 } END { print v }' /etc/nova/nova.conf 2>/dev/null)
echo "interval ${i:-default}"
