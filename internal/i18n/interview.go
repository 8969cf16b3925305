package i18n

// InterviewPages are the titles of the pages of an answering session that are not in a
// catalogue's form, by their ID.
func InterviewPages() map[string]Text {
	return map[string]Text{
		"@installer": {"Installer", "설치 도구"},
		"@hosts":     {"Hosts and roles", "호스트와 역할"},
		"@plan":      {"Networks and interfaces", "네트워크와 인터페이스"},
		"@review":    {"Review", "검토"},
	}
}

// InterviewFields are label and help of the questions that an answering session asks beside
// those of a catalogue, by their key.
func InterviewFields() map[string][2]Text {
	return map[string][2]Text{
		"@installer": {
			{"Installer and mode", "설치 도구와 구성"},
			{"Which installer the answers are for, and how many hosts it makes a cloud of", "어느 설치 도구로 어떤 구성의 클라우드를 설치할지 정합니다"}},
		"@file": {
			{"File to begin with", "기존 파일"},
			{"Every byte of it stays but for what you change; for a second controller it is the file of the finished installation", "바꾼 값 말고는 모든 내용이 그대로 남습니다. 두 번째 컨트롤러에는 설치를 마친 파일을 지정합니다"}},
		"@hosts.controller": {
			{"Controllers", "컨트롤러"},
			{"Names or addresses of the hosts that run the API services; ctl[1-3] is three of them", "API 서비스를 실행할 호스트의 이름이나 주소입니다. ctl[1-3]은 세 대를 뜻합니다"}},
		"@hosts.network": {
			{"Network hosts", "네트워크 호스트"},
			{"Hosts that route between tenants and the external network; empty: the controllers", "테넌트와 외부 네트워크 사이를 라우팅하는 호스트입니다. 비우면 컨트롤러가 맡습니다"}},
		"@hosts.compute": {
			{"Compute hosts", "컴퓨트 호스트"},
			{"Hosts that run instances; cmp[01-20] is twenty of them", "인스턴스를 실행할 호스트입니다. cmp[01-20]은 스무 대를 뜻합니다"}},
		"@hosts.storage": {
			{"Storage hosts", "스토리지 호스트"},
			{"Hosts that run the volume service", "볼륨 서비스를 실행할 호스트입니다"}},
		"@hosts.monitoring": {
			{"Monitoring hosts", "모니터링 호스트"},
			{"Hosts that keep measurements; empty: the controllers", "지표를 보관할 호스트입니다. 비우면 컨트롤러가 맡습니다"}},
		"@hosts.deploy": {
			{"Deployment host", "배포 호스트"},
			{"The host that Kolla-Ansible runs on; empty: this console", "Kolla-Ansible을 실행할 호스트입니다. 비우면 이 콘솔에서 실행합니다"}},
		"@net.management": {
			{"Management network", "관리 네트워크"},
			{"Subnet of the addresses under which the hosts know each other", "호스트끼리 통신하는 주소의 서브넷입니다"}},
		"@net.api": {
			{"API network", "API 네트워크"},
			{"Subnet of the internal API; empty: the management network", "내부 API의 서브넷입니다. 비우면 관리 네트워크를 씁니다"}},
		"@net.external": {
			{"External network", "외부 네트워크"},
			{"Subnet from which people reach the public API", "사용자가 공개 API에 접속하는 서브넷입니다"}},
		"@net.tunnel": {
			{"Tunnel network", "터널 네트워크"},
			{"Subnet that carries the tenants' traffic between hosts", "호스트 사이에서 테넌트 트래픽을 나르는 서브넷입니다"}},
		"@net.storage": {
			{"Storage network", "스토리지 네트워크"},
			{"Subnet between the hosts and their storage", "호스트와 스토리지 사이의 서브넷입니다"}},
		"@if.management": {
			{"Management interface", "관리 인터페이스"},
			{"Interface with the management address; where hosts differ: eth0 cmp03=ens5", "관리 주소가 있는 인터페이스입니다. 다른 호스트는 eth0 cmp03=ens5처럼 덧붙입니다"}},
		"@if.api": {
			{"API interface", "API 인터페이스"},
			{"Interface of the internal API; empty: the management interface", "내부 API의 인터페이스입니다. 비우면 관리 인터페이스를 씁니다"}},
		"@if.external": {
			{"External interface", "외부 인터페이스"},
			{"Interface that carries the public virtual address; empty: that of the API", "공개 VIP가 올라갈 인터페이스입니다. 비우면 API 인터페이스를 씁니다"}},
		"@if.tunnel": {
			{"Tunnel interface", "터널 인터페이스"},
			{"Interface that carries the tenants' traffic between hosts", "호스트 사이에서 테넌트 트래픽을 나르는 인터페이스입니다"}},
		"@if.storage": {
			{"Storage interface", "스토리지 인터페이스"},
			{"Interface towards the storage; empty: the management interface", "스토리지 쪽 인터페이스입니다. 비우면 관리 인터페이스를 씁니다"}},
		"@if.provider": {
			{"Interface of the external bridge", "외부 브리지의 인터페이스"},
			{"Becomes a port of the external bridge, and an address on it is lost", "외부 브리지의 포트가 되며, 이 인터페이스에 있던 주소는 쓸 수 없게 됩니다"}},
		"@if.octavia": {
			{"Load balancer interface", "로드 밸런서 인터페이스"},
			{"Interface through which Octavia reaches its load balancers", "Octavia가 로드 밸런서와 통신하는 인터페이스입니다"}},
	}
}

// answersInterview are why an answer is not taken.
func answersInterview() map[string]answerText {
	return map[string]answerText{
		"hosts.many": {
			Text{"{item} is more than {most} hosts", "호스트가 {most}대를 넘습니다: {item}"},
			Text{"look at the numbers of the range", "범위의 숫자를 확인하십시오"}},
		"hosts.two": {
			Text{"{item} is given as {one} and as {other}", "서로 다른 값이 있습니다({one}, {other}): {item}"},
			Text{"give a host one name and one address", "호스트마다 이름 하나와 주소 하나만 쓰십시오"}},
		"hosts.address": {
			Text{"{item} is no complete IP address", "올바른 IP 주소가 아닙니다: {item}"},
			Text{"write all of it, like 192.0.2.11", "192.0.2.11처럼 끝까지 쓰십시오"}},
		"hosts.name": {
			Text{"{item} cannot be the name of a host", "호스트 이름으로 쓸 수 없습니다: {item}"},
			Text{"use letters, digits, dots and dashes", "영문자, 숫자, 점, 붙임표만 쓰십시오"}},
		"hosts.pair": {
			Text{"{item} has an address in the wrong place", "주소의 위치가 잘못되었습니다: {item}"},
			Text{"write one name and its address a line", "한 줄에 이름 하나와 그 주소를 쓰십시오"}},
		"hosts.count": {
			Text{"{item} has {names} names and {addresses} addresses", "이름 {names}개와 주소 {addresses}개가 맞지 않습니다: {item}"},
			Text{"make both ranges of one length", "두 범위의 길이를 같게 쓰십시오"}},
		"hosts.bracket": {
			Text{"{item} has a bracket without its other half", "괄호의 짝이 맞지 않습니다: {item}"},
			Text{"write a range like cmp[1-20] or cmp[01-03,07]", "cmp[1-20]이나 cmp[01-03,07]처럼 쓰십시오"}},
		"hosts.range": {
			Text{"the range of {item} is not of numbers", "범위가 숫자가 아닙니다: {item}"},
			Text{"write a range like cmp[1-20] or cmp[01-03,07]", "cmp[1-20]이나 cmp[01-03,07]처럼 쓰십시오"}},
		"hosts.backwards": {
			Text{"the range of {item} ends ({high}) before it begins ({low})", "범위의 끝({high})이 시작({low})보다 앞입니다: {item}"},
			Text{"write the lower number first", "작은 숫자를 먼저 쓰십시오"}},
		"hosts.width": {
			Text{"the numbers of {item} are not of one width ({low}, {high})", "범위의 자릿수가 다릅니다({low}, {high}): {item}"},
			Text{"write both with the same noughts, like 08-12", "08-12처럼 자릿수를 맞추십시오"}},
		"hosts.one": {
			Text{"an all-in-one cloud has one host, and these are {count}", "올인원 구성에는 호스트가 한 대여야 하는데 {count}대입니다"},
			Text{"name one host, or choose multi-node", "호스트 하나만 쓰거나 멀티 노드를 고르십시오"}},
		"hosts.unknown": {
			Text{"no address is known for {item}", "주소를 알 수 없습니다: {item}"},
			Text{"write the address behind the name, like ctl1 192.0.2.11", "ctl1 192.0.2.11처럼 이름 뒤에 주소를 쓰십시오"}},
		"hosts.family": {
			Text{"{item} is of another address family than {network}", "{network} 네트워크와 주소 체계가 다릅니다: {item}"},
			Text{"use IPv4 everywhere, or IPv6 everywhere", "모두 IPv4로 쓰거나 모두 IPv6로 쓰십시오"}},
		"interview.file": {
			Text{"{file} is no file of answers for {release}", "{release}용 응답 파일이 아닙니다: {file}"},
			Text{"give a file of that installer, or choose the installer first", "해당 설치 도구의 파일을 지정하거나 설치 도구를 먼저 고르십시오"}},
		"interview.unreadable": {
			Text{"the installer cannot read {file}", "설치 도구가 읽을 수 없는 파일입니다: {file}"},
			Text{"run stackhand answers check on it and mend what it tells", "stackhand answers check로 점검한 뒤 지적된 곳을 고치십시오"}},
		"interview.finished": {
			Text{"a second controller is derived from the file of the finished installation", "두 번째 컨트롤러용 파일은 설치를 마친 응답 파일에서 만듭니다"},
			Text{"give that file (--from)", "그 파일을 지정하십시오(--from)"}},
		"interview.read": {
			Text{"a file is not typed but read", "파일은 입력하지 않고 읽어 들입니다"},
			Text{"give its path", "파일 경로를 지정하십시오"}},
		"interview.host": {
			Text{"there is no host {item}", "없는 호스트입니다: {item}"},
			Text{"name a host of the page before", "앞 페이지에 있는 호스트 이름을 쓰십시오"}},
		"interview.twice": {
			Text{"{item} has two interfaces for one purpose", "한 용도에 인터페이스가 둘입니다: {item}"},
			Text{"give each host one", "호스트마다 하나만 쓰십시오"}},
		"plan.one": {
			Text{"Packstack has one name for all hosts, and these differ: {item}", "Packstack은 모든 호스트에 같은 이름을 쓰는데 호스트마다 다릅니다: {item}"},
			Text{"give the interface the same name on all hosts", "모든 호스트에서 인터페이스 이름을 같게 하십시오"}},
	}
}
