package i18n

// Practice is the words of practice sets, snapshots and faults: "stackhand lab up --set",
// "lab snapshot", "lab break".
type Practice struct {
	FlagSet, FlagFresh string
	Steps              map[string]string // a step of a set's setting up, by internal/lab/set's name
	StepDone           string            // {step}, {took}: seconds
	SetOptions         string            // {set}: --names and the like do not go with --set

	ShortSnapshot, ShortSave, ShortRestore, ShortSnapshots string
	FlagSaveForce, FlagRestoreForce                        string
	Saved, Restored                                        string // {name}, {kept}
	NoSnapshots                                            string
	SnapshotLine                                           string // {name}, {at}

	ShortBreak, ShortHeal, ShortFaults string
	FlagFaultHost                      string
	Faults                             map[string]string // by name, one line each
	FaultLine                          string            // {name}, {what}
	FaultNow                           string            // {fault}, {at}
	NoFault                            string
	Breaking, Healing                  string // {fault}
	Broken                             string // {fault}, {what}, {took}: seconds
	Healed                             string // {fault}, {took}

	ShortDrill, LongDrill      string
	DrillScreen, DrillBreaking string
	DrillWas                   string // {fault}, {what}
	DrillRun                   string // {procedure}, {status}
	DrillMended                string // {took}
	DrillBroken                string // {took}, {what}, {fault}, {name}
}

// Text returns the word in a language.
func (t Text) in(l Lang) string {
	if l == Korean {
		return t.Ko
	}
	return t.En
}

func practiceIn(l Lang) Practice {
	w := func(en, ko string) string { return Text{en, ko}.in(l) }
	return Practice{
		FlagSet: w("hosts that run what a cloud's hosts run, to practise on: galera or network",
			"실제 클라우드처럼 서비스가 도는 연습용 구성: galera 또는 network"),
		FlagFresh: w("with --set: set everything up anew, even where a prepared set is kept",
			"--set와 함께: 준비해 둔 구성이 있어도 처음부터 다시 만듭니다"),
		Steps: map[string]string{
			"prepared":   w("Disks of a prepared set are in place", "준비해 둔 디스크 복사 완료"),
			"configure":  w("Configuration files are written", "설정 파일 작성 완료"),
			"database":   w("The database cluster runs", "데이터베이스 클러스터 실행 중"),
			"broker":     w("The broker cluster runs", "메시지 브로커 클러스터 실행 중"),
			"frontend":   w("The front end of the database runs", "데이터베이스 앞단(HAProxy, keepalived) 실행 중"),
			"namespaces": w("The network nodes' namespaces are there", "네트워크 노드의 네임스페이스 구성 완료"),
			"ready":      w("All set up", "구성 완료"),
		},
		StepDone: w("{step} ({took} s).", "{step}({took}초)."),
		SetOptions: w("--set {set} brings its own hosts and image: leave N, --names and --image out.",
			"--set {set} 구성에는 호스트와 이미지가 정해져 있습니다. N, --names, --image는 빼십시오."),

		ShortSnapshot:    w("keep the disks of all hosts, and put them back", "모든 호스트의 디스크를 보관하고 되돌립니다"),
		ShortSave:        w("keep the disks of all hosts (which must be off) under a name", "모든 호스트의 디스크를 이름을 붙여 보관합니다(호스트는 꺼져 있어야 함)"),
		ShortRestore:     w("put the kept disks back (hosts off); those of now are kept aside", "보관한 디스크로 되돌립니다(호스트는 꺼져 있어야 함). 현재 디스크는 따로 보관합니다"),
		ShortSnapshots:   w("list what is kept", "보관한 목록을 표시합니다"),
		FlagSaveForce:    w("replace the one of that name", "같은 이름의 보관본을 바꿉니다"),
		FlagRestoreForce: w("really replace the hosts' disks", "호스트의 디스크를 실제로 바꿉니다"),
		Saved:            w("Kept: {name}", "보관함: {name}"),
		Restored:         w("Back to {name}. The disks of before are kept as {kept}. Switch the hosts on: stackhand lab up", "{name} 상태로 되돌렸습니다. 이전 디스크는 {kept} 이름으로 보관했습니다. 호스트 켜기: stackhand lab up"),
		NoSnapshots:      w("Nothing is kept.", "보관한 것이 없습니다."),
		SnapshotLine:     w("{name}  {at}", "{name}  {at}"),

		ShortBreak:    w("make a fault in a practice set, for real", "연습 구성에 실제 장애를 만듭니다"),
		ShortHeal:     w("take the fault away and bring the set back", "장애를 없애고 구성을 되살립니다"),
		ShortFaults:   w("list the faults that can be made", "만들 수 있는 장애 목록을 표시합니다"),
		FlagFaultHost: w("the host to break, where the fault lets one choose", "장애를 만들 호스트(고를 수 있는 장애만)"),
		Faults:        faultsIn(l),
		FaultLine:     w("{name}  {what}", "{name}  {what}"),
		FaultNow:      w("The lab has this fault now: {fault} (since {at}).", "현재 이 연습 환경의 장애: {fault}({at}부터)."),
		NoFault:       w("The lab has no fault now.", "현재 이 연습 환경에는 장애가 없습니다."),
		Breaking:      w("Making the fault {fault} …", "장애 만드는 중: {fault} …"),
		Healing:       w("Healing {fault} …", "복구하는 중: {fault} …"),
		Broken:        w("Broken after {took} s: {what}.", "장애 발생({took}초): {what}."),
		Healed:        w("Whole again after {took} s.", "정상으로 돌아옴({took}초)."),

		ShortDrill: w("break something, open the screen, and tell at the end how it went", "장애를 하나 만들고 화면을 연 뒤, 끝나면 결과를 알려 줍니다"),
		LongDrill: w("A fault is made at random (or the one named) without saying which, and the screen opens with the set's site.\nWhen you leave the screen, the fault is named, the runs are listed, and it is checked whether all is whole again.",
			"장애 하나를 무작위로(또는 지정한 대로) 만들되 무엇인지 알리지 않고, 그 구성의 사이트로 화면을 엽니다.\n화면을 나오면 어떤 장애였는지, 무엇을 실행했는지, 모두 정상으로 돌아왔는지 알려 줍니다."),
		DrillScreen:   w("A drill needs a terminal for the screen. Without one: stackhand lab break FAULT", "훈련에는 화면을 열 터미널이 필요합니다. 터미널이 없으면 stackhand lab break FAULT를 사용하십시오."),
		DrillBreaking: w("Breaking something … the clock starts when the screen opens.", "장애를 만드는 중… 화면이 열리면 시간을 재기 시작합니다."),
		DrillWas:      w("The fault was {fault}: {what}.", "장애 내용: {fault}, {what}."),
		DrillRun:      w("  run: {procedure}, exit status {status}", "  실행: {procedure}, 종료 상태 {status}"),
		DrillMended:   w("Mended: everything is whole again. On the screen for {took}.", "복구 성공: 모두 정상입니다. 화면에서 보낸 시간 {took}."),
		DrillBroken:   w("Not mended after {took}: {what}. Bring it back: stackhand lab --name {name} heal {fault}", "{took} 동안 복구되지 않음: {what}. 되살리기: stackhand lab --name {name} heal {fault}"),
	}
}

// practiceProblems are the problems of sets, snapshots and faults.
func practiceProblems() map[string][2]Text {
	return map[string][2]Text{
		"lab.set.unknown": {
			{"There is no practice set {set}.", "{set} 연습 구성이 없습니다."},
			{"There are: {known}", "있는 구성: {known}"}},
		"lab.set.other": {
			{"The lab was made for the set \"{set}\"; {wanted} was asked for.", "이 연습 환경의 구성은 \"{set}\"인데 요청한 구성은 {wanted}입니다."},
			{"Make another lab (--name), or remove this one first: stackhand lab down --wipe", "다른 연습 환경(--name)을 만들거나 먼저 지우십시오: stackhand lab down --wipe"}},
		"lab.set.notready": {
			{"The practice set {set} did not become whole: {what}", "{set} 연습 구성이 완전하지 않습니다: {what}"},
			{"Look at the host: stackhand lab ssh HOST. To begin again: stackhand lab down --wipe", "호스트를 확인하십시오: stackhand lab ssh HOST. 처음부터 다시 하려면 stackhand lab down --wipe를 실행하십시오."}},
		"lab.fault.unknown": {
			{"There is no fault {fault}.", "{fault} 장애가 없습니다."},
			{"List them: stackhand lab faults", "목록 보기: stackhand lab faults"}},
		"lab.fault.set": {
			{"The fault {fault} is for the practice set {wanted}; this lab's set is \"{set}\".", "{fault} 장애는 {wanted} 구성에서만 만들 수 있습니다. 이 연습 환경의 구성: \"{set}\""},
			{"Make one: stackhand lab --name NAME up --set {wanted}", "구성 만들기: stackhand lab --name NAME up --set {wanted}"}},
		"lab.fault.notwhole": {
			{"A fault is made only in a set that is whole, and this one is not: {what}", "장애는 정상인 구성에서만 만들 수 있는데 현재 정상이 아닙니다: {what}"},
			{"Bring it up first: stackhand lab up --set NAME", "먼저 정상으로 만드십시오: stackhand lab up --set NAME"}},
		"lab.fault.present": {
			{"The lab has a fault already: {present}", "이 연습 환경에 이미 장애가 있습니다: {present}"},
			{"Heal it first: stackhand lab heal {present}", "먼저 복구하십시오: stackhand lab heal {present}"}},
		"lab.fault.notpresent": {
			{"The lab does not have the fault {fault}.", "이 연습 환경에 {fault} 장애가 없습니다."},
			{"What it has: stackhand lab faults", "현재 장애 보기: stackhand lab faults"}},
		"lab.fault.host": {
			{"The fault {fault} cannot be made on {host}.", "{fault} 장애는 {host} 호스트에 만들 수 없습니다."},
			{"It can on: {hosts}", "만들 수 있는 호스트: {hosts}"}},
		"lab.fault.nosymptom": {
			{"The fault {fault} was made, but its symptom did not show within {seconds} s: {what}", "{fault} 장애를 만들었지만 {seconds}초 안에 증상이 나타나지 않았습니다: {what}"},
			{"Take it away: stackhand lab heal {fault}. Then try again.", "없앤 뒤 다시 시도하십시오: stackhand lab heal {fault}"}},
		"lab.snapshot.on": {
			{"Disks can be copied only while all hosts are off. On: {hosts}", "디스크는 모든 호스트가 꺼져 있을 때만 복사할 수 있습니다. 켜진 호스트: {hosts}"},
			{"Shut them down: stackhand lab down (or stackhand lab power cut HOST…)", "종료하십시오: stackhand lab down (또는 stackhand lab power cut HOST…)"}},
		"lab.snapshot.missing": {
			{"Nothing is kept under the name {name}.", "{name} 이름으로 보관한 디스크가 없습니다."},
			{"Kept: {known}", "보관한 목록: {known}"}},
		"lab.snapshot.taken": {
			{"{name} is kept already, of {at}.", "{name} 이름의 보관본이 이미 있습니다({at})."},
			{"Choose another name, or replace it with --force.", "다른 이름을 쓰거나 --force로 바꾸십시오."}},
		"lab.snapshot.confirm": {
			{"The disks of {hosts} will be replaced by those of {at}. The disks of now will be kept as {kept}; what was kept under that name goes. Nothing was changed yet.",
				"다음 호스트의 디스크를 {at} 상태로 바꿉니다: {hosts}. 현재 디스크는 {kept} 이름으로 보관하며, 그 이름으로 보관한 것은 지워집니다. 아직 아무것도 바꾸지 않았습니다."},
			{"If that is meant: stackhand lab snapshot restore {name} --force", "진행하려면: stackhand lab snapshot restore {name} --force"}},
		"lab.snapshot.other": {
			{"The disks kept as {name} do not fit this lab: another image, or disks of another kind.", "{name} 이름으로 보관한 디스크는 이 연습 환경과 맞지 않습니다. 이미지나 디스크 종류가 다릅니다."},
			{"They can be used only in a lab made as theirs was.", "같은 방식으로 만든 연습 환경에서만 쓸 수 있습니다."}},
	}
}
