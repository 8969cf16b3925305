# The guests that ran, from Nova's own tables, a line each:
#   guest UUID HOST     Nova still says active
#   marked UUID HOST    Nova has marked it as stopped within the last day, and nobody had asked for it (the
#                       power-state sync acts without a user)
set -u
if command -v mariadb >/dev/null 2>&1; then client=mariadb; else client=mysql; fi
command -v $client >/dev/null || exit 0
$client -NBe "SELECT 1 FROM information_schema.tables WHERE table_schema='nova' AND table_name='instances'" | grep -q 1 || exit 0
$client -NBe "SELECT CONCAT('guest ', uuid, ' ', IFNULL(host, '-')) FROM nova.instances WHERE deleted = 0 AND vm_state = 'active' ORDER BY host, created_at" || exit 1
$client -NBe "SELECT CONCAT('marked ', i.uuid, ' ', IFNULL(i.host, '-')) FROM nova.instances i JOIN nova.instance_actions a ON a.id =
    (SELECT MAX(b.id) FROM nova.instance_actions b WHERE b.instance_uuid = i.uuid AND b.deleted = 0)
  WHERE i.deleted = 0 AND i.vm_state = 'stopped' AND a.action = 'stop' AND a.user_id IS NULL AND a.start_time > UTC_TIMESTAMP() - INTERVAL 1 DAY ORDER BY i.host, i.created_at" 2>/dev/null
exit 0
