package i18n

// answersProblems are those of files of answers.
func answersProblems() map[string][2]Text {
	return map[string][2]Text{
		"answers.read": {
			{"The file cannot be read: {file}", "파일을 읽을 수 없습니다: {file}"},
			{"Check its name and its rights.", "파일 이름과 권한을 확인하십시오."}},
		"answers.write": {
			{"The file cannot be written: {file}", "파일을 쓸 수 없습니다: {file}"},
			{"Check the folder's rights and room. The file before is unchanged.", "디렉터리 권한과 남은 공간을 확인하십시오. 이전 파일은 그대로입니다."}},
		"answers.value": {
			{"{key} cannot be written like this: an answer file does not carry the value ({code}).", "이대로 쓸 수 없는 값입니다: {key}({code}). 응답 파일에 담을 수 없습니다."},
			{"Use one line of plain ASCII without blanks at its ends and without a blank before a semicolon.", "앞뒤 공백이 없고 세미콜론 앞에 공백이 없는 ASCII 한 줄로 쓰십시오."}},
		"answers.there": {
			{"There is a file already: {file}", "이미 있는 파일입니다: {file}"},
			{"Name another one with --out, or move it away.", "--out으로 다른 이름을 지정하거나 파일을 옮기십시오."}},
		"answers.nohosts": {
			{"No host is in the file: {file}", "호스트가 없는 파일입니다: {file}"},
			{"Give a file that names hosts: answer.txt, or the inventory.", "호스트가 적힌 파일(answer.txt 또는 인벤토리)을 지정하십시오."}},
		"answers.second": {
			{"The file for a second controller cannot be derived: {what}", "두 번째 컨트롤러용 파일을 만들 수 없습니다: {what}"},
			{"Give what is missing, then try again.", "빠진 값을 넣고 다시 시도하십시오."}},
	}
}

// answersParse are findings about the shape of an answer file.
func answersParse() map[string]answerText {
	return map[string]answerText{
		"parse.section": {
			Text{"the line stands before any section, so that Packstack reads nothing", "섹션보다 앞에 있는 줄이라 Packstack이 파일을 읽지 못합니다"},
			Text{"begin the file with the line [general]", "파일을 [general] 줄로 시작하십시오"}},
		"parse.section.twice": {
			Text{"the section is there twice: Python 3 refuses the file", "같은 섹션이 두 번 있어 Python 3이 파일을 거부합니다"},
			Text{"remove the second header", "두 번째 섹션 줄을 지우십시오"}},
		"parse.twice": {
			Text{"the key is there already (line {first}): Python 3 refuses the file, Python 2 takes the last value", "이미 있는 키입니다({first}행). Python 3은 파일을 거부하고 Python 2는 마지막 값을 씁니다"},
			Text{"keep one line for it", "한 줄만 남기십시오"}},
		"parse.delimiter": {
			Text{"the line has no = and is no comment, so that Packstack refuses the file", "=가 없고 주석도 아니어서 Packstack이 파일을 거부합니다"},
			Text{"write KEY=value, or begin the line with #", "KEY=값 형식으로 쓰거나 줄을 #로 시작하십시오"}},
		"parse.indent": {
			Text{"the line begins with a blank: Python 2 refuses the file", "줄이 공백으로 시작해 Python 2가 파일을 거부합니다"},
			Text{"begin the key in the first column", "키를 첫 칸부터 쓰십시오"}},
		"parse.nokey": {
			Text{"there is no key before the delimiter, so that Packstack refuses the file", "구분 기호 앞에 키가 없어 Packstack이 파일을 거부합니다"},
			Text{"write KEY=value", "KEY=값 형식으로 쓰십시오"}},
		"parse.utf8": {
			Text{"the line is not UTF-8: Python 3 refuses the file", "UTF-8이 아닌 줄이라 Python 3이 파일을 거부합니다"},
			Text{"write it in plain ASCII", "ASCII로만 쓰십시오"}},
		"parse.bom": {
			Text{"the file begins with a byte order mark, and Packstack does not find its section", "파일이 BOM으로 시작해 Packstack이 섹션을 찾지 못합니다"},
			Text{"save it without the mark (UTF-8 without BOM)", "BOM 없는 UTF-8로 저장하십시오"}},
		"section.none": {
			Text{"there is no section [general]; its case counts", "[general] 섹션이 없습니다. 대소문자까지 같아야 합니다"},
			Text{"write [general] above the keys", "키 위에 [general] 줄을 두십시오"}},
		"section.other": {
			Text{"the key stands in section [{section}], which Packstack does not read", "Packstack이 읽지 않는 섹션에 있는 키입니다: [{section}]"},
			Text{"move it below [general]", "[general] 아래로 옮기십시오"}},
		"line.swallowed": {
			Text{"the line begins with a blank and so becomes part of the value of {owner}", "줄이 공백으로 시작해 앞 키의 값에 붙습니다. 앞 키: {owner}"},
			Text{"begin the line in the first column", "줄을 첫 칸부터 쓰십시오"}},
		"line.continues": {
			Text{"the line begins with a blank and so becomes part of the value before it", "줄이 공백으로 시작해 앞 값의 일부가 됩니다"},
			Text{"put the value on one line, or begin a comment with # in the first column", "값을 한 줄로 쓰거나 주석의 #를 첫 칸에 두십시오"}},
		"python.differ": {
			Text{"Python 2 and Python 3 read different values here", "Python 2와 Python 3이 서로 다르게 읽는 값입니다"},
			Text{"write the value in plain ASCII on one line, without blanks at its ends", "앞뒤 공백 없이 ASCII 한 줄로 쓰십시오"}},
		"python.quotes": {
			Text{"Python 2 takes two quotes for an empty value, Python 3 for two characters", "따옴표 두 개를 Python 2는 빈 값으로, Python 3은 두 글자로 읽습니다"},
			Text{"write nothing behind the =", "= 뒤를 비워 두십시오"}},
		"python.comment": {
			Text{"Python 2 cuts the value at the semicolon, Python 3 keeps all of it", "Python 2는 세미콜론에서 값을 자르고 Python 3은 전부 읽습니다"},
			Text{"put the comment on a line of its own that begins with #", "주석은 #로 시작하는 별도의 줄에 쓰십시오"}},
		"python.rem": {
			Text{"Python 2 takes a line that begins with rem for a comment, Python 3 for a key", "rem으로 시작하는 줄을 Python 2는 주석으로, Python 3은 키로 읽습니다"},
			Text{"begin comments with #", "주석은 #로 시작하십시오"}},
		"ascii.comment": {
			Text{"there are characters beyond ASCII: Python 3 refuses the file where the locale is POSIX", "ASCII가 아닌 글자가 있어 POSIX 로캘의 Python 3이 파일을 거부합니다"},
			Text{"write comments in plain ASCII", "주석도 ASCII로만 쓰십시오"}},
		"ascii.value": {
			Text{"the value has characters beyond ASCII, which Packstack cannot carry everywhere", "값에 ASCII가 아닌 글자가 있어 환경에 따라 Packstack이 처리하지 못합니다"},
			Text{"use plain ASCII", "ASCII로만 쓰십시오"}},
		"ascii.secret": {
			Text{"a secret with characters beyond ASCII ends Packstack while it masks its log", "비밀 값에 ASCII가 아닌 글자가 있으면 Packstack이 로그를 가리다가 중단됩니다"},
			Text{"use plain letters and digits", "영문자와 숫자만 쓰십시오"}},
		"key.release": {
			Text{"{release} has no such key and ignores it; {other} has it", "{release}에 없는 키이며 무시됩니다. 이 키가 있는 릴리스: {other}"},
			Text{"remove the line, or choose the other release", "줄을 지우거나 다른 릴리스를 고르십시오"}},
		"former.used": {
			Text{"this is the former name of {now}; it is still read", "예전 이름이지만 아직 읽힙니다. 지금 이름: {now}"},
			Text{"write {now}", "새 이름으로 쓰십시오: {now}"}},
		"former.beside": {
			Text{"{now} is in the file too, and the former name is ignored", "새 이름의 키도 있어 예전 이름은 무시됩니다: {now}"},
			Text{"remove this line", "이 줄을 지우십시오"}},
		"former.differ": {
			Text{"former names of {now} have different values ({old}), and Packstack refuses that", "같은 값의 예전 이름들이 서로 다른 값을 가집니다: {now}({old}). Packstack이 거부합니다"},
			Text{"write {now} once instead", "대신 새 이름으로 한 번만 쓰십시오: {now}"}},
		"group.off": {
			Text{"the key is read only with {condition}; here the value is ignored, and lost when Packstack rewrites the file", "이 조건에서만 읽는 키입니다: {condition}. 지금은 무시되며 Packstack이 파일을 다시 쓸 때 사라집니다"},
			Text{"switch that on, or remove the line", "조건을 맞추거나 줄을 지우십시오"}},
	}
}

// answersWanted are findings about one value.
func answersWanted() map[string]answerText {
	return map[string]answerText{
		"want.something": {
			Text{"the value is empty, and Packstack refuses that", "값이 비어 있어 Packstack이 거부합니다"},
			Text{"give a value", "값을 넣으십시오"}},
		"want.choice": {
			Text{"Packstack does not know the value; case counts", "Packstack이 모르는 값입니다. 대소문자를 구분합니다"},
			Text{"one of: {choices}", "가능한 값: {choices}"}},
		"want.choices": {
			Text{"Packstack does not know {item} in the list; case counts", "목록에 Packstack이 모르는 값이 있습니다: {item}. 대소문자를 구분합니다"},
			Text{"a comma list of: {choices}", "쉼표로 구분해 쓸 수 있는 값: {choices}"}},
		"want.neutron": {
			Text{"these releases have no other network service than Neutron", "이 릴리스에는 Neutron 외의 네트워크 서비스가 없습니다"},
			Text{"y", "y"}},
		"want.integer": {
			Text{"it is no whole number", "정수가 아닙니다"},
			Text{"digits only, such as 10", "10처럼 숫자만 쓰십시오"}},
		"want.number": {
			Text{"it is no number", "숫자가 아닙니다"},
			Text{"a number with a point, such as 3.0", "3.0처럼 소수점을 쓴 숫자"}},
		"want.port": {
			Text{"it is no port that Packstack takes", "Packstack이 받는 포트 번호가 아닙니다"},
			Text{"a number from 1 to 65534", "1~65534의 숫자"}},
		"want.address": {
			Text{"it is no IP address", "IP 주소가 아닙니다"},
			Text{"an address such as 192.0.2.11", "192.0.2.11 같은 주소"}},
		"want.host": {
			Text{"{item} is neither a complete address nor a host's name", "완전한 주소도 호스트 이름도 아닙니다: {item}"},
			Text{"an address such as 192.0.2.11; several separated by commas where it is a list", "192.0.2.11 같은 주소. 목록이면 쉼표로 구분"}},
		"want.host.slash": {
			Text{"{item} has a slash: Packstack connects to port 22 of the whole text and fails", "빗금이 있습니다: {item}. Packstack이 이 글자 그대로 22번 포트에 접속하려다 실패합니다"},
			Text{"the address alone", "주소만 쓰십시오"}},
		"want.ntp": {
			Text{"{item} is no address or name, and the step that sets the time fails with it", "주소나 이름이 아닙니다: {item}. 시각 동기화 단계가 실패합니다"},
			Text{"addresses or names separated by commas", "쉼표로 구분한 주소나 이름"}},
		"want.device": {
			Text{"it is no path of a device", "장치 경로가 아닙니다"},
			Text{"a path such as /dev/vdb", "/dev/vdb 같은 경로"}},
		"want.size": {
			Text{"it is no size", "크기 표기가 아닙니다"},
			Text{"a number with G, M or K, such as 2G", "2G처럼 숫자와 G, M, K"}},
		"want.gigabytes": {
			Text{"the step that makes the volume group takes whole gigabytes only", "볼륨 그룹을 만드는 단계는 GB 단위 정수만 받습니다"},
			Text{"a number with G, such as 20G", "20G처럼 숫자와 G"}},
		"want.pattern": {
			Text{"{item} has not the form that Packstack asks for", "Packstack이 요구하는 형식이 아닙니다: {item}"},
			Text{"it must match one of: {choices}", "다음 가운데 하나와 맞아야 합니다: {choices}"}},
		"want.export": {
			Text{"it is no list of NFS exports", "NFS export 목록이 아닙니다"},
			Text{"ADDRESS:/PATH, an IPv6 address in brackets, several separated by commas", "주소:/경로. IPv6는 대괄호, 여럿이면 쉼표로 구분"}},
		"want.ldapurl": {
			Text{"it is no address of a directory", "LDAP 주소가 아닙니다"},
			Text{"ldap://HOST or ldaps://HOST", "ldap://HOST 또는 ldaps://HOST"}},
		"want.dn": {
			Text{"it is no distinguished name", "DN이 아닙니다"},
			Text{"parts NAME=VALUE separated by commas, such as dc=example,dc=org", "dc=example,dc=org처럼 쉼표로 구분한 이름=값"}},
		"want.pairs": {
			Text{"{item} is no pair; nothing validates it, and Packstack stops in its Neutron steps", "이름 쌍이 아닙니다: {item}. 검증 없이 지나가 Neutron 단계에서 중단됩니다"},
			Text{"NAME:NAME, several separated by commas, none empty at the end", "이름:이름. 여럿이면 쉼표로 구분하고 끝에 쉼표를 두지 않음"}},
		"want.device.name": {
			Text{"{item} cannot be the name of a network device; nothing validates it, and the run fails on the hosts", "네트워크 장치 이름이 될 수 없습니다: {item}. 검증 없이 지나가 호스트에서 실패합니다"},
			Text{"one name of at most 15 characters, such as bond1", "bond1처럼 15자 이하의 이름 하나"}},
		"want.subnet.name": {
			Text{"with CONFIG_USE_SUBNETS=y interfaces are named by their subnet, and {item} is none", "CONFIG_USE_SUBNETS=y이면 인터페이스를 서브넷으로 적어야 하는데 서브넷이 아닙니다: {item}"},
			Text{"a subnet such as 192.168.10.0/24, or CONFIG_USE_SUBNETS=n", "192.168.10.0/24 같은 서브넷, 또는 CONFIG_USE_SUBNETS=n"}},
		"want.subnet": {
			Text{"{item} is no subnet; nothing validates it, and the run fails later", "서브넷이 아닙니다: {item}. 검증 없이 지나가 나중에 실패합니다"},
			Text{"a subnet such as 192.168.10.0/24", "192.168.10.0/24 같은 서브넷"}},
		"want.vlan": {
			Text{"{item} is no VLAN range, and Neutron does not start with it", "VLAN 범위가 아니어서 Neutron이 시작되지 않습니다: {item}"},
			Text{"PHYSNET or PHYSNET:FROM:TO within 1 to 4094", "PHYSNET 또는 PHYSNET:시작:끝(1~4094)"}},
		"want.range": {
			Text{"{item} is no range, and Neutron does not start with it", "범위가 아니어서 Neutron이 시작되지 않습니다: {item}"},
			Text{"FROM:TO within 1 to {most}", "시작:끝(1~{most})"}},
		"want.multicast": {
			Text{"it is no multicast address, and Neutron does not start with it", "멀티캐스트 주소가 아니어서 Neutron이 시작되지 않습니다"},
			Text{"empty, or an address such as 239.1.1.1", "비워 두거나 239.1.1.1 같은 주소"}},
		"want.pools": {
			Text{"it is no list of address pools, and the demonstration network is not made", "주소 풀 목록이 아니어서 데모 네트워크가 만들어지지 않습니다"},
			Text{"[] or ['start=192.0.2.10,end=192.0.2.90']", "[] 또는 ['start=192.0.2.10,end=192.0.2.90']"}},
		"value.quoted": {
			Text{"the quotes become part of the value", "따옴표도 값의 일부가 됩니다"},
			Text{"leave them out", "따옴표를 빼십시오"}},
		"odd.ratio": {
			Text{"Packstack lets it through, and the scheduler places nothing sensible with it", "Packstack은 받아들이지만 스케줄러가 제대로 배치할 수 없는 값입니다"},
			Text{"a number above 0, such as 1.0", "1.0처럼 0보다 큰 숫자"}},
		"odd.port": {
			Text{"Packstack lets port 0 through, and nothing can be reached there", "Packstack은 0번 포트를 받아들이지만 통신할 수 없습니다"},
			Text{"a number from 1 to 65534", "1~65534의 숫자"}},
		"odd.choice": {
			Text{"nothing validates the value, and it is none that the service knows", "검증되지 않는 값이며 서비스가 모르는 값입니다"},
			Text{"one of: {choices}, or the default", "가능한 값: {choices}, 또는 기본값"}},
		"odd.url": {
			Text{"it is no address that can be fetched", "내려받을 수 있는 주소가 아닙니다"},
			Text{"https://... or a path", "https://... 또는 경로"}},
	}
}

// answersTogether are findings about values that do not go together.
func answersTogether() map[string]answerText {
	return map[string]answerText{
		"agent.missing": {
			Text{"the key is missing and its default is ovn: all Open vSwitch settings are ignored, and the run reports success nevertheless", "키가 없으면 기본값이 ovn이라 Open vSwitch 설정이 모두 무시되는데도 설치는 성공으로 끝납니다"},
			Text{"CONFIG_NEUTRON_L2_AGENT=openvswitch for the documented plan", "문서의 구성이라면 CONFIG_NEUTRON_L2_AGENT=openvswitch"}},
		"agent.other": {
			Text{"the key belongs to agent {of} and is ignored: the file chooses {agent}", "다른 에이전트의 키라 무시됩니다. 이 키의 에이전트: {of}. 파일에서 고른 것: {agent}"},
			Text{"choose that agent in CONFIG_NEUTRON_L2_AGENT, or remove the line", "CONFIG_NEUTRON_L2_AGENT를 바꾸거나 줄을 지우십시오"}},
		"mechanism.replaced": {
			Text{"the agent {agent} is not in the list, and Packstack replaces the whole list by it", "목록에 선택한 에이전트가 없어 Packstack이 목록 전체를 바꿉니다. 에이전트: {agent}"},
			Text{"put {agent} into the list, or choose another agent", "목록에 넣거나 다른 에이전트를 고르십시오: {agent}"}},
		"mechanism.missing": {
			Text{"the agent {agent} is not in the list, and no port can be bound", "목록에 선택한 에이전트가 없어 포트를 연결할 수 없습니다. 에이전트: {agent}"},
			Text{"put {agent} into the list", "목록에 넣으십시오: {agent}"}},
		"tenant.ovn": {
			Text{"with OVN tenant networks are geneve, whatever is written here", "OVN에서는 적힌 값과 관계없이 테넌트 네트워크가 geneve입니다"},
			Text{"geneve, or CONFIG_NEUTRON_L2_AGENT=openvswitch", "geneve, 또는 CONFIG_NEUTRON_L2_AGENT=openvswitch"}},
		"tenant.driver": {
			Text{"type {item} is not among the type drivers ({drivers}), and neutron-server ends as it starts", "타입 드라이버에 없는 유형입니다: {item}({drivers}). neutron-server가 시작하자마자 종료됩니다"},
			Text{"put it into CONFIG_NEUTRON_ML2_TYPE_DRIVERS, or take it out here", "CONFIG_NEUTRON_ML2_TYPE_DRIVERS에 넣거나 여기서 빼십시오"}},
		"tenant.geneve": {
			Text{"the agent {agent} is not set up for geneve tunnels", "이 에이전트에는 geneve 터널이 구성되지 않습니다: {agent}"},
			Text{"vxlan, gre or vlan", "vxlan, gre, vlan 가운데 하나"}},
		"service.ovn": {
			Text{"OVN has no such service here, and Packstack switches it off", "OVN에서는 지원하지 않아 Packstack이 끕니다"},
			Text{"n, or CONFIG_NEUTRON_L2_AGENT=openvswitch", "n, 또는 CONFIG_NEUTRON_L2_AGENT=openvswitch"}},
		"bridge.compute": {
			Text{"bridge \"{item}\" is not in {where}; nothing validates it, and Packstack stops at \"Preparing Neutron L2 Agent entries\"", "브리지가 없습니다: \"{item}\"({where}). 검증 없이 지나가 \"Preparing Neutron L2 Agent entries\"에서 중단됩니다"},
			Text{"name bridges that are in the mappings and have an interface", "매핑에 있고 인터페이스가 지정된 브리지를 쓰십시오"}},
		"bridge.unmapped": {
			Text{"bridge {item} has an interface and no physical network in {mappings}", "인터페이스는 있으나 물리 네트워크가 없는 브리지입니다: {item}({mappings})"},
			Text{"PHYSNET:{item} in {mappings}", "{mappings}: PHYSNET:{item}"}},
		"physnet.unmapped": {
			Text{"physical network {item} is not in {mappings}, and nothing is connected to it", "매핑에 없는 물리 네트워크라 연결되지 않습니다: {item}({mappings})"},
			Text{"a name from the left side of the mappings", "매핑 왼쪽에 있는 이름"}},
		"iface.absent": {
			Text{"host {host} has no interface {item}, and the run fails there", "호스트에 없는 인터페이스라 그 호스트에서 설치가 실패합니다: {item}({host})"},
			Text{"one of its interfaces: {has}", "이 호스트의 인터페이스: {has}"}},
		"pairs.twice": {
			Text{"{item} is there twice, and Neutron refuses that", "두 번 나와 Neutron이 거부합니다: {item}"},
			Text{"each name once", "이름마다 한 번만"}},
		"tunnel.port": {
			Text{"the tunnel interface is a port of bridge {item}; its address moves to the bridge", "터널 인터페이스가 브리지의 포트입니다: {item}. 주소가 브리지로 옮겨집니다"},
			Text{"make sure that the address is on the hosts when Packstack asks for it, or set the tunnel subnets", "Packstack이 조회할 때 호스트에 주소가 있는지 확인하거나 터널 서브넷을 지정하십시오"}},
		"subnet.bits": {
			Text{"{item} has bits behind its length", "네트워크 길이 뒤의 비트가 0이 아닙니다: {item}"},
			Text{"{meant} may be meant", "혹시 {meant}?"}},
		"subnet.family": {
			Text{"{item} is of another address family than the controller", "컨트롤러와 주소 체계가 다릅니다: {item}"},
			Text{"a subnet of the same family", "같은 주소 체계의 서브넷"}},
		"range.none": {
			Text{"tenant networks of type {item} have no range to take numbers from", "번호 범위가 없는 테넌트 네트워크 유형입니다: {item}"},
			Text{"give a range", "범위를 넣으십시오"}},
		"pool.outside": {
			Text{"{item} is outside of {network}", "대역 밖의 주소입니다: {item}({network})"},
			Text{"addresses of that network", "그 네트워크 안의 주소"}},
		"contra.replaced": {
			Text{"{other} is {otherfound}, and Packstack replaces the value", "다른 키 때문에 Packstack이 값을 바꿉니다: {other}={otherfound}"},
			Text{"{other}={want}, or another value here", "{other}={want}, 또는 여기에 다른 값"}},
		"contra.ignored": {
			Text{"{other} is {otherfound}, so that this has no effect", "다른 키 때문에 효과가 없습니다: {other}={otherfound}"},
			Text{"{other}={want}, or n here", "{other}={want}, 또는 여기를 n으로"}},
		"contra.forced": {
			Text{"{other} is {otherfound}, so that Packstack installs this nevertheless", "다른 키 때문에 Packstack이 그래도 설치합니다: {other}={otherfound}"},
			Text{"y here, or {other}={want}", "여기를 y로, 또는 {other}={want}"}},
		"contra.needs": {
			Text{"it needs {other}={want}, which is {otherfound}", "필요한 설정이 다릅니다: {other}={want}(지금 값: {otherfound})"},
			Text{"{other}={want}, or n here", "{other}={want}, 또는 여기를 n으로"}},
		"contra.empty": {
			Text{"it is empty, and {other} needs it", "비어 있지만 필요한 값입니다. 필요한 곳: {other}"},
			Text{"give a value", "값을 넣으십시오"}},
		"host.empty": {
			Text{"the host is empty: it is accepted, and the run fails in its middle", "호스트가 비어 있습니다. 통과되지만 설치 도중에 실패합니다"},
			Text{"the controller's address", "컨트롤러 주소"}},
		"role.empty": {
			Text{"no host has the role {role}", "역할을 맡은 호스트가 없습니다: {role}"},
			Text{"at least one address", "주소를 하나 이상 넣으십시오"}},
		"host.twice": {
			Text{"{item} is there twice", "두 번 나옵니다: {item}"},
			Text{"each host once", "호스트마다 한 번만"}},
		"host.loopback": {
			Text{"other hosts cannot reach this address, and it ends up in every endpoint", "다른 호스트에서 접속할 수 없는 주소가 모든 endpoint에 들어갑니다"},
			Text{"the management address", "관리 네트워크 주소"}},
		"host.family": {
			Text{"{item} ({is}) and the hosts before it ({others}) are mixed: Packstack stops at \"Discovering ip protocol version\"", "주소 체계가 섞여 있습니다: {item}({is}, 앞의 호스트: {others}). Packstack이 \"Discovering ip protocol version\"에서 중단됩니다"},
			Text{"IPv4 addresses for all hosts, or names for all", "모든 호스트를 IPv4 주소로, 또는 모두 이름으로"}},
		"host.local": {
			Text{"without a value it is the machine that runs Packstack, which then counts as an install host", "값이 없으면 Packstack을 실행하는 장비가 되고, 설치 대상에 들어갑니다"},
			Text{"the controller ({controller})", "컨트롤러({controller})"}},
		"exclude.all": {
			Text{"all hosts are excluded, and nothing is left to install", "모든 호스트가 제외되어 설치할 대상이 없습니다"},
			Text{"leave out the hosts to be installed", "설치할 호스트는 빼십시오"}},
		"exclude.stranger": {
			Text{"{item} has no role in this file, so that excluding it does nothing", "이 파일에서 역할이 없는 호스트라 제외해도 효과가 없습니다: {item}"},
			Text{"an address as it is written in the host keys", "호스트 키에 적힌 그대로의 주소"}},
		"exclude.controller": {
			Text{"the controller of this file, {item}, is excluded", "이 파일의 컨트롤러가 제외되어 있습니다: {item}"},
			Text{"CONFIG_CONTROLLER_HOST is the new controller, the finished hosts are excluded", "CONFIG_CONTROLLER_HOST에는 새 컨트롤러, 제외 목록에는 설치가 끝난 호스트"}},
		"exclude.tunnel": {
			Text{"{item} is excluded while {iface} is set and {subnets} is empty: Packstack stops at \"Preparing Neutron API entries\"", "{iface} 값이 있고 {subnets} 값이 없는데 호스트가 제외되었습니다: {item}. Packstack이 \"Preparing Neutron API entries\"에서 중단됩니다"},
			Text{"give {subnets}", "값을 넣으십시오: {subnets}"}},
		"site.stranger": {
			Text{"{item} is no host of the site", "사이트에 없는 호스트입니다: {item}"},
			Text{"an address of site.yaml", "site.yaml에 있는 주소"}},
		"site.missing": {
			Text{"{item} has the role {role} in the site and is not here", "사이트에는 있지만 여기에 없는 호스트입니다: {item}(역할: {role})"},
			Text{"add it, or take the role from it", "추가하거나 사이트에서 역할을 빼십시오"}},
		"site.outside": {
			Text{"{item} is outside of the site's management network {network}", "사이트의 관리 네트워크 밖에 있는 주소입니다: {item}({network})"},
			Text{"the host's management address", "호스트의 관리 네트워크 주소"}},
		"site.tunnel": {
			Text{"none of the subnets is the site's tunnel network {network}", "사이트의 터널 네트워크가 들어 있지 않습니다: {network}"},
			Text{"{network}", "{network}"}},
		"secret.hiera": {
			Text{"%{ in a password is replaced later by something else", "비밀번호의 %{ 부분이 나중에 다른 값으로 바뀝니다"},
			Text{"a password of letters and digits", "영문자와 숫자로 된 비밀번호"}},
		"secret.url": {
			Text{"the password is put into an address as it is, where one of @ / : # ? % [ ] breaks it", "비밀번호가 주소에 그대로 들어가므로 @ / : # ? % [ ] 가운데 하나가 있으면 주소가 깨집니다"},
			Text{"a password of letters and digits", "영문자와 숫자로 된 비밀번호"}},
		"secret.weak": {
			Text{"the password is short or among the first that are tried", "비밀번호가 짧거나 가장 먼저 시도되는 것입니다"},
			Text{"at least 8 characters, better a generated one", "8자 이상, 되도록 자동 생성된 비밀번호"}},
		"secret.user": {
			Text{"the password is the account's name ({user})", "비밀번호가 계정 이름과 같습니다({user})"},
			Text{"another one, better a generated one", "다른 비밀번호, 되도록 자동 생성된 것"}},
		"secret.default": {
			Text{"passwords that are filled in do not follow it; here {count} are", "이미 채워진 비밀번호는 이 값을 따르지 않습니다. 채워진 수: {count}"},
			Text{"set PW_PLACEHOLDER in those that shall follow it", "이 값을 따를 비밀번호에는 PW_PLACEHOLDER를 쓰십시오"}},
	}
}

// answersSecond are findings about a file for a second controller.
func answersSecond() map[string]answerText {
	return map[string]answerText{
		"second.controller": {
			Text{"{item} is a host of the finished installation", "이미 설치된 호스트입니다: {item}"},
			Text{"the address of the new controller", "새 컨트롤러의 주소"}},
		"second.tunnel": {
			Text{"hosts are excluded while a tunnel interface is set and no tunnel subnet: Packstack stops at \"Preparing Neutron API entries\"", "터널 인터페이스는 있고 터널 서브넷은 없는데 호스트가 제외됩니다. Packstack이 \"Preparing Neutron API entries\"에서 중단됩니다"},
			Text{"give the tunnel subnets, such as 192.168.10.0/24", "192.168.10.0/24 같은 터널 서브넷을 넣으십시오"}},
		"second.secret": {
			Text{"the finished file does not have this secret, and the second run would make another one", "완료된 파일에 비밀 값이 없어 두 번째 설치가 다른 값을 만듭니다"},
			Text{"the value that the first controller has", "첫 번째 컨트롤러에 있는 값"}},
		"second.local": {
			Text{"the finished file does not say the host, and on the second run it would be another machine", "완료된 파일에 호스트가 없어 두 번째 설치에서는 다른 장비가 됩니다"},
			Text{"the first controller's address", "첫 번째 컨트롤러의 주소"}},
		"second.provision": {
			Text{"the demonstration project and network are there already; it is set to n", "데모 프로젝트와 네트워크가 이미 있으므로 n으로 바꿉니다"},
			Text{"n", "n"}},
		"second.keys": {
			Text{"the second run makes Fernet and credential keys of its own, and tokens of one controller are refused by the other", "두 번째 설치가 Fernet과 credential 키를 따로 만들어 한쪽의 token을 다른 쪽이 거부합니다"},
			Text{"copy both key sets from the first controller afterwards", "설치 뒤 첫 번째 컨트롤러의 두 키 세트를 복사하십시오"}},
	}
}

// answersCarry are values that an answer file cannot have.
func answersCarry() map[string]answerText {
	plain := Text{"one line of plain ASCII", "ASCII 한 줄로 쓰십시오"}
	return map[string]answerText{
		"value.newline": {Text{"the value has several lines", "값이 여러 줄입니다"}, plain},
		"value.ascii":   {Text{"the value has characters beyond ASCII", "값에 ASCII가 아닌 글자가 있습니다"}, plain},
		"value.control": {Text{"the value has control characters", "값에 제어 문자가 있습니다"}, plain},
		"value.blanks": {
			Text{"blanks at the ends of a value are cut", "값 앞뒤의 공백은 잘립니다"},
			Text{"a value without them", "앞뒤 공백이 없는 값"}},
		"value.quotes": {
			Text{"two quotes are an empty value to Python 2 and two characters to Python 3", "따옴표 두 개를 Python 2는 빈 값으로, Python 3은 두 글자로 읽습니다"},
			Text{"an empty value", "빈 값"}},
		"value.comment": {
			Text{"Python 2 cuts a value at a semicolon behind a blank", "Python 2는 공백 뒤의 세미콜론에서 값을 자릅니다"},
			Text{"no blank before a semicolon", "세미콜론 앞에 공백을 두지 마십시오"}},
		"value.key": {
			Text{"it cannot be a key", "키로 쓸 수 없습니다"},
			Text{"letters, digits and _", "영문자, 숫자, _"}},
		"value.place": {
			Text{"the file is in such a state that both interpreters would not read one value", "파일 상태 때문에 두 Python이 같은 값으로 읽지 못합니다"},
			Text{"mend what the check says first", "먼저 점검에서 지적된 것을 고치십시오"}},
	}
}
