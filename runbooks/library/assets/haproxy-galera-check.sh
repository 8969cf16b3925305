set -eu
umask 077
conf=/etc/haproxy/haproxy.cfg
[ -e "$conf.$run_id" ] || { cp -p "$conf" "$conf.$run_id.new"; mv "$conf.$run_id.new" "$conf.$run_id"; }
# Twice over the file: first which sections have a server on 3306, then those are changed and no other.
awk -v port="$check_port" '
  /^[[:space:]]*(global|defaults|frontend|backend|listen|peers|resolvers|userlist)([[:space:]]|$)/ { n++ }
  NR == FNR { if ($1 == "server" && $3 ~ /:3306$/) db[n] = 1; next }
  FNR == 1 { n = ($0 ~ /^[[:space:]]*(global|defaults|frontend|backend|listen|peers|resolvers|userlist)([[:space:]]|$)/) ? 1 : 0 }
  !db[n] { print; next }
  $1 == "listen" || $1 == "backend" { print; print "    option httpchk GET /"; print "    http-check expect status 200"; next }
  $1 == "option" && ($2 == "mysql-check" || $2 == "tcp-check" || $2 == "httpchk") { next }
  $1 == "tcp-check" || $1 == "http-check" { next }
  $1 == "server" && $3 ~ /:3306$/ {
    line = $0
    sub(/[[:space:]]+port[[:space:]]+[0-9]+/, "", line)
    if (line !~ /[[:space:]]check([[:space:]]|$)/) line = line " check"
    sub(/[[:space:]]check([[:space:]]|$)/, " check port " port "&", line)
    sub(" check port " port " check", " check port " port, line)
    print line
    next
  }
  { print }' "$conf" "$conf" >"$conf.new"
chmod --reference="$conf" "$conf.new"
chown --reference="$conf" "$conf.new"
diff -U0 "$conf" "$conf.new" || true
haproxy -c -q -f "$conf.new"
sync "$conf.new"
mv "$conf.new" "$conf"
sync "${conf%/*}"
systemctl reload haproxy
