package i18n

// siteProblems are those of internal/site. {file}, {line} and {column} say where.
func siteProblems() map[string][2]Text {
	next := Text{"Correct that line of the file, then try again.", "파일의 해당 줄을 고친 뒤 다시 시도하십시오."}
	return map[string][2]Text{
		"site.read": {
			{"The site cannot be read: {file}", "사이트 파일을 읽을 수 없습니다: {file}"},
			{"Name another file with --site, or make one; for practice hosts: stackhand lab up", "--site로 다른 파일을 지정하거나 새로 만드십시오. 연습 호스트: stackhand lab up"}},
		"site.write": {
			{"The site cannot be written: {file}", "사이트 파일을 쓸 수 없습니다: {file}"},
			{"Check the folder's rights and room. The old file is unchanged.", "디렉터리 권한과 남은 공간을 확인하십시오. 이전 파일은 그대로입니다."}},
		"site.yaml": {
			{"{file}:{line}:{column}: {what}", "{file}:{line}:{column}: {what}"}, next},
		"site.key.unknown": {
			{"{file}:{line}:{column}: there is no key \"{key}\" here.", "{file}:{line}:{column}: 없는 키입니다: {key}"},
			{"Look for a typing mistake.", "오타인지 확인하십시오."}},
		"site.value": {
			{"{file}:{line}:{column}: {key} cannot be \"{value}\". Possible: {want}", "{file}:{line}:{column}: {key} 값이 잘못되었습니다: {value}. 가능한 값: {want}"}, next},
		"site.password": {
			{"{file}:{line}:{column}: {key} can only be \"ask\": a password is never kept in this file.", "{file}:{line}:{column}: {key} 값은 ask만 가능합니다. 비밀번호는 이 파일에 두지 않습니다."},
			{"Write \"ask\", and change that password if others could read the file.", "ask로 바꾸고, 다른 사람이 파일을 볼 수 있었다면 비밀번호를 변경하십시오."}},
		"site.name": {
			{"{file}:{line}:{column}: \"{value}\" is no name: letters, digits, dots, hyphens; not \"all\".", "{file}:{line}:{column}: 이름으로 쓸 수 없습니다: {value}. 영문자, 숫자, 점, 하이픈만 가능하며 all은 예약되어 있습니다."}, next},
		"site.empty": {
			{"{file}: the site has no hosts.", "{file}: 사이트에 호스트가 없습니다."},
			{"Add at least one under hosts, with a name, addresses and roles.", "hosts 아래에 이름, 주소, 역할을 갖춘 호스트를 추가하십시오."}},
		"site.host.duplicate": {
			{"{file}:{line}:{column}: there is a host {value} already.", "{file}:{line}:{column}: 이미 있는 호스트 이름입니다: {value}"}, next},
		"site.address.none": {
			{"{file}:{line}:{column}: {host} has no address.", "{file}:{line}:{column}: 주소가 없는 호스트입니다: {host}"},
			{"Give it at least addresses.management, which SSH goes to.", "SSH가 접속할 addresses.management를 지정하십시오."}},
		"site.address.bad": {
			{"{file}:{line}:{column}: \"{value}\" is no IP address.", "{file}:{line}:{column}: IP 주소가 아닙니다: {value}"},
			{"Write it in numbers, such as 192.0.2.11; the site works without DNS.", "192.0.2.11처럼 숫자로 쓰십시오. 사이트는 DNS 없이 동작합니다."}},
		"site.address.duplicate": {
			{"{file}:{line}:{column}: {value} belongs to {other} already.", "{file}:{line}:{column}: 이미 쓰이는 주소입니다: {value}(사용 중: {other})"}, next},
		"site.address.outside": {
			{"{file}:{line}:{column}: {value} is not in network {network} ({cidr}).", "{file}:{line}:{column}: {network} 네트워크({cidr})에 속하지 않는 주소입니다: {value}"}, next},
		"site.network.bad": {
			{"{file}:{line}:{column}: \"{value}\" is no network, such as 192.0.2.0/24.", "{file}:{line}:{column}: 네트워크 표기가 아닙니다: {value}. 예: 192.0.2.0/24"}, next},
		"site.network.host": {
			{"{file}:{line}:{column}: {value} has bits set behind its length. Meant: {want}", "{file}:{line}:{column}: 네트워크 길이 뒤의 비트가 0이 아닙니다: {value}. 의도한 값: {want}"}, next},
		"site.network.unknown": {
			{"{file}:{line}:{column}: there is no network {value} under networks. There are: {want}", "{file}:{line}:{column}: networks에 없는 네트워크입니다: {value}. 있는 것: {want}"}, next},
		"site.role": {
			{"{file}:{line}:{column}: \"{value}\" is no role: lower case letters, digits, hyphens; not \"all\".", "{file}:{line}:{column}: 역할로 쓸 수 없습니다: {value}. 영문 소문자, 숫자, 하이픈만 가능하며 all은 예약되어 있습니다."}, next},
		"site.role.duplicate": {
			{"{file}:{line}:{column}: the role {value} is there twice.", "{file}:{line}:{column}: 중복된 역할입니다: {value}"}, next},
		"site.bastion.loop": {
			{"{file}:{line}:{column}: the jump hosts lead in a circle: {chain}", "{file}:{line}:{column}: 경유 호스트가 서로를 가리킵니다: {chain}"}, next},
		"site.virtual.duplicate": {
			{"{file}:{line}:{column}: there is a virtual address {value} already.", "{file}:{line}:{column}: 이미 있는 가상 주소 이름입니다: {value}"}, next},
		"site.virtual.hosts": {
			{"{file}:{line}:{column}: no host may hold the virtual address {value}.", "{file}:{line}:{column}: 가상 주소를 가질 호스트가 없습니다: {value}"}, next},
		"site.virtual.host": {
			{"{file}:{line}:{column}: there is no host {value}.", "{file}:{line}:{column}: 없는 호스트입니다: {value}"}, next},
	}
}
