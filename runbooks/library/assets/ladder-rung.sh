# Starts the services of one rung, in their order: those of $units that are installed and enabled
# here and do not run. NAME* stands for all that are enabled and begin so, !NAME takes one out again.
# What is disabled was disabled by somebody and is left alone; what Pacemaker manages is Pacemaker's to start.
set -uf
managed=
if command -v crm_mon >/dev/null 2>&1 && systemctl is-active --quiet pacemaker; then
	managed=$(timeout 10 crm_mon -1 2>/dev/null | sed -n 's/.*(systemd:\([^)]*\)).*/\1/p')
fi
enabled_as() { (set +f; for l in /etc/systemd/system/*.wants/$1.service; do [ ! -L "$l" ] || basename "$l" .service; done | sort -u); }
bad=
begun=" "
for u in $units; do
	case $u in "!"*) continue ;; *"*"*) u=$(enabled_as "$u") ;; esac
	for u in $u; do
		case " $units " in *" !$u "*) continue ;; esac
		case $begun in *" $u "*) continue ;; esac
		begun="$begun$u "
		case $(systemctl is-enabled "$u" 2>/dev/null) in
		enabled | enabled-runtime) ;;
		'' | not-found) continue ;;
		*) echo "$u: not enabled, left alone"; continue ;;
		esac
		case " $(echo $managed) " in *" ${u%.service} "*) echo "$u: Pacemaker starts it"; continue ;; esac
		if systemctl is-active --quiet "$u"; then
			echo "$u: runs"
			continue
		fi
		echo "$u: start"
		systemctl reset-failed "$u" 2>/dev/null
		if ! systemctl start "$u"; then
			bad="$bad $u"
			systemctl status --no-pager --lines=20 "$u"
		fi
	done
done
[ -z "$bad" ] || { echo "did not start:$bad"; exit 1; }
