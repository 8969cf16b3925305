package i18n

// Lab is the words of "stackhand lab".
type Lab struct {
	Short, Long                                   string
	ShortUp, ShortDown, ShortStatus, ShortSSH     string
	ShortExec, ShortPower, ShortNet, ShortImage   string
	ShortPowerOn, ShortPowerOff, ShortPowerCut    string
	ShortNetCut, ShortNetHeal, ShortImageBuild    string
	FlagName, FlagNames, FlagImage, FlagRealPower string
	FlagDisk, FlagWipe, FlagImages                string
	NoteImageBuild, NoteImageWait, NoteImageReady string // {image}, {took}: seconds
	NotePowerOn, NoteReady, NoteCable             string // {host}
	Up                                            string // {hosts}, {took}, {site}
	Down, Wiped                                   string // {name}
	Site                                          string // {site}
	On                                            string // {age}, {boots}
	Silent                                        string // {age}
	Off                                           string // {how}
	Never, NetCut                                 string
	EndPowerOff, EndCut, EndKilled, EndFailed     string
	PoweredOn, PoweredOff, PowerWasCut            string // {hosts}
	NetWasCut, NetHealed                          string // {hosts}
	BadNumber                                     string // {given}
	ImagesAlone                                   string
	Practice                                      Practice
}

func labEn() Lab {
	return Lab{
		Practice: practiceIn(English),
		Short:    "practice hosts: real Linux hosts on this machine",
		Long: "Practice hosts: real Linux hosts on this machine, each with systemd, sshd, an address and a disk.\n" +
			"Power can be cut and given back, the network cable pulled; the disk stays. Needs Linux and root.",
		ShortUp:         "make the hosts and switch them on",
		ShortDown:       "shut all hosts down; disks stay",
		ShortStatus:     "show the hosts",
		ShortSSH:        "log in to a host, or run a command there",
		ShortExec:       "run a program of this machine in the lab's network",
		ShortPower:      "switch hosts on or off, or cut their power",
		ShortNet:        "pull the hosts' network cables, or put them back",
		ShortImage:      "the disk images that hosts start from",
		ShortPowerOn:    "switch hosts on and wait until they let us in",
		ShortPowerOff:   "shut hosts down as \"poweroff\" does",
		ShortPowerCut:   "take the power away: nothing is stopped, nothing is saved",
		ShortNetCut:     "pull the network cables",
		ShortNetHeal:    "put the network cables back",
		ShortImageBuild: "build the images that are missing",
		FlagName:        "which lab; several can live beside each other",
		FlagNames:       "names of the hosts, separated by commas",
		FlagImage:       "what is on the hosts: bare, or services (the services of a control plane, off)",
		FlagRealPower:   "each host on a disk of its own, so that a power cut loses what was not synced",
		FlagDisk:        "size of that disk in MiB (4096)",
		FlagWipe:        "remove the hosts' disks, keys and site.yaml too",
		FlagImages:      "with --wipe: remove the images too",
		NoteImageBuild:  "Building image {image}; once, about a minute.",
		NoteImageWait:   "Image {image} is being built by somebody else; waiting for it.",
		NoteImageReady:  "Image {image} is ready after {took} s.",
		NotePowerOn:     "{host}: power on",
		NoteReady:       "{host}: ready",
		NoteCable:       "{host}: its network cable is pulled; not waited for. Put it back: stackhand lab net heal {host}",
		Up:              "Up in {took} s: {hosts}\nSite: {site}",
		Down:            "{name} is down; disks and keys are kept. \"stackhand lab up\" brings it back.",
		Wiped:           "{name} is gone, with its disks and keys.",
		Site:            "Site: {site}",
		On:              "on for {age} (boot {boots})",
		Silent:          "on for {age}, but SSH does not let us in",
		Off:             "off ({how})",
		Never:           "off (was never on)",
		NetCut:          "network cable pulled",
		EndPowerOff:     "shut down",
		EndCut:          "power cut",
		EndKilled:       "its supervisor was killed",
		EndFailed:       "did not boot",
		PoweredOn:       "On: {hosts}",
		PoweredOff:      "Shut down: {hosts}",
		PowerWasCut:     "Power cut: {hosts}",
		NetWasCut:       "Network cable pulled: {hosts}",
		NetHealed:       "Network cable back: {hosts}",
		BadNumber:       "The number of hosts is a number from 1, without --names: {given}",
		ImagesAlone:     "--images goes with --wipe only: hosts cannot be kept without their image.",
	}
}

func labKo() Lab {
	return Lab{
		Practice: practiceIn(Korean),
		Short:    "연습용 호스트: 이 장비 안에 만드는 실제 리눅스 호스트",
		Long: "연습용 호스트: 이 장비 안에 만드는 실제 리눅스 호스트로, 각각 systemd, sshd, 주소, 디스크를 따로 갖습니다.\n" +
			"전원을 끊었다 다시 넣고 네트워크 케이블을 뽑아 볼 수 있으며, 디스크는 그대로 남습니다. 리눅스와 root 권한이 필요합니다.",
		ShortUp:         "호스트를 만들고 켭니다",
		ShortDown:       "모든 호스트를 종료합니다. 디스크는 남습니다",
		ShortStatus:     "호스트 상태를 표시합니다",
		ShortSSH:        "호스트에 로그인하거나 명령을 실행합니다",
		ShortExec:       "이 장비의 프로그램을 연습용 네트워크 안에서 실행합니다",
		ShortPower:      "호스트를 켜고 끄거나 전원을 끊습니다",
		ShortNet:        "호스트의 네트워크 케이블을 뽑거나 다시 꽂습니다",
		ShortImage:      "호스트가 쓰는 디스크 이미지",
		ShortPowerOn:    "호스트를 켜고 로그인할 수 있을 때까지 기다립니다",
		ShortPowerOff:   "poweroff 명령처럼 정상 종료합니다",
		ShortPowerCut:   "전원을 끊습니다. 서비스 종료도 저장도 없습니다",
		ShortNetCut:     "네트워크 케이블을 뽑습니다",
		ShortNetHeal:    "네트워크 케이블을 다시 꽂습니다",
		ShortImageBuild: "없는 이미지를 만듭니다",
		FlagName:        "대상 연습 환경. 여러 개를 함께 둘 수 있습니다",
		FlagNames:       "호스트 이름, 쉼표로 구분",
		FlagImage:       "호스트 이미지: bare 또는 services(컨트롤 플레인 서비스가 설치되어 있고 꺼져 있음)",
		FlagRealPower:   "호스트마다 별도 디스크를 써서, 전원을 끊으면 sync되지 않은 데이터가 사라지게 합니다",
		FlagDisk:        "그 디스크의 크기(MiB, 기본 4096)",
		FlagWipe:        "호스트의 디스크, 키, site.yaml도 지웁니다",
		FlagImages:      "--wipe와 함께: 이미지도 지웁니다",
		NoteImageBuild:  "이미지 {image} 만드는 중. 처음 한 번만, 1분 정도 걸립니다.",
		NoteImageWait:   "다른 곳에서 이미지 {image} 만드는 중입니다. 기다립니다.",
		NoteImageReady:  "이미지 {image} 준비 완료({took}초).",
		NotePowerOn:     "{host}: 전원 켬",
		NoteReady:       "{host}: 준비 완료",
		NoteCable:       "{host}: 네트워크 케이블이 뽑혀 있어 기다리지 않습니다. 다시 꽂기: stackhand lab net heal {host}",
		Up:              "모두 켜짐({took}초): {hosts}\n사이트: {site}",
		Down:            "{name}: 종료했습니다. 디스크와 키는 남아 있습니다. \"stackhand lab up\"으로 다시 켭니다.",
		Wiped:           "{name}: 디스크와 키까지 모두 지웠습니다.",
		Site:            "사이트: {site}",
		On:              "켜진 지 {age} (부팅 {boots}회째)",
		Silent:          "켜진 지 {age}, SSH 로그인이 되지 않음",
		Off:             "꺼짐({how})",
		Never:           "꺼짐(켠 적 없음)",
		NetCut:          "네트워크 케이블 뽑힘",
		EndPowerOff:     "정상 종료",
		EndCut:          "전원 끊김",
		EndKilled:       "감독 프로세스가 강제 종료됨",
		EndFailed:       "부팅 실패",
		PoweredOn:       "켜짐: {hosts}",
		PoweredOff:      "정상 종료: {hosts}",
		PowerWasCut:     "전원 끊음: {hosts}",
		NetWasCut:       "네트워크 케이블 뽑음: {hosts}",
		NetHealed:       "네트워크 케이블 다시 꽂음: {hosts}",
		BadNumber:       "호스트 수는 1 이상의 숫자여야 하며 --names와 함께 쓸 수 없습니다: {given}",
		ImagesAlone:     "--images는 --wipe와 함께만 쓸 수 있습니다. 호스트는 이미지 없이 남을 수 없습니다.",
	}
}

// labProblems are the problems of internal/lab.
func labProblems() map[string][2]Text {
	return map[string][2]Text{
		"lab.machine.system": {
			{"Practice hosts need Linux; this is {system}.", "연습용 호스트는 리눅스에서만 만들 수 있습니다. 현재 시스템: {system}"},
			{"Run it on a Linux machine or in a Linux VM.", "리눅스 장비나 리눅스 가상 머신에서 실행하십시오."}},
		"lab.machine.root": {
			{"Practice hosts need root.", "연습용 호스트를 다루려면 root 권한이 필요합니다."},
			{"Run the same command as root, for instance with sudo.", "같은 명령을 root로, 예를 들어 sudo로 실행하십시오."}},
		"lab.machine.rights": {
			{"Practice hosts need a root that may make namespaces, mounts and networks. This one may not: {missing}", "연습용 호스트에는 namespace, mount, 네트워크를 만들 수 있는 root가 필요합니다. 없는 권한: {missing}"},
			{"In a container? Start it with these capabilities (such as --privileged), or work on the machine itself.", "컨테이너라면 이 capability를 주고 시작하거나(예: --privileged) 장비에서 직접 실행하십시오."}},
		"lab.machine.tool": {
			{"This machine has no {tool}.", "이 장비에 {tool} 프로그램이 없습니다."},
			{"Install it: apt-get install {package}", "설치하십시오: apt-get install {package}"}},
		"lab.machine.cgroup": {
			{"This machine has no cgroups of version 2.", "이 장비에 cgroup 버전 2가 마운트되어 있지 않습니다."},
			{"Mount them: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified",
				"마운트하십시오: mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified"}},
		"lab.path.unusable": {
			{"The lab cannot live in {path}: the name has a character that mounts cannot take.", "연습 환경을 {path} 경로에 둘 수 없습니다. 마운트할 수 없는 문자가 들어 있습니다."},
			{"Set STACKHAND_LAB to a directory without comma, colon, quote and backslash.", "STACKHAND_LAB을 쉼표, 콜론, 따옴표, 역슬래시가 없는 경로로 지정하십시오."}},
		"lab.name.invalid": {
			{"Not a name that can be used here: {name}", "쓸 수 없는 이름: {name}"},
			{"Use lower-case letters, digits and hyphens, with a letter first.", "소문자로 시작하고 소문자, 숫자, 하이픈만 쓰십시오."}},
		"lab.name.taken": {
			{"A lab {name} runs already, from the directory {path}.", "{name} 연습 환경이 다른 경로에서 이미 실행 중입니다: {path}"},
			{"Use that one (STACKHAND_LAB={path}), or give yours another name (--name).", "그것을 쓰거나(STACKHAND_LAB={path}) 다른 이름(--name)을 지정하십시오."}},
		"lab.lab.missing": {
			{"There is no lab {name}.", "{name} 연습 환경이 없습니다."},
			{"Make it: stackhand lab up --name {name}", "만드십시오: stackhand lab up --name {name}"}},
		"lab.lab.off": {
			{"The lab {name} is off; it has no network now.", "{name} 연습 환경이 꺼져 있어 네트워크가 없습니다."},
			{"Switch it on: stackhand lab up --name {name}", "켜십시오: stackhand lab up --name {name}"}},
		"lab.lab.full": {
			{"A lab has at most {most} hosts.", "연습 환경 하나에 둘 수 있는 호스트는 최대 {most}개입니다."},
			{"Use fewer, or a second lab (--name).", "호스트 수를 줄이거나 다른 연습 환경(--name)을 쓰십시오."}},
		"lab.host.missing": {
			{"The lab has no host {host}.", "연습 환경에 {host} 호스트가 없습니다."},
			{"It has: {known}", "있는 호스트: {known}"}},
		"lab.host.off": {
			{"{host} is off or still starting.", "{host}: 꺼져 있거나 아직 시작 중입니다."},
			{"Switch it on: stackhand lab power on {host}", "켜십시오: stackhand lab power on {host}"}},
		"lab.host.boot": {
			{"{host} did not boot.", "{host}: 부팅하지 못했습니다."},
			{"The whole log is in {log}; console.log beside it has what systemd said.", "전체 로그: {log}. 같은 디렉터리의 console.log에 systemd 출력이 있습니다."}},
		"lab.host.silent": {
			{"{host} is on, but did not let us in within {seconds} s.", "{host}: 켜져 있으나 {seconds}초 안에 로그인되지 않았습니다."},
			{"Look at it: stackhand lab status. Is its network cable in, is sshd up?", "stackhand lab status로 확인하십시오. 네트워크 케이블과 sshd 상태를 살펴보십시오."}},
		"lab.host.lingering": {
			{"{host} is still not off after {seconds} s.", "{host}: {seconds}초가 지나도 꺼지지 않았습니다."},
			{"A service may refuse to stop. Take its power: stackhand lab power cut {host}", "종료되지 않는 서비스가 있을 수 있습니다. 전원을 끊으십시오: stackhand lab power cut {host}"}},
		"lab.image.other": {
			{"The lab's hosts are made from image {image}; {wanted} was asked for.", "이 연습 환경의 이미지는 {image}인데 요청한 이미지는 {wanted}입니다."},
			{"Make another lab (--name), or remove this one first: stackhand lab down --wipe", "다른 연습 환경(--name)을 만들거나 먼저 지우십시오: stackhand lab down --wipe"}},
		"lab.disk.other": {
			{"The lab's hosts have plain disks; a real power loss was asked for.", "이 연습 환경의 호스트는 일반 디스크를 쓰므로 실제 전원 손실을 흉내 낼 수 없습니다."},
			{"Make another lab (--name), or remove this one first: stackhand lab down --wipe", "다른 연습 환경(--name)을 만들거나 먼저 지우십시오: stackhand lab down --wipe"}},
		"lab.image.mirror": {
			{"apt on this machine does not know where Debian {release} comes from.", "이 장비의 apt 설정에 데비안 {release} 저장소가 없습니다."},
			{"Add it to the sources of apt and run: apt-get update", "apt 저장소 목록에 추가한 뒤 apt-get update를 실행하십시오."}},
		"lab.image.build": {
			{"Image {image} could not be built.", "이미지 {image} 만들기에 실패했습니다."},
			{"The whole log is in {log}. The same command tries again.", "전체 로그: {log}. 같은 명령으로 다시 시도할 수 있습니다."}},
		"lab.image.busy": {
			{"Image {image} is in use by a running host.", "이미지 {image}: 실행 중인 호스트가 쓰고 있습니다."},
			{"Shut down the other labs first: stackhand lab down --name NAME", "다른 연습 환경을 먼저 종료하십시오: stackhand lab down --name NAME"}},
		"lab.image.gone": {
			{"The image {image} that the lab's disks were made from is gone.", "이 연습 환경의 디스크를 만든 이미지 {image} 버전이 없습니다."},
			{"The disks cannot be used any more: stackhand lab down --wipe, then up", "디스크를 더는 쓸 수 없습니다. stackhand lab down --wipe 실행 후 다시 만드십시오."}},
		"lab.image.unknown": {
			{"There is no image {image}.", "{image} 이미지가 없습니다."},
			{"There are: {known}", "있는 이미지: {known}"}},
		"lab.command.failed": {
			{"A command of the machine failed: {command}", "장비의 명령이 실패했습니다: {command}"},
			{"What it said is above. Clean up with: stackhand lab down", "위의 메시지를 확인하십시오. 정리하려면 stackhand lab down을 실행하십시오."}},
		"lab.down.left": {
			{"The lab is down, but this is left: {what}", "연습 환경은 종료했지만 남은 것이 있습니다: {what}"},
			{"Something outside the lab may use it. Try again: stackhand lab down", "연습 환경 밖에서 사용 중일 수 있습니다. 다시 시도하십시오: stackhand lab down"}},
	}
}
