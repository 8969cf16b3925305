# The two pool messages in the recent end of the services' logs: "pool outage|warning FILE COUNT"; and the pools' sizes.
for f in /var/log/nova/*.log /var/log/neutron/*.log /var/log/cinder/*.log /var/log/keystone/*.log /var/log/glance/*.log /var/log/placement/*.log /var/log/heat/*.log /var/log/kolla/*/*.log; do
  [ -f "$f" ] || continue
  tail -c 4000000 "$f" 2>/dev/null | awk -v f="$f" '
    /QueuePool limit of size/ { o++ }
    /[Cc]onnection pool is full, discarding connection/ { w++ }
    END { if (o) print "pool outage", f, o; if (w) print "pool warning", f, w }'
done
for f in /etc/nova/nova.conf /etc/neutron/neutron.conf /etc/cinder/cinder.conf /etc/keystone/keystone.conf /etc/glance/glance-api.conf; do
  [ -r "$f" ] || continue
  awk -v f="$f" '/^\[/ { s = $0 } /^[[:space:]]*(max_pool_size|max_overflow|pool_timeout)[[:space:]]*=/ { gsub(/[[:space:]]/, ""); print "size " f ":" s $0 }' "$f"
done
true
