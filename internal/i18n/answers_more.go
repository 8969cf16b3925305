package i18n

// answersPackstackMore are findings about what an answer file carries and the run does not.
func answersPackstackMore() map[string]answerText {
	return map[string]answerText{
		"host.lonely": {
			Text{"{item} has no other role in this file: most likely it is the machine on which the file was generated, and it becomes an install host", "이 파일에서 다른 역할이 없는 호스트입니다: {item}. 파일을 생성한 장비의 주소로 보이며 설치 대상이 됩니다"},
			Text{"the controller ({controller}), unless a host of its own is meant", "별도 호스트가 아니라면 컨트롤러({controller})"}},
		"value.hiera": {
			Text{"%{ in a value is replaced later by something else", "값의 %{ 부분이 나중에 다른 값으로 바뀝니다"},
			Text{"a value without %{", "%{ 없는 값"}},
		"value.hash": {
			Text{"what stands behind the # is no comment here: it becomes part of the value", "# 뒤의 글자는 주석이 아니라 값의 일부가 됩니다"},
			Text{"put the comment on a line of its own that begins with #", "주석은 #로 시작하는 별도의 줄에 쓰십시오"}},
		"bridge.noport": {
			Text{"bridge {item} has no interface in {ifaces}, so that nothing outside is reached over it", "인터페이스가 없는 브리지라 외부와 연결되지 않습니다: {item}({ifaces})"},
			Text{"{item}:INTERFACE in {ifaces}", "{ifaces}: {item}:인터페이스"}},
	}
}

// answersKollaMore are findings about what Ansible reads without a word and fails with later.
func answersKollaMore() map[string]answerText {
	return map[string]answerText{
		"kolla.equals": {
			Text{"an equals sign stands where YAML wants a colon", "YAML에서 콜론이 올 자리에 등호가 있습니다"},
			Text{"{key}: VALUE, with a blank behind the colon", "{key}: VALUE처럼 콜론과 공백을 쓰십시오"}},
		"key.differ": {
			Text{"the key is there already on line {line} with another value, and only the last one counts", "{line}번 줄에 다른 값으로 이미 있는 키이며 마지막 것만 적용됩니다"},
			Text{"keep the line that is meant, and remove the other", "맞는 줄 하나만 남기고 나머지는 지우십시오"}},
		"value.empty": {
			Text{"the value is empty, which takes the default ({default}) away", "값이 비어 있어 기본값({default})까지 없어집니다"},
			Text{"a value, or remove the line", "값을 쓰거나 줄을 지우십시오"}},
		"value.country": {
			Text{"\"{found}\" is no country code; without quotes YAML reads NO as false", "\"{found}\": 국가 코드가 아닙니다. 따옴표가 없으면 YAML이 NO를 거짓으로 읽습니다"},
			Text{"two capital letters in quotes, such as \"KR\"", "\"KR\"처럼 따옴표로 감싼 대문자 두 글자"}},
		"value.registry": {
			Text{"\"{found}\" is no address of a registry", "\"{found}\": 레지스트리 주소가 아닙니다"},
			Text{"HOST:PORT, such as 192.0.2.5:4000", "192.0.2.5:4000 같은 HOST:PORT"}},
		"value.namespace": {
			Text{"\"{found}\" cannot be part of an image's name", "\"{found}\": 이미지 이름에 쓸 수 없습니다"},
			Text{"small letters, digits, dots and hyphens", "소문자, 숫자, 점, 하이픈만 쓰십시오"}},
		"cinder.backup.share": {
			Text{"\"{found}\" is no NFS share", "\"{found}\": NFS 공유가 아닙니다"},
			Text{"HOST:/PATH", "HOST:/PATH"}},
		"ironic.range": {
			Text{"\"{found}\" is no range of addresses", "\"{found}\": 주소 범위가 아닙니다"},
			Text{"FIRST,LAST, such as 192.0.2.100,192.0.2.150", "192.0.2.100,192.0.2.150처럼 시작과 끝 주소"}},
		"inventory.host.bad": {
			Text{"\"{found}\" is neither an address nor a host's name", "\"{found}\": 주소도 호스트 이름도 아닙니다"},
			Text{"an address such as 192.0.2.11, without a length or a port", "길이나 포트 없이 192.0.2.11 같은 주소"}},
		"inventory.loopback": {
			Text{"{found} is the machine that deploys, whoever asks", "{found}: 항상 배포 장비 자신을 가리키는 주소입니다"},
			Text{"the host's management address", "호스트의 관리 네트워크 주소"}},
		"inventory.variable.empty": {
			Text{"{name} has no value", "값이 없는 변수입니다: {name}"},
			Text{"a value, or leave it out", "값을 쓰거나 지우십시오"}},
		"value.template": {
			Text{"the braces of the template are not closed, and Ansible stops where it needs the value", "템플릿의 중괄호가 닫히지 않아 값이 필요한 곳에서 Ansible이 중단됩니다"},
			Text{"as many {{ as }}", "{{와 }}의 수를 맞추십시오"}},
		"value.self": {
			Text{"the value refers to its own key, and Ansible stops with a recursive loop", "값이 자기 자신을 참조하여 Ansible이 재귀 오류로 중단됩니다"},
			Text{"the value itself, or another key", "실제 값이나 다른 키를 쓰십시오"}},
		"value.fqdn": {
			Text{"\"{found}\" is neither a name nor an address", "\"{found}\": 이름도 주소도 아닙니다"},
			Text{"a name such as cloud.example.org, without https:// and without a port", "https://와 포트 없이 cloud.example.org 같은 이름"}},
		"value.pool": {
			Text{"{item} is outside of {cidr}, and Octavia's network is not made", "대역 밖의 주소라 Octavia 네트워크가 만들어지지 않습니다: {item}({cidr})"},
			Text{"an address of that network, the first of a range before the last", "해당 네트워크 안의 주소. 범위는 시작이 끝보다 앞서야 합니다"}},
		"bridge.count": {
			Text{"{count} interfaces, and {bridges} bridges in neutron_bridge_name: they are taken in pairs", "인터페이스 {count}개, neutron_bridge_name의 브리지 {bridges}개: 하나씩 짝을 지어 씁니다"},
			Text{"as many bridges as interfaces, in the same order", "인터페이스와 같은 수의 브리지를 같은 순서로 쓰십시오"}},
		"inventory.host.assign": {
			Text{"a variable stands where a host is wanted, and Ansible takes it for a host's name", "호스트가 올 곳에 변수가 있어 Ansible이 호스트 이름으로 읽습니다"},
			Text{"put it below [{group}:vars]", "[{group}:vars] 아래로 옮기십시오"}},
		"inventory.variable.near": {
			Text{"Ansible has no variable of this name and ignores it", "Ansible에 없는 변수라 무시됩니다"},
			Text{"{near} may be meant", "혹시 {near}?"}},
		"inventory.local": {
			Text{"with ansible_connection=local the work for this host is done on the machine that deploys", "ansible_connection=local이면 이 호스트의 작업이 배포 장비에서 실행됩니다"},
			Text{"leave it out; only localhost has it", "지우십시오. localhost에만 씁니다"}},
	}
}
