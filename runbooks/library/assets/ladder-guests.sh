# The guests that ran, from Nova's own tables, a line each:
#   guest UUID HOST     Nova still says active
#   marked UUID HOST    Nova has marked it as stopped within the last day, and nobody had asked for it (the
#                       power-state sync acts without a user)
# "listed yes" when both were had, "listed none" where there is no Nova. A database that does not answer is an error: an
# empty list would look as if nothing had run.
set -u
if command -v mariadb >/dev/null 2>&1; then client=mariadb; else client=mysql; fi
there=$($client -NBe "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema='nova' AND table_name='instances'") || exit 1
case $there in 0) echo 'listed none'; exit 0 ;; *[!0-9]* | '') exit 1 ;; esac
$client -NBe "SELECT CONCAT('guest ', uuid, ' ', IFNULL(host, '-')) FROM nova.instances WHERE deleted = 0 AND vm_state = 'active' ORDER BY host, created_at" || exit 1
$client -NBe "SELECT CONCAT('marked ', i.uuid, ' ', IFNULL(i.host, '-')) FROM nova.instances i JOIN nova.instance_actions a ON a.id =
    (SELECT MAX(b.id) FROM nova.instance_actions b WHERE b.instance_uuid = i.uuid AND b.deleted = 0)
  WHERE i.deleted = 0 AND i.vm_state = 'stopped' AND a.action = 'stop' AND a.user_id IS NULL AND a.start_time > UTC_TIMESTAMP() - INTERVAL 1 DAY ORDER BY i.host, i.created_at" 2>/dev/null
echo 'listed yes'
