# Does a mysqld answer on another member's group port, whether or not its host can be logged in to?
# Prints `alive ADDRESS` for each that does. The members are those that the settings here name.
defaults=$(my_print_defaults --mysqld 2>/dev/null || my_print_defaults mysqld server mariadb galera 2>/dev/null)
mine=$(ip -o addr show | awk '{ sub(/\/.*/, "", $4); print $4 }')
for p in $(printf '%s\n' "$defaults" | sed -n 's/^--\(loose[-_]\)\{0,1\}wsrep[-_]cluster[-_]address=gcomm:\/\/\([^?]*\).*/\2/p' | tail -n 1 | tr ',' ' '); do
  port=4567
  case $p in
    \[*\]:*) port=${p##*:} p=${p#\[} p=${p%%\]*} ;;
    \[*) p=${p#\[} p=${p%%\]*} ;;
    *:*:*) ;;
    *:*) port=${p##*:} p=${p%%:*} ;;
  esac
  a=$(timeout 3 getent ahosts "$p" 2>/dev/null | awk 'NR == 1 { print $1 }')
  a=${a:-$p}
  if printf '%s\n' "$mine" | grep -qxF "$a"; then continue; fi
  if timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$a" "$port" 2>/dev/null; then echo "alive $a"; fi
done
exit 0
