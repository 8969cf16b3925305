# Are the data files as they were when the position was read (galera-position.sh)? Where somebody has
# started mysqld since, its position may be another one. Prints nothing, or what is otherwise.
mark=/var/lib/stackhand/galera/$run_id/mark
if [ ! -e "$mark" ]; then exit 0; fi
now=$(stat -c '%n %s %y' "$datadir"/ibdata1 "$datadir"/ib_logfile* 2>&1)
if [ "$now" = "$(cat "$mark")" ]; then exit 0; fi
echo "$host_name: was"
cat "$mark"
echo "$host_name: is"
printf '%s\n' "$now"
