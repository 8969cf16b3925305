# The two pool messages since each service was started, in the recent end of its log: "pool outage|warning FILE COUNT";
# and the pools' sizes. What stands before the start is history: the service has other settings now.
# The unit of a log is told by its place: nova/nova-api.log, cinder/api.log, neutron/server.log (RDO and Debian differ).
for f in /var/log/nova/*.log /var/log/neutron/*.log /var/log/cinder/*.log /var/log/keystone/*.log /var/log/glance/*.log /var/log/placement/*.log /var/log/heat/*.log /var/log/kolla/*/*.log; do
  [ -f "$f" ] || continue
  dir=$(basename "$(dirname "$f")")
  base=$(basename "$f" .log)
  service=$dir-${base#"$dir"-}
  case $dir in keystone | placement) units="httpd apache2 keystone placement-api" ;; *) units="openstack-$service $service" ;; esac
  since=0000
  case $f in /var/log/kolla/*) units= ;; esac
  for unit in $units; do
    at=$(systemctl show -p ActiveEnterTimestamp "$unit" 2>/dev/null | cut -d= -f2-)
    [ -z "$at" ] || since=$(date -d "$at" '+%Y-%m-%d %H:%M:%S')
  done
  tail -c 4000000 "$f" 2>/dev/null | awk -v f="$f" -v since="$since" '
    /^[0-9][0-9][0-9][0-9]-/ { old = (substr($0, 1, 19) <= since) }
    old { next }
    /QueuePool limit of size/ { o++ }
    /[Cc]onnection pool is full, discarding connection/ { w++ }
    END { if (o) print "pool outage", f, o; if (w) print "pool warning", f, w }'
done
for f in /etc/nova/nova.conf /etc/neutron/neutron.conf /etc/cinder/cinder.conf /etc/keystone/keystone.conf /etc/glance/glance-api.conf /etc/placement/placement.conf /etc/heat/heat.conf; do
  [ -r "$f" ] || continue
  awk -v f="$f" '/^\[/ { s = $1 } /^[[:space:]]*(max_pool_size|max_overflow|pool_timeout)[[:space:]]*=/ { gsub(/[[:space:]]/, ""); print "size " f ":" s $0 }' "$f"
done
true
