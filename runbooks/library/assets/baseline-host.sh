# What stays the same on a host that is well: addresses, routes, services that are down, and the
# checksums of the configuration that recoveries touch.
ip -o addr show scope global 2>/dev/null | while read -r n dev family addr rest; do echo "address ${addr%/*}"; done
ip route show table main 2>/dev/null | sed 's/ *$//; s/^/route /' | sort
for u in $(systemctl list-units --state=failed --no-legend --plain 2>/dev/null | cut -d' ' -f1); do echo "failed $u"; done
for u in mariadb mysqld rabbitmq-server memcached etcd haproxy keepalived pacemaker httpd apache2 neutron-server openvswitch openvswitch-switch libvirtd \
	$(systemctl list-unit-files --state=enabled --no-legend --plain 'openstack-*' 'nova-*' 'neutron-*' 'glance-*' 'cinder-*' 'keystone*' 'placement-*' 'octavia-*' 2>/dev/null | cut -d' ' -f1); do
	case $(systemctl is-enabled "$u" 2>/dev/null) in enabled | enabled-runtime) ;; *) continue ;; esac
	systemctl is-active --quiet "$u" || echo "down $u"
done
if systemctl is-active --quiet mariadb || systemctl is-active --quiet mysqld; then
	timeout 3 mysql -NBe "SHOW STATUS LIKE 'wsrep_%'" 2>/dev/null | awk '
		$1 == "wsrep_cluster_status" { status = $2 }
		$1 == "wsrep_local_state_comment" { comment = $2 }
		END { if (status != "") print "galera " status " " comment }'
fi
for f in /etc/my.cnf /etc/my.cnf.d/*.cnf /etc/mysql/*.cnf /etc/mysql/mariadb.conf.d/*.cnf /etc/haproxy/haproxy.cfg /etc/keepalived/keepalived.conf \
	/etc/rabbitmq/* /etc/nova/nova.conf /etc/neutron/neutron.conf /etc/neutron/l3_agent.ini /etc/keystone/keystone.conf; do
	[ -f "$f" ] && sha256sum "$f" 2>/dev/null | { read -r sum name && echo "config $name ${sum%"${sum#????????????}"}"; }
done
exit 0
