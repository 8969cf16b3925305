# What a host says of itself after it was down: one look, read-only, a second or two.
# Lines of KEY VALUE; every value on one line.
echo "up $(cut -d. -f1 /proc/uptime)"
echo "system $(timeout 3 systemctl is-system-running 2>/dev/null)"
for u in $(systemctl list-units --state=failed --no-legend --plain 2>/dev/null | cut -d' ' -f1); do echo "failed $u"; done
# In the kernel, waiting for a disk or a share: state D, of processes only (kernel threads are
# children of 2). Whether they are stuck or only busy is looked at again at the end.
waiting=
for s in /proc/[0-9]*/stat; do
	{ read -r line <"$s"; } 2>/dev/null || continue
	case ${line##*) } in "D 2 "*) continue ;; "D "*) ;; *) continue ;; esac
	pid=${s#/proc/}
	pid=${pid%/stat}
	waiting="$waiting $pid=$(grep ctxt_switches "/proc/$pid/status" 2>/dev/null | tr -cd '0-9\n' | tr '\n' '+')"
done
# read-only where it should not be: an I/O error turns a disk so. What lies in memory, and images
# that always are read-only, are others.
{
	while read -r dev mount type opts rest; do
		case $type in ext[234] | xfs | btrfs) ;; *) continue ;; esac
		case ,$opts, in *,ro,*) echo "readonly $mount" ;; esac
	done </proc/mounts
	for d in /etc /var /var/lib /var/log /root; do
		[ ! -d "$d" ] || [ -w "$d" ] || echo "readonly $(stat -c %m "$d" 2>/dev/null || echo "$d")"
	done
} | sort -u
# full: 95 % of the space or of the inodes. Only disks: a share that does not answer holds up df.
disks='-t ext2 -t ext3 -t ext4 -t xfs -t btrfs -t overlay'
timeout 5 df -PlT $disks 2>/dev/null | sed 1d | while read -r fs type size used free pcent mount; do
	[ "${pcent%\%}" -ge 95 ] 2>/dev/null && echo "full $mount $pcent"
done
timeout 5 df -Pli $disks 2>/dev/null | sed 1d | while read -r fs size used free pcent mount; do
	[ "${pcent%\%}" -ge 95 ] 2>/dev/null && echo "full $mount inodes-$pcent"
done
echo "named $(cat /proc/sys/kernel/hostname)"
ip -o addr show scope global 2>/dev/null | while read -r n dev family addr rest; do echo "address ${addr%/*}"; done
if command -v chronyc >/dev/null 2>&1; then
	timeout 3 chronyc -c tracking 2>/dev/null | {
		IFS=, read -r ref name stratum at offset rest && [ -n "$offset" ] && echo "offset $offset"
		case $rest in *'Not synchronised'*) echo 'unsynced chrony' ;; esac
	}
elif command -v ntpq >/dev/null 2>&1; then
	timeout 3 ntpq -c rv 2>/dev/null | grep -q 'leap_alarm\|leap=11' && echo 'unsynced ntpd'
	timeout 3 ntpq -c rv 2>/dev/null | tr ',' '\n' | sed -n 's/^ *offset=\(-\{0,1\}[0-9.]*\)$/\1/p' | awk '{ print "offset " $1 / 1000 }'
fi
# services of the ladder that are enabled here and do not run
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
# stuck: a second later it still waits, and has not run in between
[ -z "$waiting" ] || sleep 1
for w in $waiting; do
	pid=${w%%=*}
	{ read -r line <"/proc/$pid/stat"; } 2>/dev/null || continue
	case ${line##*) } in "D "*) ;; *) continue ;; esac
	[ "$(grep ctxt_switches "/proc/$pid/status" 2>/dev/null | tr -cd '0-9\n' | tr '\n' '+')" = "${w#*=}" ] || continue
	name=${line#*(}
	echo "stuck ${name%)*}"
done | sort | uniq -c | while read -r n word name; do
	[ "$n" = 1 ] && echo "stuck $name" || echo "stuck $name ($n)"
done
exit 0
