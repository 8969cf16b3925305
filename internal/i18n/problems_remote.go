package i18n

// remoteProblems are those of internal/remote. All know {host}, {address} (host:port) and
// {user}; others as used here.
func remoteProblems() map[string][2]Text {
	return map[string][2]Text{
		"remote.host.unknown": {
			{"{host} is not a host of this site.", "{host}: 이 사이트에 없는 호스트입니다."},
			{"Look for the name in site.yaml.", "site.yaml에서 이름을 확인하십시오."}},
		"remote.config": {
			{"How to reach {host} cannot be read from the SSH configuration.", "{host}: SSH 설정에서 접속 방법을 읽을 수 없습니다."},
			{"Correct ~/.ssh/config, or set it in site.yaml (login), which wins.", "~/.ssh/config를 고치거나 site.yaml의 login에 지정하십시오. site.yaml이 우선합니다."}},
		"remote.cancelled": {
			{"{host}: given up before it was done.", "{host}: 끝나기 전에 취소되었습니다."},
			{"Nothing is known of what it did. Look, then try again.", "결과를 알 수 없습니다. 상태를 확인한 뒤 다시 시도하십시오."}},
		"remote.netns": {
			{"The network namespace {netns}, from which the site is reached, cannot be entered.", "네트워크 네임스페이스에 들어갈 수 없습니다: {netns}"},
			{"For practice hosts: stackhand lab up. It takes root.", "연습 호스트라면 stackhand lab up을 실행하십시오. root 권한이 필요합니다."}},
		"remote.name": {
			{"The name in {address} ({host}) is not known to DNS or the hosts file.", "{host}: 이름을 주소로 바꿀 수 없습니다({address})."},
			{"Set addresses.management of the host in site.yaml; then no DNS is needed.", "site.yaml에 해당 호스트의 addresses.management를 지정하면 DNS가 필요 없습니다."}},
		"remote.tcp": {
			{"{host} ({address}) cannot be dialled.", "{host}: {address} 연결에 실패했습니다."},
			{"See the cause below; check the address and this machine's network.", "아래 원인을 보고 주소와 이 장비의 네트워크를 확인하십시오."}},
		"remote.tcp.refused": {
			{"{host} answers at {address}, but no sshd listens there.", "{host}: {address} 장비는 응답하지만 sshd가 없습니다."},
			{"Is sshd running on the host, and on that port? From its console: systemctl status ssh sshd", "호스트 콘솔에서 sshd와 포트를 확인하십시오: systemctl status ssh sshd"}},
		"remote.tcp.timeout": {
			{"Nothing answers at {address} ({host}).", "{host}: {address} 응답이 없습니다."},
			{"The host is off, the address is wrong, or a firewall drops packets. Look at its power (BMC), then at the route.", "전원 꺼짐, 잘못된 주소, 방화벽 차단 중 하나입니다. 전원(BMC)을 먼저 보고 경로를 확인하십시오."}},
		"remote.tcp.unreachable": {
			{"There is no way to {address} ({host}).", "{host}: {address} 경로가 없습니다."},
			{"Check the route and the cable between here and that network: ip route get", "이 장비와 그 네트워크 사이의 경로와 케이블을 확인하십시오: ip route get"}},
		"remote.jump": {
			{"{host} is reached through {bastion}, and {bastion} is not reached ({why}).", "{host}: 경유 호스트 {bastion} 접속에 실패했습니다({why})."},
			{"Mend the way to {bastion} first. Alone: stackhand hosts check", "경유 호스트부터 복구하십시오: {bastion}. 점검: stackhand hosts check"}},
		"remote.jump.forbidden": {
			{"{bastion} does not pass connections on to {address} ({host}).", "{host}: 경유 호스트 {bastion}의 sshd가 {address} 전달을 허용하지 않습니다."},
			{"Allow it in sshd_config on the jump host: AllowTcpForwarding, PermitOpen.", "경유 호스트의 sshd_config에서 허용하십시오: AllowTcpForwarding, PermitOpen."}},
		"remote.jump.lost": {
			{"The jump host {bastion} went away while it dialled {host} ({address}).", "{host}: {address} 연결 중에 경유 호스트가 끊겼습니다({bastion})."},
			{"Try again; if it stays so, look at the jump host's sshd log.", "다시 시도하십시오. 계속되면 경유 호스트의 sshd 로그를 확인하십시오."}},
		"remote.jump.loop": {
			{"The jump hosts of {host} lead in a circle: {chain}", "{host}: 경유 호스트가 서로를 가리킵니다: {chain}"},
			{"Correct bastion in site.yaml, or ProxyJump in ~/.ssh/config.", "site.yaml의 bastion 또는 ~/.ssh/config의 ProxyJump를 고치십시오."}},
		"remote.handshake": {
			{"{host} ({address}) and this program did not come to an SSH connection.", "{host}: {address} SSH 연결 협상에 실패했습니다."},
			{"\"EOF\" or \"reset\" after several attempts: sshd is overrun (MaxStartups) or blocks this address. \"no common algorithm\": its sshd is too old. Its log tells: journalctl -u ssh -u sshd", "여러 번 시도해도 EOF나 reset이면 sshd 과부하(MaxStartups) 또는 접속 차단입니다. no common algorithm이면 sshd가 너무 오래된 것입니다. 로그: journalctl -u ssh -u sshd"}},
		"remote.handshake.timeout": {
			{"{host} accepts connections at {address}, but says nothing.", "{host}: {address} 연결은 되지만 sshd 응답이 없습니다."},
			{"The host is overloaded or its disk hangs. Look at its console (BMC).", "호스트 과부하이거나 디스크가 멈춘 상태입니다. 콘솔(BMC)을 확인하십시오."}},
		"remote.key.unknown": {
			{"The host key of {host} is not known: {type} {shown}", "{host}: 처음 보는 호스트 키입니다: {type} {shown}"},
			{"Compare it on the host's console (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it: stackhand hosts check", "호스트 콘솔에서 비교한 뒤(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub) stackhand hosts check에서 승인하십시오."}},
		"remote.key.refused": {
			{"The host key of {host} was not accepted: {type} {shown}", "{host}: 호스트 키를 승인하지 않았습니다: {type} {shown}"},
			{"Find out which machine answers at {address}.", "{address} 주소에서 어떤 장비가 응답하는지 확인하십시오."}},
		"remote.key.changed": {
			{"The host key of {host} has changed. Known ({where}): {knowntype} {known}. Shown now: {type} {shown}", "{host}: 호스트 키가 바뀌었습니다. 등록된 키({where}): {knowntype} {known}. 지금 제시된 키: {type} {shown}"},
			{"Was the host reinstalled? Compare on its console, then remove the old line from the file. Otherwise another machine answers in its place: do not go on.", "재설치한 호스트입니까? 콘솔에서 키를 비교한 뒤 파일에서 이전 줄을 지우십시오. 재설치가 아니라면 다른 장비가 응답하는 것이므로 진행하지 마십시오."}},
		"remote.key.revoked": {
			{"{host} shows a host key that was revoked ({where}): {type} {shown}", "{host}: 폐기된 호스트 키를 제시했습니다({where}): {type} {shown}"},
			{"Do not go on. The host needs a new key; who revoked it knows why.", "진행하지 마십시오. 호스트에 새 키가 필요합니다. 폐기한 담당자에게 사유를 확인하십시오."}},
		"remote.key.file": {
			{"The known host keys for {host} cannot be read or written.", "{host}: known_hosts 파일을 읽거나 쓸 수 없습니다."},
			{"Mend the line or the file that is named below.", "아래에 표시된 줄이나 파일을 고치십시오."}},
		"remote.key.locked": {
			{"The private key {file} for {host} stays locked: no right passphrase was given.", "{host}: 개인 키가 잠겨 있습니다. 올바른 암호문이 입력되지 않았습니다: {file}"},
			{"Try again, or unlock it in the agent: ssh-add {file}", "다시 시도하거나 에이전트에 등록하십시오: ssh-add {file}"}},
		"remote.login": {
			{"{host} does not let {user} in. It would take: {allowed}. Keys offered: {keys}. Key files not usable: {unreadable}.", "{host}: {user} 계정의 로그인이 거부되었습니다. 허용되는 방식: {allowed}. 제시한 키: {keys}. 쓸 수 없는 키 파일: {unreadable}."},
			{"Right user? Is the public key in that user's authorized_keys? Set login.user and login.key in site.yaml.", "계정이 맞는지, 공개 키가 그 계정의 authorized_keys에 있는지 확인하십시오. site.yaml의 login.user와 login.key로 지정합니다."}},
		"remote.login.dropped": {
			{"{host} hung up while {user} logged in.", "{host}: {user} 계정으로 로그인하는 중에 연결이 끊겼습니다."},
			{"Too many keys or wrong passwords (MaxAuthTries), or too slow (LoginGraceTime). Its log tells: journalctl -u ssh -u sshd", "키나 잘못된 비밀번호가 많거나(MaxAuthTries) 시간이 초과된 것입니다(LoginGraceTime). 로그: journalctl -u ssh -u sshd"}},
		"remote.login.timeout": {
			{"{host} answers at {address}, but the login of {user} hangs.", "{host}: {address}에서 응답하지만 {user} 계정의 로그인이 멈춰 있습니다."},
			{"Its disk may hang, or what it asks for names and accounts (DNS, LDAP) is away. Look at its console (BMC).", "디스크가 멈췄거나 이름·계정 조회(DNS, LDAP)가 응답하지 않는 상태입니다. 콘솔(BMC)을 확인하십시오."}},
		"remote.secret.needed": {
			{"{host} asks for something that only the operator knows ({kind}), and nobody answered.", "{host}: 운영자만 답할 수 있는 입력이 필요하지만 응답이 없습니다({kind})."},
			{"Answer it, or use a key without a passphrase, the agent, or sudo without a password.", "입력하거나, 암호문 없는 키, 에이전트, 비밀번호 없는 sudo를 사용하십시오."}},
		"remote.sudo.password": {
			{"sudo on {host} wants the right password of {user}.", "{host}: {user} 계정의 sudo 비밀번호가 맞지 않거나 필요합니다."},
			{"Set login.sudo: password in site.yaml to be asked, or allow NOPASSWD on the host.", "site.yaml에 login.sudo: password를 지정하면 입력을 받습니다. 또는 호스트에서 NOPASSWD를 허용하십시오."}},
		"remote.sudo.denied": {
			{"{user} may not become root with sudo on {host}.", "{host}: {user} 계정은 sudo로 root가 될 수 없습니다."},
			{"On the host, as root: add {user} to the group sudo or wheel, or to /etc/sudoers.d.", "호스트에서 root로 sudo 또는 wheel 그룹에 넣거나 /etc/sudoers.d에 추가하십시오: {user}"}},
		"remote.sudo.tty": {
			{"sudo on {host} works at a terminal only (requiretty).", "{host}: sudo가 터미널에서만 동작하도록 설정되어 있습니다(requiretty)."},
			{"On the host, with visudo: Defaults:{user} !requiretty", "호스트에서 visudo로 추가하십시오: Defaults:{user} !requiretty"}},
		"remote.sudo.missing": {
			{"There is no sudo on {host}.", "{host}: sudo가 설치되어 있지 않습니다."},
			{"Install it, or log in as root (login.user in site.yaml).", "sudo를 설치하거나 root로 로그인하십시오(site.yaml의 login.user)."}},
		"remote.shell": {
			{"{host} let {user} in, but did not run a command.", "{host}: {user} 계정으로 로그인했지만 명령이 실행되지 않았습니다."},
			{"The account needs a usual shell, and the host coreutils (timeout, head). See what was printed.", "일반 셸을 쓰는 계정과 coreutils(timeout, head)가 필요합니다. 출력 내용을 확인하십시오."}},
		"remote.sessions": {
			{"{host} opens no session on the connection (MaxSessions).", "{host}: 연결에서 세션을 열 수 없습니다(MaxSessions)."},
			{"Set MaxSessions to 2 or more in its sshd_config.", "sshd_config의 MaxSessions를 2 이상으로 설정하십시오."}},
		"remote.lost": {
			{"The connection to {host} was lost. What ran there may still run.", "{host}: 연결이 끊겼습니다. 실행 중이던 작업은 계속되고 있을 수 있습니다."},
			{"Nothing is lost: it is looked at again as soon as the host answers.", "잃은 것은 없습니다. 호스트가 응답하면 상태를 다시 확인합니다."}},
		"remote.limit": {
			{"A command on {host} did not end within {limit} and was ended.", "{host}: 명령이 {limit} 안에 끝나지 않아 중단했습니다."},
			{"A hanging disk or service is the usual reason. See what it printed.", "대개 디스크나 서비스가 멈춘 경우입니다. 출력 내용을 확인하십시오."}},
		"remote.flood": {
			{"A command on {host} printed without end and was ended.", "{host}: 명령의 출력이 끝없이 이어져 중단했습니다."},
			{"A probe should print a few lines. Correct the step.", "점검 명령은 몇 줄만 출력해야 합니다. 단계를 고치십시오."}},
		"remote.host": {
			{"{host} did not do what it was asked ({what}).", "{host}: 요청한 동작에 실패했습니다({what})."},
			{"See what it printed. Free memory, processes and the file system under /var/lib are the usual reasons.", "출력 내용을 확인하십시오. 메모리, 프로세스 수, /var/lib 파일 시스템 문제인 경우가 많습니다."}},
		"remote.disk.full": {
			{"The disk of {host} is full ({what}).", "{host}: 디스크가 가득 찼습니다({what})."},
			{"Make room on the file system of /var/lib (df -h /var/lib; journalctl --vacuum-size=200M), then retry.", "/var/lib 파일 시스템의 공간을 확보한 뒤 다시 시도하십시오(df -h /var/lib, journalctl --vacuum-size=200M)."}},
		"remote.disk.readonly": {
			{"The disk of {host} is read-only ({what}).", "{host}: 디스크가 읽기 전용입니다({what})."},
			{"The kernel found errors on it. Look at dmesg, then fsck from a rescue system.", "커널이 디스크 오류를 발견한 상태입니다. dmesg를 확인하고 복구 시스템에서 fsck를 실행하십시오."}},
		"remote.busy": {
			{"Somebody else holds the lock on {host} for more than 20 s.", "{host}: 다른 쪽에서 20초 넘게 잠금을 쥐고 있습니다."},
			{"Another console may work there, or the disk hangs. Try again.", "다른 콘솔이 작업 중이거나 디스크가 멈춘 상태입니다. 다시 시도하십시오."}},
		"remote.claim.lost": {
			{"This run does not hold {host}. Who holds it: {holder}.", "{host}: 이 실행이 점유하고 있지 않습니다. 점유 중인 실행: {holder}"},
			{"Another console took it over, or it was given back. Watch that run, or take it over knowingly.", "다른 콘솔이 넘겨받았거나 반납된 상태입니다. 그 실행을 지켜보거나 확인 후 넘겨받으십시오."}},
		"remote.rebooted": {
			{"{host} was rebooted meanwhile (boot {boot}). Nothing was started.", "{host}: 그 사이 재부팅되었습니다(boot {boot}). 아무것도 시작하지 않았습니다."},
			{"What was verified before the reboot is verified again first.", "재부팅 전에 검증한 내용부터 다시 검증합니다."}},
		"remote.job.other": {
			{"{host} has a job of the same name with another script ({sha}).", "{host}: 같은 이름의 작업에 다른 스크립트가 있습니다({sha})."},
			{"Nothing was changed. It is evidence of a mix-up: keep the folder and tell who maintains this site.", "아무것도 바꾸지 않았습니다. 혼선의 증적이므로 디렉터리를 보존하고 담당자에게 알리십시오."}},
		"remote.job.absent": {
			{"The job is not on {host}.", "{host}: 작업이 없습니다."},
			{"Its folder was removed, or the disk was replaced. Retry the step.", "디렉터리가 지워졌거나 디스크가 교체된 상태입니다. 단계를 다시 시도하십시오."}},
		"remote.file.absent": {
			{"{file} does not exist on {host}.", "{host}: 파일이 없습니다: {file}"},
			{"Check the path, and whether an earlier step should have made it.", "경로와, 앞 단계에서 만들어야 하는 파일인지 확인하십시오."}},
		"remote.file.kind": {
			{"{file} on {host} is not a regular file.", "{host}: 일반 파일이 아닙니다: {file}"},
			{"Look what is there: ls -ld {file}", "무엇이 있는지 확인하십시오: ls -ld {file}"}},
		"remote.file.short": {
			{"What arrived on {host} is not what was sent; it was thrown away.", "{host}: 보낸 내용과 도착한 내용이 달라 버렸습니다."},
			{"Try again. If it stays so, the host's memory or disk is at fault.", "다시 시도하십시오. 계속되면 호스트의 메모리나 디스크 문제입니다."}},
		"remote.file.changed": {
			{"{file} on {host} changed while it was read, or did not arrive whole.", "{host}: 읽는 동안 파일이 바뀌었거나 온전히 도착하지 않았습니다: {file}"},
			{"Try again. If it stays so, find out who writes to it: lsof {file}", "다시 시도하십시오. 계속되면 누가 쓰고 있는지 확인하십시오: lsof {file}"}},
	}
}
