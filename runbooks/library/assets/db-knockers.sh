# What on this host knocks at a database without logging in, one line each:
#   haproxy SECTION greeting|tcp|login|http|none     how that section looks at its servers on port 3306
#   script FILE                                      a keepalived or cron script with a bare look at port 3306
# A look that reads the greeting and hangs up counts as a connection error of this host; HAProxy 2.6's bare
# `check` ends before the server counts it (seen); a `mysql-check` without a user, a `tcp-check expect`
# and `nc -z` are counted (seen).
for f in /etc/haproxy/haproxy.cfg /etc/haproxy/conf.d/*.cfg /etc/kolla/haproxy/haproxy.cfg /etc/kolla/haproxy/services.d/*.cfg; do
  [ -r "$f" ] || continue
  awk '
    function flush() {
      if (servers) print "haproxy", name, kind == "" ? (checked ? (dkind == "" ? "tcp" : dkind) : "none") : kind
      servers = 0; checked = 0; kind = ""
    }
    { sub(/[[:space:]]#.*/, ""); sub(/^#.*/, "") }
    /^(global|defaults|frontend|backend|listen|peers|resolvers|userlist)([[:space:]]|$)/ { flush(); section = $1; name = $2 }
    function says(k) { if (section == "defaults") dkind = k; else kind = k }
    $1 == "option" && $2 == "mysql-check" { says($3 == "user" ? "login" : "greeting") }
    $1 == "option" && ($2 == "httpchk" || $2 == "external-check") { says("http") }
    $1 == "tcp-check" && ($2 == "expect" || $2 == "send" || $2 == "send-binary") { says("greeting") }
    $1 == "server" && $3 ~ /:3306$/ {
      servers++
      for (i = 4; i <= NF; i++) if ($i == "check") checked++
      for (i = 4; i < NF; i++) if ($i == "port" && $(i + 1) != "3306" && kind == "") kind = "http"
    }
    END { flush() }' "$f"
done
for f in /etc/keepalived/keepalived.conf /etc/keepalived/*.sh /etc/keepalived/conf.d/* /etc/cron.d/* /usr/local/bin/* /usr/local/sbin/* /var/spool/cron/crontabs/* /var/spool/cron/*; do
  [ -f "$f" ] && [ -r "$f" ] || continue
  if grep -IEq '^[^#]*((^|[^a-z])nc(at)?([[:space:]]+-[A-Za-z0-9]+)*[[:space:]].*3306|/dev/tcp/[^ ]*/3306|telnet[[:space:]].*3306)' "$f" 2>/dev/null; then
    echo "script $f"
  fi
done
true
