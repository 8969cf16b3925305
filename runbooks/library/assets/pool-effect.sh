# Whether the pool's new size is in effect, a line a service: "effect SERVICE yes", or "effect SERVICE REASON". In effect is
# what the file said before the running service was started.
for service in $services; do
  case $service in
    nova-*) conf=/etc/nova/nova.conf ;;
    neutron-*) conf=/etc/neutron/neutron.conf ;;
    cinder-*) conf=/etc/cinder/cinder.conf ;;
    keystone*) conf=/etc/keystone/keystone.conf ;;
    glance-*) conf=/etc/glance/glance-api.conf ;;
    placement*) conf=/etc/placement/placement.conf ;;
    heat-*) conf=/etc/heat/heat.conf ;;
  esac
  case $service in keystone* | placement*) units="httpd apache2 keystone placement-api" ;; *) units="openstack-$service $service" ;; esac
  said=$(awk '/^\[/ { s = $1 } s ~ /^\[(database|api_database|placement_database)\]$/ && /^[[:space:]]*max_pool_size[[:space:]]*=/ { sub(/.*=[[:space:]]*/, ""); print }' "$conf" 2>/dev/null | sort -u | tr '\n' ' ')
  verdict=not-running
  for unit in $units; do
    systemctl is-active --quiet "$unit" 2>/dev/null || continue
    at=$(date -d "$(systemctl show -p ActiveEnterTimestamp "$unit" | cut -d= -f2-)" +%s)
    verdict=yes
    [ "$(stat -c %Y "$conf")" -le "$at" ] || { verdict=started-before-the-change; break; }
  done
  [ "$said" = "$pool_size " ] || verdict="file-says-${said% }"
  echo "effect $service $verdict"
done
