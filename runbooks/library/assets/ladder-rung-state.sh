# The services of one rung that are enabled here and do not run, one a line; "all run" when there is none.
# NAME* stands for all that are enabled and begin so, !NAME takes one out again.
set -f
enabled_as() { (set +f; for l in /etc/systemd/system/*.wants/$1.service; do [ ! -L "$l" ] || basename "$l" .service; done | sort -u); }
down=
for u in $units; do
	case $u in "!"*) continue ;; *"*"*) u=$(enabled_as "$u") ;; esac
	for u in $u; do
		case " $units " in *" !$u "*) continue ;; esac
		case $(systemctl is-enabled "$u" 2>/dev/null) in enabled | enabled-runtime) ;; *) continue ;; esac
		s=$(systemctl is-active "$u" 2>/dev/null)
		[ "$s" = active ] || { echo "$u $s"; down=1; }
	done
done
[ -n "$down" ] || echo "all run"
