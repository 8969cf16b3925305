# Guests that the power-state sync marked as stopped, and how they ended, as lines:
#   synced UUID            end UUID REASON (from the guest's own log)       oom DETAIL (from the kernel)
# A guest that was started after the message is no longer one of them. What the hypervisor said: 4 is off, 6 crashed.
log=$(for f in /var/log/nova/nova-compute.log /var/log/kolla/nova/nova-compute.log; do [ ! -r "$f" ] || tail -c 4000000 "$f"; done)
printf '%s\n' "$log" | awk '
  match($0, /\[instance: [0-9a-f-]+\]/) {
    id = substr($0, RSTART + 11, RLENGTH - 12)
    if ($0 ~ /_sync_instance_power_state.*from the hypervisor \([46]\)/ || $0 ~ /Instance shutdown by itself\. Calling the stop API/) off[id] = 1
    else if ($0 ~ /VM (Started|Resumed) \(Lifecycle Event\)/ || $0 ~ /Instance (spawned|rebooted) successfully/) off[id] = 0
  }
  END { for (id in off) if (off[id] && length(id) == 36) print "synced " id }' | sort | tail -n 200
for f in /var/log/libvirt/qemu/*.log /var/log/kolla/libvirt/qemu/*.log; do
  [ -r "$f" ] || continue
  # the last end counts only where no start came after it; the start names the guest (-uuid)
  tail -c 200000 "$f" | awk -v d="$(basename "$f" .log)" '
    { for (i = 1; i < NF; i++) if ($i == "-uuid") d = $(i + 1) }
    /starting up/ { e = "" }
    /shutting down, reason=/ { sub(/.*reason=/, ""); if (e == "" || $0 != "crashed") e = $0 }
    /terminating on signal/ { if (e == "") { sub(/.*terminating/, "terminating"); e = $0 } }
    END { if (e != "") print "end " d " " e }'
done
journalctl -k -n 5000 --no-pager -o cat 2>/dev/null | grep -E 'Out of memory: Killed process|Out of memory: Kill process|oom-kill:.*qemu' | grep -i qemu | tail -n 5 | cut -c 1-120 | sed 's/^/oom /'
last=$(printf '%s\n' "$log" | grep '_sync_instance_power_state' | tail -n 1 | cut -c 1-19)
boot=$(date -d "$(uptime -s)" '+%Y-%m-%d %H:%M:%S')
if [ -n "$last" ]; then
  # the sync's message within a quarter of an hour of the host's own start: it is what stopped them
  a=$(date -d "$last" +%s 2>/dev/null) && b=$(date -d "$boot" +%s) && d=$((a - b)) && { [ $d -gt -60 ] && [ $d -lt 900 ] && echo "booted_after yes" || echo "booted_after no"; }
fi
awk '/^MemAvailable:/ { print "free_mib " int($2 / 1024) }' /proc/meminfo
i=
for f in /etc/nova/nova.conf /etc/kolla/nova-compute/nova.conf; do
  [ ! -r "$f" ] || i=$(awk -F= '{ k = $1; gsub(/[[:space:]]/, "", k) } k == "sync_power_state_interval" { gsub(/[[:space:]]/, "", $2); v = $2 } END { print v }' "$f")
  [ -z "$i" ] || break
done
echo "interval ${i:-default}"
