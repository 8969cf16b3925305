# The services of one rung that are enabled here and do not run, one a line; "all run" when there is none.
down=
for u in $units; do
	case $(systemctl is-enabled "$u" 2>/dev/null) in enabled | enabled-runtime) ;; *) continue ;; esac
	s=$(systemctl is-active "$u" 2>/dev/null)
	[ "$s" = active ] || { echo "$u $s"; down=1; }
done
[ -n "$down" ] || echo "all run"
