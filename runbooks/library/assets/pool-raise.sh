set -eu
# max_pool_size and max_overflow in the [database] section of the services that ran out; only these lines change.
for service in $services; do
  case $service in
    nova-* | openstack-nova-*) conf=/etc/nova/nova.conf ;;
    neutron-* | server) conf=/etc/neutron/neutron.conf ;;
    cinder-* | volume | api | scheduler) conf=/etc/cinder/cinder.conf ;;
    keystone*) conf=/etc/keystone/keystone.conf ;;
    glance-*) conf=/etc/glance/glance-api.conf ;;
    *) continue ;;
  esac
  [ -f "$conf" ] || continue
  [ -e "$conf.$run_id" ] || cp -p "$conf" "$conf.$run_id"
  awk -v size="$pool_size" -v over="$pool_overflow" '
    function put() { if (inside && !done) { print "max_pool_size = " size; print "max_overflow = " over; done = 1 } }
    /^\[/ { put(); inside = ($0 ~ /^\[database\]/) }
    inside && /^[[:space:]]*(max_pool_size|max_overflow)[[:space:]]*=/ { next }
    { print }
    END { put(); if (!done) { print "[database]"; print "max_pool_size = " size; print "max_overflow = " over } }' "$conf" >"$conf.new"
  chmod --reference="$conf" "$conf.new"
  chown --reference="$conf" "$conf.new"
  # the difference without lines that may hold a password
  diff -u "$conf" "$conf.new" | grep -v '://' || true
  sync "$conf.new"
  mv "$conf.new" "$conf"
  for unit in "openstack-$service" "$service"; do
    if systemctl is-active --quiet "$unit" 2>/dev/null; then systemctl restart "$unit"; echo "restarted $unit"; fi
  done
done
