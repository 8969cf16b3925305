# Counts the rows of the tables in $canary, as `rows: db.table=N ...`. A node outside of a Primary
# component refuses reads; for this one session it may answer with what it has.
client=mysql
if command -v mariadb >/dev/null 2>&1; then client=mariadb; fi
count() { timeout 30 "$client" "$@" --connect-timeout=3 -NBe "SET SESSION wsrep_dirty_reads = ON; SELECT COUNT(*) FROM $t" 2>/dev/null; }
found=''
for t in $canary; do
  if ! n=$(count) && { [ ! -r /etc/mysql/debian.cnf ] || ! n=$(count --defaults-file=/etc/mysql/debian.cnf); }; then n='?'; fi
  found="$found $t=$n"
done
echo "rows:$found"
