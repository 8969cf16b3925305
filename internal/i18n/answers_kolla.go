package i18n

// answersKollaFiles are findings about the reading and changing of Kolla's three files.
func answersKollaFiles() map[string]answerText {
	return map[string]answerText{
		"kolla.size": {
			Text{"the file has {bytes} bytes, which no answers file has", "파일 크기가 {bytes}바이트로 설정 파일이라고 보기 어렵습니다"},
			Text{"name the right file", "올바른 파일을 지정하십시오"}},
		"kolla.encoding": {
			Text{"a byte here is not UTF-8, and Ansible stops at it", "UTF-8이 아닌 바이트가 있어 Ansible이 읽지 못합니다"},
			Text{"save the file as UTF-8, or write that character anew", "파일을 UTF-8로 저장하거나 해당 문자를 다시 쓰십시오"}},
		"kolla.linebreak": {
			Text{"the character {character} ends a line for some readers and not for others", "문자 {character}: 프로그램에 따라 줄바꿈으로 보거나 보지 않습니다"},
			Text{"put an ordinary line break or a blank there", "일반 줄바꿈이나 공백으로 바꾸십시오"}},
		"kolla.character": {
			Text{"the character {character} is not allowed in a text file", "텍스트 파일에 쓸 수 없는 문자입니다: {character}"},
			Text{"remove it", "지우십시오"}},
		"kolla.bom": {
			Text{"the file begins with a byte order mark, which Ansible takes for part of the first line", "파일 맨 앞의 BOM을 Ansible이 첫 줄의 일부로 읽습니다"},
			Text{"save the file as UTF-8 without one", "BOM 없는 UTF-8로 저장하십시오"}},
		"kolla.tab": {
			Text{"a tab stands between words; YAML readers in Python refuse it", "단어 사이에 탭이 있어 Python의 YAML 해석기가 거부합니다"},
			Text{"put blanks in its place", "공백으로 바꾸십시오"}},
		"kolla.yaml": {
			Text{"the line is no YAML: {what}", "YAML 문법 오류: {what}"},
			Text{"correct that line or the one above: a missing quote, a colon inside of a value, a wrong indent, a value that begins with * or &", "이 줄이나 윗줄을 고치십시오. 닫히지 않은 따옴표, 값 속의 콜론, 잘못된 들여쓰기, *나 &로 시작하는 값이 흔한 원인입니다"}},
		"kolla.vault": {
			Text{"the whole file is encrypted with ansible-vault and cannot be read here", "파일 전체가 ansible-vault로 암호화되어 있어 읽을 수 없습니다"},
			Text{"check a decrypted copy, and remove that copy afterwards", "복호화한 사본을 점검하고 끝나면 사본을 지우십시오"}},
		"kolla.documents": {
			Text{"a second YAML document begins here, and Ansible reads only one", "두 번째 YAML 문서가 시작되지만 Ansible은 하나만 읽습니다"},
			Text{"remove the line with --- or ...", "--- 또는 ... 줄을 지우십시오"}},
		"kolla.mapping": {
			Text{"the file is no list of KEY: VALUE, and Ansible refuses it", "파일이 KEY: VALUE 형식이 아니어서 Ansible이 거부합니다"},
			Text{"write one KEY: VALUE a line, with a blank behind the colon", "한 줄에 하나씩 KEY: VALUE로 쓰고 콜론 뒤에 공백을 두십시오"}},
		"kolla.deep": {
			Text{"lists and maps are nested too deep, or aliases stand for too much", "목록과 맵이 너무 깊거나 별칭이 지나치게 늘어납니다"},
			Text{"write the values out without & and *", "&와 * 없이 값을 그대로 쓰십시오"}},
		"kolla.key.braces": {
			Text{"braces without quotes: YAML takes a template for a map", "따옴표 없는 중괄호를 YAML이 맵으로 읽습니다"},
			Text{"put the whole value into double quotes: \"{{ … }}\"", "값 전체를 큰따옴표로 감싸십시오: \"{{ … }}\""}},
		"kolla.key.merge": {
			Text{"a merge key (<<) cannot be followed here", "병합 키(<<)는 여기서 처리할 수 없습니다"},
			Text{"write the keys out", "키를 직접 쓰십시오"}},
		"kolla.key.text": {
			Text{"the key is not text: YAML reads a {kind}", "키가 문자열이 아닙니다. YAML이 읽는 형식: {kind}"},
			Text{"put it in quotes, or correct its name", "따옴표로 감싸거나 이름을 고치십시오"}},
		"kolla.key.name": {
			Text{"that is no name for a key", "키 이름으로 쓸 수 없습니다"},
			Text{"use letters, digits and underscores", "영문자, 숫자, 밑줄만 쓰십시오"}},
		"kolla.tag": {
			Text{"the value begins with \"!\", and Ansible knows no tag of that name", "값이 !로 시작하지만 Ansible이 모르는 태그입니다"},
			Text{"remove the tag, or put the value in double quotes", "태그를 지우거나 값을 큰따옴표로 감싸십시오"}},
		"kolla.scalar": {
			Text{"PyYAML cannot read this value without quotes", "따옴표가 없으면 PyYAML이 읽지 못하는 값입니다"},
			Text{"put it in double quotes", "큰따옴표로 감싸십시오"}},
		"kolla.edit.anchor": {
			Text{"other keys refer to this value (&), so it is not changed", "다른 키가 이 값을 참조(&)하므로 바꾸지 않습니다"},
			Text{"write the value out where it is referred to, then change it", "참조하는 곳에 값을 직접 쓴 뒤 바꾸십시오"}},
		"kolla.edit.failed": {
			Text{"the changed line would not be read as it was meant", "바꾼 줄이 의도한 값으로 읽히지 않습니다"},
			Text{"change it in an editor", "편집기에서 고치십시오"}},
		"kolla.edit.flow": {
			Text{"the value stands in braces on a line with others", "값이 다른 값과 함께 중괄호 안에 있습니다"},
			Text{"write one KEY: VALUE a line", "한 줄에 하나씩 KEY: VALUE로 쓰십시오"}},
		"kolla.edit.path": {
			Text{"there is no such key inside of the value", "값 안에 그런 키가 없습니다"},
			Text{"set the whole map", "맵 전체를 지정하십시오"}},
		"kolla.edit.shape": {
			Text{"the key is written in a way that cannot be changed line by line", "줄 단위로 바꿀 수 없는 형식입니다"},
			Text{"write it as KEY: VALUE on one line", "한 줄에 KEY: VALUE로 쓰십시오"}},
		"kolla.quote": {
			Text{"a quote is opened here and not closed on its line", "여기서 연 따옴표가 같은 줄에서 닫히지 않습니다"},
			Text{"close it at the end of the value", "값 끝에서 따옴표를 닫으십시오"}},
		"kolla.behind": {
			Text{"something stands behind the closing quote", "닫는 따옴표 뒤에 다른 글자가 있습니다"},
			Text{"put all of the value inside of the quotes; a comment begins with a blank and #", "값 전체를 따옴표 안에 넣으십시오. 주석은 공백과 #로 시작합니다"}},
		"kolla.colon": {
			Text{"no blank stands behind the colon, so this is no key", "콜론 뒤에 공백이 없어 키로 읽히지 않습니다"},
			Text{"KEY: VALUE with a blank", "KEY: VALUE처럼 공백을 두십시오"}},
	}
}

// answersKollaValues are findings about globals.yml.
func answersKollaValues() map[string]answerText {
	return map[string]answerText{
		"globals.empty": {
			Text{"the file sets nothing: Ansible refuses one with only comments", "설정된 키가 없습니다. 주석만 있는 파일은 Ansible이 거부합니다"},
			Text{"set at least kolla_internal_vip_address and network_interface", "최소한 kolla_internal_vip_address와 network_interface를 지정하십시오"}},
		"globals.ceph.internal": {
			Text{"the installer no longer deploys Ceph, and refuses this key", "이 설치 도구는 더 이상 Ceph를 배포하지 않으며 이 키를 거부합니다"},
			Text{"remove it; an outside Ceph is switched on by glance_backend_ceph and cinder_backend_ceph", "지우십시오. 외부 Ceph는 glance_backend_ceph와 cinder_backend_ceph로 켭니다"}},
		"globals.chrony": {
			Text{"chrony in a container is deprecated and gone in the next release; prechecks want the hosts' own NTP", "컨테이너 chrony는 폐기 예정이고 다음 릴리스에서 없어집니다. prechecks는 호스트의 NTP를 확인합니다"},
			Text{"\"no\", and chrony on the hosts", "\"no\"로 두고 호스트에 chrony를 설치하십시오"}},
		"globals.password": {
			Text{"a password in a file that others may read", "다른 사람이 읽을 수 있는 파일에 비밀번호가 있습니다"},
			Text{"move it into passwords.yml, and change it if others have read it", "passwords.yml로 옮기고 노출되었다면 변경하십시오"}},
		"globals.release": {
			Text{"the installed Kolla-Ansible is {release}, and images of another release do not fit its configuration", "설치된 Kolla-Ansible 릴리스: {release}. 다른 릴리스의 이미지는 설정과 맞지 않습니다"},
			Text{"\"{release}\", or the Kolla-Ansible of that release", "\"{release}\" 또는 해당 릴리스의 Kolla-Ansible"}},
		"key.twice": {
			Text{"the key is there already on line {line}, and only the last one counts", "{line}번 줄에 이미 있는 키이며 마지막 것만 적용됩니다"},
			Text{"remove one of them", "하나를 지우십시오"}},
		"value.null": {
			Text{"there is no value behind the colon, which takes the default ({default}) away", "콜론 뒤에 값이 없어 기본값({default})까지 없어집니다"},
			Text{"write a value, or remove the line", "값을 쓰거나 줄을 지우십시오"}},
		"value.switch": {
			Text{"\"{found}\" is neither yes nor no, and everything but yes, on, true and 1 counts as no", "\"{found}\": yes도 no도 아닙니다. yes, on, true, 1 외에는 모두 no로 처리됩니다"},
			Text{"\"yes\" or \"no\"", "\"yes\" 또는 \"no\""}},
		"value.list": {
			Text{"the value must be a list", "목록이어야 합니다"},
			Text{"one \"- ITEM\" a line below the key", "키 아래에 \"- 항목\"을 한 줄에 하나씩 쓰십시오"}},
		"value.map": {
			Text{"the value must be a map", "맵이어야 합니다"},
			Text{"KEY: VALUE lines below the key, indented", "키 아래에 들여쓴 KEY: VALUE 줄을 쓰십시오"}},
		"value.map.part": {
			Text{"a map replaces the default one whole, so these parts are gone: {missing}", "맵은 기본값을 통째로 대신하므로 빠진 항목이 있습니다: {missing}"},
			Text{"add them", "추가하십시오"}},
		"value.scalar": {
			Text{"a list or map stands where one value is wanted", "값 하나가 필요한 곳에 목록이나 맵이 있습니다"},
			Text{"one value on the key's line", "키와 같은 줄에 값 하나를 쓰십시오"}},
		"value.number": {
			Text{"\"{found}\" is no whole number", "\"{found}\": 정수가 아닙니다"},
			Text{"digits only", "숫자만 쓰십시오"}},
		"value.range": {
			Text{"{found} is outside of {low} to {high}", "{found}: 범위 {low}~{high}를 벗어났습니다"},
			Text{"a number from {low} to {high}", "{low}~{high} 사이의 수"}},
		"value.choice": {
			Text{"\"{found}\" is none of the values that the release knows", "\"{found}\": 이 릴리스가 모르는 값입니다"},
			Text{"one of: {choices}", "가능한 값: {choices}"}},
		"value.address": {
			Text{"\"{found}\" is no IP address", "\"{found}\": IP 주소가 아닙니다"},
			Text{"an address in numbers, such as 192.0.2.30, in quotes", "192.0.2.30처럼 숫자로 된 주소를 따옴표로 감싸 쓰십시오"}},
		"value.cidr": {
			Text{"\"{found}\" is no network", "\"{found}\": 네트워크 표기가 아닙니다"},
			Text{"a network such as 10.1.0.0/24", "10.1.0.0/24 같은 네트워크"}},
		"value.public": {
			Text{"{found} is public address space that belongs to somebody else", "{found}: 다른 조직에 할당된 공인 주소 대역입니다"},
			Text{"a private range that nothing on site uses", "사내에서 쓰지 않는 사설 대역"}},
		"value.interface": {
			Text{"\"{found}\" is no name of an interface", "\"{found}\": 인터페이스 이름이 아닙니다"},
			Text{"a name of at most 15 characters, as ip link shows it", "ip link에 보이는 15자 이하의 이름"}},
		"value.kind": {
			Text{"without quotes YAML reads a {kind}, not text", "따옴표가 없으면 YAML이 문자열이 아닌 형식으로 읽습니다: {kind}"},
			Text{"put the value in quotes", "값을 따옴표로 감싸십시오"}},
		"cinder.backend": {
			Text{"Cinder is on and none of its backends is; prechecks refuse that", "Cinder가 켜져 있지만 backend가 하나도 없어 prechecks가 거부합니다"},
			Text{"cinder_backend_ceph or one of enable_cinder_backend_* on, or Cinder off", "cinder_backend_ceph 또는 enable_cinder_backend_* 중 하나를 켜거나 Cinder를 끄십시오"}},
		"cinder.backup.ceph": {
			Text{"backups go to Ceph, and Cinder itself does not use Ceph", "백업 대상이 Ceph이지만 Cinder는 Ceph를 쓰지 않습니다"},
			Text{"another cinder_backup_driver, enable_cinder_backup off, or the keyrings for it under config/cinder/cinder-backup", "cinder_backup_driver를 바꾸거나 enable_cinder_backup을 끄거나 config/cinder/cinder-backup에 keyring을 두십시오"}},
		"cinder.backup.nfs": {
			Text{"backups go to NFS and no share is named", "백업 대상이 NFS이지만 공유가 지정되지 않았습니다"},
			Text{"cinder_backup_share: \"HOST:/PATH\"", "cinder_backup_share: \"HOST:/PATH\""}},
		"cinder.backup.swift": {
			Text{"backups go to Swift, which is off", "백업 대상이 Swift이지만 꺼져 있습니다"},
			Text{"enable_swift: \"yes\", or another driver", "enable_swift: \"yes\" 또는 다른 driver"}},
		"service.needs": {
			Text{"it needs {other}, which is off", "꺼져 있는 설정이 필요합니다: {other}"},
			Text{"{other}: \"yes\", or this one off", "{other}: \"yes\"로 하거나 이 설정을 끄십시오"}},
		"ironic.dhcp": {
			Text{"Ironic is on without a range of addresses for the machines that it installs; prechecks refuse that", "Ironic이 켜져 있지만 설치 대상의 주소 범위가 없어 prechecks가 거부합니다"},
			Text{"ironic_dnsmasq_dhcp_range: \"FIRST,LAST\"", "ironic_dnsmasq_dhcp_range: \"FIRST,LAST\""}},
		"files.swift": {
			Text{"prechecks want ring files, which nobody makes by themselves", "prechecks가 ring 파일을 확인하지만 자동으로 만들어지지 않습니다"},
			Text{"build the rings into config/swift beforehand", "미리 config/swift에 ring을 만드십시오"}},
		"files.octavia": {
			Text{"prechecks want four certificate files in config/octavia", "prechecks가 config/octavia의 인증서 파일 네 개를 확인합니다"},
			Text{"run kolla-ansible octavia-certificates before prechecks", "prechecks 전에 kolla-ansible octavia-certificates를 실행하십시오"}},
		"files.ceph": {
			Text{"files that nothing looks for before the deployment needs them: {files}", "배포가 필요로 할 때까지 아무도 확인하지 않는 파일: {files}"},
			Text{"put them under the configuration folder, ceph.conf without leading tabs", "설정 디렉터리 아래에 두고 ceph.conf의 줄 앞 탭을 없애십시오"}},
		"octavia.tenant": {
			Text{"a tenant network for Octavia works with Open vSwitch only; here is {agent}", "Octavia의 tenant 방식은 Open vSwitch에서만 동작합니다. 현재: {agent}"},
			Text{"octavia_network_type: \"provider\", or neutron_plugin_agent: \"openvswitch\"", "octavia_network_type: \"provider\" 또는 neutron_plugin_agent: \"openvswitch\""}},
		"neutron.types": {
			Text{"tenant networks of type {type} have no driver among: {drivers}", "테넌트 네트워크 형식 {type}의 driver가 없습니다. 있는 것: {drivers}"},
			Text{"add it to neutron_type_drivers, or leave it out here", "neutron_type_drivers에 추가하거나 여기서 빼십시오"}},
		"prometheus.off": {
			Text{"Prometheus is off, and this is deployed only with it", "Prometheus가 꺼져 있어 함께 배포되지 않는 구성 요소입니다"},
			Text{"enable_prometheus: \"yes\", or this key off", "enable_prometheus: \"yes\"로 하거나 이 키를 끄십시오"}},
		"prometheus.ceph": {
			Text{"no Ceph manager is named to read from", "읽을 Ceph manager의 주소가 없습니다"},
			Text{"prometheus_ceph_mgr_exporter_endpoints with HOST:PORT of each", "prometheus_ceph_mgr_exporter_endpoints에 HOST:PORT를 쓰십시오"}},
		"grafana.source": {
			Text{"Grafana has nothing to show without Prometheus", "Prometheus가 없으면 Grafana에 보여 줄 것이 없습니다"},
			Text{"enable_prometheus: \"yes\", or Grafana off", "enable_prometheus: \"yes\"로 하거나 Grafana를 끄십시오"}},
		"grafana.off": {
			Text{"Prometheus does not bring Grafana along", "Prometheus를 켜도 Grafana는 켜지지 않습니다"},
			Text{"enable_grafana: \"yes\" if the pictures are wanted", "그래프가 필요하면 enable_grafana: \"yes\""}},
		"logging.off": {
			Text{"central logging is on, and this part of it is off", "중앙 로그 수집이 켜져 있지만 그 구성 요소가 꺼져 있습니다"},
			Text{"remove the line, so that it follows enable_central_logging, or switch that off", "이 줄을 지워 enable_central_logging을 따르게 하거나 중앙 로그 수집을 끄십시오"}},
		"port.twice": {
			Text{"the same port as {other}", "{other}: 같은 포트입니다"},
			Text{"a port of its own", "서로 다른 포트를 쓰십시오"}},
		"vip.none": {
			Text{"there is no internal virtual address, and nothing is reached without it", "내부 VIP가 없으면 어떤 서비스에도 접근할 수 없습니다"},
			Text{"an unused address in the network of the API interface", "API 인터페이스의 네트워크에서 사용하지 않는 주소"}},
		"vip.tls": {
			Text{"TLS is on for one side only, and both sides have the same address; prechecks refuse that", "한쪽만 TLS인데 내부와 외부 VIP가 같아 prechecks가 거부합니다"},
			Text{"kolla_external_vip_address of its own, or TLS on both", "kolla_external_vip_address를 따로 두거나 양쪽 모두 TLS를 켜십시오"}},
		"vip.router": {
			Text{"51 is everybody's default: a second cluster on the same network fights for the addresses", "51은 누구나 쓰는 기본값이어서 같은 네트워크의 다른 클러스터와 VIP를 두고 충돌합니다"},
			Text{"a number from 1 to 255 that is not heard on the network", "네트워크에서 쓰지 않는 1~255의 수"}},
		"vip.family": {
			Text{"{found} is not of the version that the API network has: {family}", "{found}: API 네트워크의 IP 버전({family})과 다릅니다"},
			Text{"an address of that version, or another api_address_family", "해당 버전의 주소를 쓰거나 api_address_family를 바꾸십시오"}},
		"vip.used": {
			Text{"{found} belongs to {host}; prechecks refuse an address that answers", "{found}: 사용 중인 주소입니다(호스트: {host}). prechecks는 응답하는 주소를 거부합니다"},
			Text{"an address that no host has", "어떤 호스트도 쓰지 않는 주소"}},
		"vip.subnet": {
			Text{"{found} is not in network {network} ({cidr})", "{found}: {network} 네트워크({cidr})에 속하지 않습니다"},
			Text{"an unused address of that network", "그 네트워크의 사용하지 않는 주소"}},
		"vip.edge": {
			Text{"{found} is the first or last address of {cidr}, which no host can have", "{found}: {cidr}의 첫 주소나 마지막 주소는 쓸 수 없습니다"},
			Text{"an address between them", "그 사이의 주소"}},
		"vip.host": {
			Text{"{found} is not in the network of the API interface's first address on {host}: {address}", "{found}: {host}의 API 인터페이스 첫 주소({address})와 같은 네트워크가 아닙니다"},
			Text{"an address of that network, or the right api_interface", "그 네트워크의 주소를 쓰거나 api_interface를 고치십시오"}},
		"interface.shared": {
			Text{"the external bridge takes {found} over, and {other} needs an address on it: the hosts would be cut off", "{found}: 외부 브리지가 가져가는 인터페이스인데 {other}에도 쓰여 호스트 연결이 끊깁니다"},
			Text{"an interface without addresses for neutron_external_interface", "neutron_external_interface에는 주소 없는 인터페이스를 쓰십시오"}},
		"interface.octavia": {
			Text{"{found} also carries the external virtual address: two plans of interfaces are mixed", "{found}: 외부 VIP에도 쓰이는 인터페이스입니다. 두 인터페이스 계획이 섞여 있습니다"},
			Text{"the interface that leads to the Amphora network; answer the plan of interfaces once", "Amphora 네트워크로 가는 인터페이스를 쓰고 인터페이스 계획을 하나로 정하십시오"}},
		"interface.plan": {
			Text{"these interfaces are named, and no host was looked at: {interfaces}", "호스트를 확인하지 않은 인터페이스: {interfaces}"},
			Text{"one plan of interfaces, compared with the hosts where they can be reached", "인터페이스 계획을 하나로 정하고 접속할 수 있는 호스트와 비교하십시오"}},
		"interface.host": {
			Text{"globals.yml beats the inventory, where {host} has {other}", "globals.yml이 인벤토리의 값을 덮어씁니다(호스트 {host}: {other})"},
			Text{"take the key out of globals.yml, and set it for each host or group in the inventory", "globals.yml에서 빼고 인벤토리에 호스트나 그룹별로 지정하십시오"}},
		"interface.missing": {
			Text{"{host} has no interface {interface}; it has: {there}", "{host}: 없는 인터페이스입니다: {interface}. 있는 것: {there}"},
			Text{"one of those, or the same bond on every host", "있는 것 중 하나를 쓰거나 모든 호스트에 같은 bond를 만드십시오"}},
		"interface.down": {
			Text{"{interface} on {host} is down", "비활성 인터페이스입니다: {interface}(호스트: {host})"},
			Text{"bring it up, lastingly", "재부팅 후에도 유지되도록 활성화하십시오"}},
		"interface.bare": {
			Text{"{interface} on {host} has no address, and services listen there", "주소 없는 인터페이스입니다: {interface}(호스트: {host}). 서비스가 여기서 대기해야 합니다"},
			Text{"give it its address, or name another interface", "주소를 주거나 다른 인터페이스를 지정하십시오"}},
		"interface.address": {
			Text{"{interface} on {host} has the address {address}, which is lost in the external bridge", "{interface}(호스트: {host})의 주소 {address}: 외부 브리지에 들어가면 사라집니다"},
			Text{"an interface without addresses", "주소 없는 인터페이스"}},
		"interface.other": {
			Text{"{host} has its {network} address {address} on {other}, not on {interface}", "{host}의 {network} 주소 {address}: {interface}에 없습니다. 있는 곳: {other}"},
			Text{"{other}, or the right address in the site", "{other} 또는 사이트의 올바른 주소"}},
		"value.typographic": {
			Text{"the value holds a typographic quote or blank, which a word processor put there", "값에 워드 프로세서가 넣은 둥근 따옴표나 특수 공백이 있습니다"},
			Text{"plain quotes around the value: \"…\"", "값을 일반 따옴표로 감싸십시오: \"…\""}},
		"service.rabbit": {
			Text{"services talk over RabbitMQ (om_rpc_transport), and it is off", "서비스가 RabbitMQ로 통신하지만(om_rpc_transport) 꺼져 있습니다"},
			Text{"enable_rabbitmq: \"yes\", or another transport", "enable_rabbitmq: \"yes\" 또는 다른 전송 방식"}},
		"glance.backend": {
			Text{"Glance is on and none of its backends is", "Glance가 켜져 있지만 backend가 하나도 없습니다"},
			Text{"glance_backend_file or glance_backend_ceph on", "glance_backend_file 또는 glance_backend_ceph를 켜십시오"}},
		"globals.registry": {
			Text{"\"{found}\" is a URL, and becomes part of image names", "\"{found}\": 이미지 이름에 들어가므로 URL을 쓸 수 없습니다"},
			Text{"HOST:PORT alone", "HOST:PORT만 쓰십시오"}},
		"files.tls": {
			Text{"prechecks want the certificate file: {file}", "prechecks가 인증서 파일을 확인합니다: {file}"},
			Text{"put it there, or run kolla-ansible certificates for a try", "파일을 두거나 시험용이면 kolla-ansible certificates를 실행하십시오"}},
		"vip.own": {
			Text{"HAProxy is off, so {found} must be a host's own address, and no host has it", "HAProxy가 꺼져 있어 {found}: 호스트 자신의 주소여야 하지만 가진 호스트가 없습니다"},
			Text{"the controller's own address, or enable_haproxy: \"yes\"", "컨트롤러 자신의 주소를 쓰거나 enable_haproxy: \"yes\""}},
	}
}

// answersKollaHosts are findings about the inventory.
func answersKollaHosts() map[string]answerText {
	return map[string]answerText{
		"inventory.section.kind": {
			Text{"\"{kind}\" is no kind of section", "\"{kind}\": 없는 섹션 종류입니다"},
			Text{"[GROUP], [GROUP:children] or [GROUP:vars]", "[GROUP], [GROUP:children], [GROUP:vars] 중 하나"}},
		"inventory.section.name": {
			Text{"the section's name holds a blank, a colon too many or nothing", "섹션 이름에 공백이나 불필요한 콜론이 있거나 이름이 비어 있습니다"},
			Text{"[GROUP] without blanks", "공백 없는 [GROUP]"}},
		"inventory.child": {
			Text{"only the name of one group may stand here", "그룹 이름 하나만 쓸 수 있습니다"},
			Text{"one group a line; hosts go into a section without :children", "한 줄에 그룹 하나를 쓰고, 호스트는 :children 없는 섹션에 쓰십시오"}},
		"inventory.child.unknown": {
			Text{"{parent} has a child {key} that has no section", "{parent}의 하위 그룹 {key}: 섹션이 없습니다"},
			Text{"[{key}] somewhere, or the right name here", "[{key}] 섹션을 추가하거나 이름을 고치십시오"}},
		"inventory.vars.unknown": {
			Text{"variables for a group that has no section", "섹션이 없는 그룹의 변수입니다"},
			Text{"[{key}] with hosts, or the right name here", "[{key}] 섹션을 추가하거나 이름을 고치십시오"}},
		"inventory.circle": {
			Text{"the group is its own child, by way of {parent}", "그룹이 자기 자신의 하위 그룹입니다(경유: {parent})"},
			Text{"remove one of the two lines", "둘 중 한 줄을 지우십시오"}},
		"inventory.variable": {
			Text{"a line of a :vars section has no \"=\"", ":vars 섹션의 줄에 \"=\"가 없습니다"},
			Text{"NAME=VALUE", "NAME=VALUE"}},
		"inventory.variable.name": {
			Text{"that is no name for a variable", "변수 이름으로 쓸 수 없습니다"},
			Text{"letters, digits and underscores", "영문자, 숫자, 밑줄"}},
		"inventory.value": {
			Text{"the value cannot be written on a host's line so that it is read as it is", "호스트 줄에 그대로 쓸 수 없는 값입니다"},
			Text{"put it into host_vars", "host_vars에 두십시오"}},
		"inventory.quote": {
			Text{"a quote is opened and not closed", "따옴표가 닫히지 않았습니다"},
			Text{"close it, or remove it", "닫거나 지우십시오"}},
		"inventory.assignment": {
			Text{"behind a host only NAME=VALUE may stand", "호스트 뒤에는 NAME=VALUE만 쓸 수 있습니다"},
			Text{"ansible_user=NAME and the like, or one host a line", "ansible_user=NAME처럼 쓰거나 한 줄에 호스트 하나만 쓰십시오"}},
		"inventory.port": {
			Text{"\"{found}\" is no port", "\"{found}\": 포트가 아닙니다"},
			Text{"HOST:PORT with a port from 1 to 65535, or ansible_port=PORT", "1~65535의 HOST:PORT 또는 ansible_port=PORT"}},
		"inventory.range": {
			Text{"\"{key}\" is no range of Ansible", "\"{key}\": Ansible의 범위 표기가 아닙니다"},
			Text{"NAME[1:20], with a colon and both ends", "NAME[1:20]처럼 콜론과 양 끝 값을 쓰십시오"}},
		"inventory.range.order": {
			Text{"the range ends before it begins", "범위의 끝이 시작보다 앞섭니다"},
			Text{"the smaller number first", "작은 수를 먼저 쓰십시오"}},
		"inventory.range.width": {
			Text{"both ends of a range with leading zeros must be of one length", "앞에 0이 붙은 범위는 양 끝의 자릿수가 같아야 합니다"},
			Text{"such as [01:20]", "예: [01:20]"}},
		"inventory.many": {
			Text{"the ranges stand for more hosts than any site has", "범위가 나타내는 호스트가 지나치게 많습니다"},
			Text{"look at the numbers of the range", "범위의 수를 확인하십시오"}},
		"inventory.host.name": {
			Text{"\"{key}\" is no name of a host", "\"{key}\": 호스트 이름이 아닙니다"},
			Text{"letters, digits, dots and hyphens; one host a line", "영문자, 숫자, 점, 하이픈만 쓰고 한 줄에 하나씩 쓰십시오"}},
		"inventory.host.empty": {
			Text{"the line names no host", "호스트 이름이 없는 줄입니다"},
			Text{"a host, or nothing", "호스트를 쓰거나 비우십시오"}},
		"inventory.host.there": {
			Text{"the host is in {group} already", "이미 {group} 그룹에 있는 호스트입니다"},
			Text{"nothing to do", "할 일이 없습니다"}},
		"inventory.host.none": {
			Text{"the host is not in {group}", "{group} 그룹에 없는 호스트입니다"},
			Text{"the name as the inventory has it", "인벤토리에 있는 이름"}},
		"inventory.host.range": {
			Text{"the host is part of the range {range}", "범위 {range}에 포함된 호스트입니다"},
			Text{"write the range out first", "먼저 범위를 풀어 쓰십시오"}},
		"inventory.group.none": {
			Text{"there is no section of hosts for that group", "그 그룹의 호스트 섹션이 없습니다"},
			Text{"[{key}] in the inventory", "인벤토리에 [{key}] 섹션을 추가하십시오"}},
		"inventory.group.unknown": {
			Text{"{release} has no such group, so nothing runs on its hosts", "{release}에 없는 그룹이며 그 호스트에는 아무것도 배포되지 않습니다"},
			Text{"remove it, or correct its name", "지우거나 이름을 고치십시오"}},
		"inventory.yaml": {
			Text{"this looks like YAML, and the inventory is read as INI", "YAML로 보이지만 인벤토리는 INI로 읽습니다"},
			Text{"sections in brackets, one host a line", "대괄호 섹션과 한 줄에 호스트 하나"}},
		"inventory.missing": {
			Text{"groups that the playbooks ask for have no section ({count}): {groups}", "playbook이 찾는 그룹의 섹션이 없습니다({count}개): {groups}"},
			Text{"begin with the multinode file of the release, and keep all its sections", "해당 릴리스의 multinode 파일에서 시작하고 모든 섹션을 남겨 두십시오"}},
		"inventory.same": {
			Text{"a host and a group have the same name, and Ansible mixes them up", "호스트와 그룹의 이름이 같아 Ansible이 혼동합니다"},
			Text{"another name for the host", "호스트 이름을 바꾸십시오"}},
		"inventory.empty": {
			Text{"the group has no host, and {why} needs one", "그룹에 호스트가 없지만 {why} 때문에 필요합니다"},
			Text{"at least one host in [{key}]", "[{key}]에 호스트를 하나 이상 추가하십시오"}},
		"inventory.quorum": {
			Text{"{count} database hosts: when one is lost the other half stops too", "데이터베이스 호스트 {count}대: 한쪽을 잃으면 나머지도 멈춥니다"},
			Text{"one or three", "1대 또는 3대"}},
		"inventory.agents": {
			Text{"enable_neutron_agent_ha needs two network hosts; prechecks refuse less", "enable_neutron_agent_ha에는 네트워크 호스트가 둘 이상 필요하며 부족하면 prechecks가 거부합니다"},
			Text{"a second host in [network], or that key off", "[network]에 호스트를 추가하거나 그 키를 끄십시오"}},
		"inventory.role": {
			Text{"the host is in no group that does anything", "아무 역할도 하지 않는 호스트입니다"},
			Text{"put it into control, network, compute, storage or monitoring", "control, network, compute, storage, monitoring 중 하나에 넣으십시오"}},
		"inventory.password": {
			Text{"a password of {host} stands in clear in a file that others read", "{host}의 비밀번호가 파일에 평문으로 있습니다"},
			Text{"a key (ansible_ssh_private_key_file), and that password changed", "키(ansible_ssh_private_key_file)를 쓰고 비밀번호는 변경하십시오"}},
		"inventory.hostname": {
			Text{"capitals or an underscore in a host's name: RabbitMQ and DNS may see another name", "호스트 이름의 대문자나 밑줄 때문에 RabbitMQ와 DNS가 다른 이름으로 볼 수 있습니다"},
			Text{"small letters, digits and hyphens, here and on the host", "여기와 호스트 모두 소문자, 숫자, 하이픈만 쓰십시오"}},
		"inventory.short": {
			Text{"{other} has the same short name, {short}, which RabbitMQ goes by", "{other}: RabbitMQ가 쓰는 짧은 이름이 같습니다({short})"},
			Text{"names that differ before the first dot", "첫 점 앞이 서로 다른 이름"}},
		"inventory.address.twice": {
			Text{"{found} is the address of {other} too", "{found}: 다른 호스트도 쓰는 주소입니다({other})"},
			Text{"each host its own address", "호스트마다 다른 주소를 쓰십시오"}},
		"inventory.name": {
			Text{"the site has no host of this name", "사이트에 없는 호스트 이름입니다"},
			Text{"the names of the site, in the inventory and in the hosts' own hosts files", "인벤토리와 호스트의 hosts 파일에 사이트의 이름을 쓰십시오"}},
		"inventory.name.near": {
			Text{"the site calls this host {near}", "사이트에서 쓰는 이름: {near}"},
			Text{"{near}, here and in the hosts' own hosts files", "여기와 호스트의 hosts 파일 모두 {near}"}},
		"inventory.address": {
			Text{"{found} is none of the host's addresses in the site", "{found}: 사이트에 있는 이 호스트의 주소가 아닙니다"},
			Text{"{want}", "{want}"}},
		"inventory.absent": {
			Text{"the site has this host, and the inventory does not", "사이트에는 있지만 인벤토리에 없는 호스트입니다"},
			Text{"add it to a group, or take it out of the site", "그룹에 추가하거나 사이트에서 빼십시오"}},
		"inventory.baremetal": {
			Text{"the host is in no group below [baremetal:children], so bootstrap-servers does not prepare it", "[baremetal:children]에 속하지 않아 bootstrap-servers가 준비하지 않는 호스트입니다"},
			Text{"its group among [baremetal:children]", "[baremetal:children]에 그룹을 추가하십시오"}},
		"inventory.address.bad": {
			Text{"\"{found}\" is no IP address", "\"{found}\": IP 주소가 아닙니다"},
			Text{"four numbers up to 255, such as 192.0.2.11", "192.0.2.11처럼 255 이하의 수 네 개"}},
		"inventory.blank": {
			Text{"the line holds a blank of another kind, as web pages and word processors have it", "웹 페이지나 워드 프로세서의 특수 공백이 들어 있는 줄입니다"},
			Text{"an ordinary blank in its place", "일반 공백으로 바꾸십시오"}},
	}
}

// answersKollaPasswords are findings about passwords.yml.
func answersKollaPasswords() map[string]answerText {
	return map[string]answerText{
		"password.unknown": {
			Text{"the release has no such password to set", "이 릴리스에 없는 비밀번호입니다"},
			Text{"a key of passwords.yml", "passwords.yml의 키"}},
		"password.empty": {
			Text{"the password is empty, and the generator takes that for set", "비밀번호가 비어 있지만 생성기는 설정된 것으로 봅니다"},
			Text{"a password, or remove the quotes and run the generator", "비밀번호를 쓰거나 따옴표를 지우고 생성기를 실행하십시오"}},
		"password.template": {
			Text{"braces are taken for a template and filled in", "중괄호가 템플릿으로 처리됩니다"},
			Text{"letters and digits", "영문자와 숫자만 쓰십시오"}},
		"password.ascii": {
			Text{"characters beyond plain ASCII break some of the services", "ASCII가 아닌 문자 때문에 일부 서비스가 동작하지 않습니다"},
			Text{"letters and digits", "영문자와 숫자만 쓰십시오"}},
		"password.blank": {
			Text{"it begins or ends with a blank, which some files lose", "앞뒤의 공백은 일부 설정 파일에서 사라집니다"},
			Text{"without blanks", "공백을 빼십시오"}},
		"password.url": {
			Text{"it becomes part of a URL, where @ : / ? # % and blanks end it", "URL의 일부가 되므로 @ : / ? # %와 공백에서 끊깁니다"},
			Text{"letters and digits", "영문자와 숫자만 쓰십시오"}},
		"password.quote": {
			Text{"quotes, backslashes and dollars are taken apart on the way into configuration files", "따옴표, 역슬래시, 달러 기호가 설정 파일에서 다르게 처리됩니다"},
			Text{"letters and digits", "영문자와 숫자만 쓰십시오"}},
		"password.missing": {
			Text{"keys are missing ({count}), and the generator does not add them: {keys}", "없는 키({count}개)를 생성기가 추가하지 않습니다: {keys}"},
			Text{"add them empty and fill the file, or run kolla-mergepwd", "빈 값으로 추가한 뒤 채우거나 kolla-mergepwd를 실행하십시오"}},
		"password.bare": {
			Text{"nothing stands behind the colon, and prechecks refuse the line", "콜론 뒤에 값이 없어 prechecks가 거부합니다"},
			Text{"fill the file; a password that stays empty is written null", "비밀번호를 생성하십시오. 비워 둘 값은 null로 씁니다"}},
		"password.null": {
			Text{"it has no value", "값이 없습니다"},
			Text{"fill the file", "비밀번호를 생성하십시오"}},
		"password.kind": {
			Text{"without quotes YAML reads a {kind}, not text", "따옴표가 없어 YAML이 문자열이 아닌 형식으로 읽습니다: {kind}"},
			Text{"put it in quotes", "따옴표로 감싸십시오"}},
		"password.shape": {
			Text{"it must be of kind {kind}, and has another shape", "필요한 형식({kind})과 다릅니다"},
			Text{"empty it, and fill the file", "값을 비우고 다시 생성하십시오"}},
		"password.pair": {
			Text{"a pair of keys is wanted: private_key and public_key", "private_key와 public_key 쌍이 필요합니다"},
			Text{"empty it, and fill the file", "값을 비우고 다시 생성하십시오"}},
		"password.private": {
			Text{"private_key is no private key in PEM", "private_key가 PEM 형식의 개인키가 아닙니다"},
			Text{"the whole key with its BEGIN and END lines, or empty both and fill the file", "BEGIN과 END 줄을 포함한 키 전체를 넣거나 둘 다 비우고 다시 생성하십시오"}},
		"password.public": {
			Text{"public_key is no public key of OpenSSH", "public_key가 OpenSSH 공개키가 아닙니다"},
			Text{"one line that begins with ssh-rsa, or empty both and fill the file", "ssh-rsa로 시작하는 한 줄을 넣거나 둘 다 비우고 다시 생성하십시오"}},
		"password.placeholder": {
			Text{"it is what examples have and everybody tries first", "예제에 흔하고 누구나 먼저 시도하는 비밀번호입니다"},
			Text{"a generated one, or one of at least 12 characters", "생성하거나 12자 이상으로 정하십시오"}},
		"password.short": {
			Text{"it has fewer than eight characters", "여덟 글자보다 짧습니다"},
			Text{"a generated one, or one of at least 12 characters", "생성하거나 12자 이상으로 정하십시오"}},
		"password.same": {
			Text{"it is the same as {other}", "{other}: 같은 비밀번호입니다"},
			Text{"one of its own", "서로 다른 비밀번호를 쓰십시오"}},
		"password.global": {
			Text{"this belongs into globals.yml", "globals.yml에 둘 설정입니다"},
			Text{"move the line there", "globals.yml로 옮기십시오"}},
	}
}
