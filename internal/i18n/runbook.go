package i18n

// Runbook is what evidence tables, the scene and decisions of runbooks are shown with; line
// mode, the report and the screen share it.
type Runbook struct {
	Absent                                            string            // {why}
	Why                                               map[string]string // why a fact is absent
	None                                              string            // a list that was read, and is empty
	ByHand                                            string            // behind a value that was read at the host's own console
	Hosts                                             string            // head of the first column
	Means                                             string            // head of the last column
	Levels                                            map[string]string // ok, odd, bad
	Evidence                                          string            // heading
	Proofs                                            string            // heading
	Guards                                            string            // heading
	Scene                                             string            // heading
	SceneAt                                           string            // {path}
	File                                              string
	Bytes                                             string
	SHA                                               string
	State                                             string
	Kept                                              string
	KeptEnd                                           string            // only the end
	NotKept                                           map[string]string // why something is not in the scene
	Fetched                                           string            // {files}, {bytes}
	Card                                              string            // {host}
	ListBox                                           string            // after what a box wants, where it takes a list
	WrongBox, WrongList                               string            // {match}
	WrongWord                                         string            // {words}
	Overridden                                        string            // a guard, by typed name
	BeforeAfter                                       string            // heading
	BaselineOf, BaselineSame, BaselineWas, BaselineIs string            // heading {time} {run}; nothing differs; heads of columns
	BaselineLine                                      string            // {host}, {fact}, {was}, {is}
	First                                             string
	Last                                              string
	Fact                                              string
	TimeLine                                          string // heading
	Time                                              string
	What                                              string
	PlanCalls                                         string
	PlanHolds                                         string
	PlanRefuses                                       string
	OptHand                                           string // {host}
	OptAbsent                                         string
	OptAbort                                          string // {host}
	AbortAll                                          string // {host}; what is taken back follows, a line each
	Held                                              string // heading of what is still held
	AbortTitle                                        string
	AbortBody                                         string // {host}
	AskWaive                                          string // heads of dialogs
	AskGuard                                          string
	BoxTitle                                          string // {n}, {all}
	Seen                                              string // label of the box of a manual step
	Actions                                           map[string]string
}

func runbookIn(l Lang) Runbook {
	if l == Korean {
		return runbookKo()
	}
	return Runbook{
		Absent: "- ({why})",
		Why: map[string]string{
			"not-read": "not read", "unreachable": "no answer", "dropped": "host dropped", "empty": "empty", "no-match": "not in the output", "bad-type": "unreadable",
			"secret": "holds a secret", "failed": "command failed", "no-address": "no address", "not-given": "not said", "by-hand": "not asked by hand",
		},
		None: "none", ByHand: "(by hand)", Hosts: "hosts", Means: "what it means", Levels: map[string]string{"ok": "ok", "odd": "odd", "bad": "bad"},
		Evidence: "Evidence", Proofs: "Proofs", Guards: "Guards", Scene: "Scene kept", SceneAt: "The files lie as they were on the hosts, unredacted, under {path}",
		File: "file", Bytes: "bytes", SHA: "sha256", State: "state", Kept: "kept", KeptEnd: "its end is kept",
		NotKept: map[string]string{
			"nothing": "is not there", "other": "is no regular file", "room": "left out: the scene is full", "unreachable": "the host does not answer", "failed": "the command failed",
			"remote.file.kind": "is no regular file", "remote.limit": "took too long", "remote.flood": "printed too much",
		},
		Fetched: "scene: {files} kept, {bytes} bytes", Card: "At the console of {host}, type:", ListBox: "(commas between; - for none)", WrongBox: "That does not fit. It must look like this: {match}", WrongList: "That does not fit. Type all of them, with commas between; - for none. Each must look like this: {match}", WrongWord: "That does not fit. Type one of: {words}",
		Overridden: "overridden", BeforeAfter: "Before and after",
		BaselineOf: "Compared with the baseline of {time} (run {run})", BaselineSame: "Nothing that was looked at differs.", BaselineWas: "then", BaselineIs: "now",
		BaselineLine: "differs from the baseline: {host} {fact}: was {was}, is {is}", First: "before", Last: "after", Fact: "fact",
		TimeLine: "Time line", Time: "time", What: "what",
		PlanCalls: "calls another procedure; its steps follow", PlanHolds: "holds now", PlanRefuses: "does not hold now: the run would end here as refused, unless decisions before it change that",
		OptHand: "Do it at the console of {host}, and type what it says", OptAbsent: "Go on without it, and do not ask again", OptAbort: "Take the way back on {host} and end the run as failed",
		AbortAll: "Take back what was done before as well, the last first? With the site's name all of this is taken back; with no, only what was done on {host}:", Held: "Still held",
		AbortTitle: "Take the way back?", AbortBody: "The way back of this step runs on {host}. Then the run ends as failed.",
		AskWaive: "Go on without it?", AskGuard: "Blocked by a guard", BoxTitle: "Read back {n} of {all}", Seen: "What you saw",
		Actions: map[string]string{"judge": "judges what was read", "prove": "proves", "waive": "asks to go on without", "fetch": "keeps the scene", "copy": "copies a file", "call": "calls a procedure"},
	}
}

func runbookKo() Runbook {
	return Runbook{
		Absent: "- ({why})",
		Why: map[string]string{
			"not-read": "읽지 않음", "unreachable": "응답 없음", "dropped": "제외된 호스트", "empty": "빈 값", "no-match": "출력에 없음", "bad-type": "해석 불가",
			"secret": "비밀 값 포함", "failed": "명령 실패", "no-address": "주소 없음", "not-given": "판정 없음", "by-hand": "수작업에서 묻지 않음",
		},
		None: "없음", ByHand: "(수작업)", Hosts: "호스트", Means: "해석", Levels: map[string]string{"ok": "정상", "odd": "다름", "bad": "이상"},
		Evidence: "증적", Proofs: "증명", Guards: "보호 조건", Scene: "보존한 현장", SceneAt: "호스트에 있던 그대로 보존되어 있으며 비밀 값이 가려져 있지 않습니다. 위치: {path}",
		File: "파일", Bytes: "바이트", SHA: "sha256", State: "상태", Kept: "보존", KeptEnd: "끝부분만 보존",
		NotKept: map[string]string{
			"nothing": "없음", "other": "일반 파일이 아님", "room": "한도 초과로 제외", "unreachable": "호스트 응답 없음", "failed": "명령 실패",
			"remote.file.kind": "일반 파일이 아님", "remote.limit": "시간 초과", "remote.flood": "출력이 너무 많음",
		},
		Fetched: "현장 보존: {files}개, {bytes}바이트", Card: "호스트 콘솔에서 입력하십시오. 대상: {host}", ListBox: "(쉼표로 구분, 없으면 -)", WrongBox: "형식이 맞지 않습니다. 형식: {match}", WrongList: "형식이 맞지 않습니다. 쉼표로 구분해 모두 입력하고, 없으면 -를 입력합니다. 항목 형식: {match}", WrongWord: "다음 중 하나를 입력하십시오(한/영 확인): {words}",
		Overridden: "무시하고 진행", BeforeAfter: "작업 전후",
		BaselineOf: "기준 상태와 비교 ({time}, 작업 {run})", BaselineSame: "확인한 항목은 모두 기준 상태와 같습니다.", BaselineWas: "기준", BaselineIs: "현재",
		BaselineLine: "기준 상태와 다름: {host} {fact}: 기준 {was}, 현재 {is}", First: "작업 전", Last: "작업 후", Fact: "항목",
		TimeLine: "경과", Time: "시각", What: "내용",
		PlanCalls: "다른 절차를 부름. 그 단계는 아래와 같음", PlanHolds: "지금은 맞음", PlanRefuses: "지금은 맞지 않음. 앞의 결정으로 달라지지 않으면 작업이 여기서 거부로 끝남",
		OptHand: "호스트 콘솔에서 수행하고 결과를 입력. 대상: {host}", OptAbsent: "없이 진행(다시 묻지 않음)", OptAbort: "돌아가는 길을 실행하고 작업을 실패로 끝냄. 대상: {host}",
		AbortAll: "앞에서 한 작업도 마지막 것부터 되돌립니까? 사이트 이름을 입력하면 아래를 모두 되돌리고, no를 고르면 {host}에서 한 것만 되돌립니다.", Held: "아직 해제되지 않은 것",
		AbortTitle: "돌아가는 길을 실행할까요?", AbortBody: "이 단계의 돌아가는 길을 실행합니다. 대상: {host}. 그다음 작업은 실패로 끝납니다.",
		AskWaive: "없이 진행할까요?", AskGuard: "보호 조건에 막힘", BoxTitle: "읽은 값 입력 {n}/{all}", Seen: "확인한 내용",
		Actions: map[string]string{"judge": "읽은 값 판정", "prove": "증명", "waive": "제외 여부 결정", "fetch": "현장 보존", "copy": "파일 복사", "call": "절차 호출"},
	}
}
