set -eu
# max_pool_size and max_overflow of the services that ran out, in each section that names a database of theirs; only these
# lines change. Then each service's unit is restarted, once.
umask 077
conf_of() {
  case $1 in
    nova-*) echo /etc/nova/nova.conf ;;
    neutron-*) echo /etc/neutron/neutron.conf ;;
    cinder-*) echo /etc/cinder/cinder.conf ;;
    keystone*) echo /etc/keystone/keystone.conf ;;
    glance-*) echo /etc/glance/glance-api.conf ;;
    placement*) echo /etc/placement/placement.conf ;;
    heat-*) echo /etc/heat/heat.conf ;;
  esac
}
missing=
for service in $services; do
  conf=$(conf_of "$service")
  [ -n "$conf" ] && [ -f "$conf" ] || missing="$missing $service"
done
if [ -n "$missing" ]; then echo "no configuration file on this host for:$missing. Nothing was changed."; exit 1; fi
for service in $services; do
  conf=$(conf_of "$service")
  [ -e "$conf.$run_id" ] || cp -p "$conf" "$conf.$run_id"
  awk -v size="$pool_size" -v over="$pool_overflow" '
    function put() { print "max_pool_size = " size; print "max_overflow = " over }
    /^\[/ { inside = ($1 == "[database]" || $1 == "[api_database]" || $1 == "[placement_database]"); if ($1 == "[database]") has = 1
            print; if (inside) put(); next }
    inside && /^[[:space:]]*(max_pool_size|max_overflow)[[:space:]]*=/ { next }
    { print }
    END { if (!has) { print "[database]"; put() } }' "$conf" >"$conf.new"
  chown --reference="$conf" "$conf.new"
  chmod --reference="$conf" "$conf.new"
  # the difference without lines that may hold a password
  diff -U0 "$conf" "$conf.new" | grep -v '://' || true
  sync "$conf.new"
  mv "$conf.new" "$conf"
done
done_units=" "
for service in $services; do
  case $service in keystone* | placement*) units="httpd apache2 keystone placement-api" ;; *) units="openstack-$service $service" ;; esac
  for unit in $units; do
    case $done_units in *" $unit "*) continue ;; esac
    if systemctl is-active --quiet "$unit" 2>/dev/null; then
      systemctl restart "$unit"
      echo "restarted $unit"
      done_units="$done_units$unit "
    fi
  done
done
