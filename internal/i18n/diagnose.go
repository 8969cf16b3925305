package i18n

// Diagnose is the words of "stackhand diagnose", of the find screen and of the hint in a
// running procedure's log.
type Diagnose struct {
	Short                           string
	FlagScan, FlagJSON, FlagHistory string
	FlagLimit                       string
	PasteHere                       string
	TextOrScan                      string
	TooLarge                        string // {name}, {most}
	Nothing, NothingMore            string
	Found                           string // {n}
	Harmless                        string
	Again                           string // {n}
	Live, Past                      string
	OnHosts                         string // {hosts}
	Run                             string // {id}
	NoRunbook                       string // {id}
	Line                            string // {source}, {line}
	At                              string // {source}, {offset}
	MorePlaces                      string // {n}
	Unread                          string
	Read                            string // {files}, {size}, {lines}, {hosts}
	Why                             map[string]string
	What                            map[string]string
	FewLeft                         string // {n}
	SizeLeft                        string // {n}, in MiB

	HostSilent, HostSilentDo, HalfDead, HalfDeadDo string

	Hint string // {means}, {id}

	// The screen.
	Title, Paste, PasteAbout, Placeholder, Scan, ScanAbout string
	KeyScan, KeyPaste, KeyClear, KeyRunbook                string
	HelpScan, HelpPaste, HelpClear, HelpRunbook            string
	Scanning                                               string // {done}, {all}
	States                                                 map[string]string
	Symptoms                                               string
	NotThere                                               string // {id}
	Like, Near, Narrowed                                   string // runbooks in whose words it stands; whose words it comes near; the first, while it is typed
	NothingHere, HelpGroup, HelpField, KeyFind, WholeSite  string // on the screen only
	HomeName, HomeAbout                                    string
}

func diagnoseIn(l Lang) Diagnose {
	if l == Korean {
		return Diagnose{
			Short:    "오류 메시지나 사이트의 로그를 보고 맞는 런북을 찾습니다",
			FlagScan: "사이트의 모든 호스트에서 로그와 현재 상태를 읽습니다 (읽기만 합니다)", FlagJSON: "결과를 JSON으로 출력합니다",
			FlagHistory: "이 시간보다 오래된 로그는 보지 않습니다", FlagLimit: "호스트마다 이 시간까지만 읽습니다",
			PasteHere:  "오류 메시지나 로그를 붙여 넣고 Ctrl-D를 누르십시오.",
			TextOrScan: "--scan에는 파일을 함께 지정할 수 없습니다",
			TooLarge:   "{name}: 뒤쪽 {most} MiB만 봅니다",
			Nothing:    "아는 오류가 없습니다.", NothingMore: "앞뒤 줄까지 붙여 넣거나 stackhand diagnose --scan으로 사이트를 살펴보십시오.",
			Found: "찾은 것: {n}", Harmless: "무해함", Again: "{n}회", Live: "현재 상태", Past: "이후 로그에서 해소됨", OnHosts: "호스트: {hosts}",
			Run: "런북: stackhand run {id}", NoRunbook: "런북: {id} (이 버전에는 아직 없음)",
			Line: "{source} {line}행", At: "{source} 바이트 {offset}", MorePlaces: "외 {n}곳",
			Unread: "읽지 못한 것", Read: "읽은 것: 호스트 {hosts}, 파일 {files}, {size}, {lines}행",
			Why:      map[string]string{"permission": "권한 없음", "limit": "읽기 한도 초과", "incomplete": "중간에 끊김"},
			What:     map[string]string{"host": "호스트", "logs": "로그"},
			SizeLeft: "한도 때문에 뒤쪽만 보았습니다. 보지 않은 앞부분: {n} MiB",
			FewLeft:  "한도 때문에 읽지 않은 파일: {n}",

			HostSilent: "응답하지 않는 호스트가 있습니다.", HostSilentDo: "전원, 케이블, 주소를 아래에서부터 확인합니다.",
			HalfDead:   "접속은 받지만 로그인이 멈추는 반쯤 죽은 호스트입니다. 디스크나 메모리가 원인일 수 있습니다.",
			HalfDeadDo: "내려간 것으로 봅니다. 전원을 끄기 전에 콘솔을 확인합니다.",

			Hint: "로그에 맞는 런북: {id}. {means}",

			Title: "장애 찾기", Paste: "오류 메시지 붙여 넣기", PasteAbout: "붙여 넣으면 바로 맞춰 봅니다.", Placeholder: "여기에 오류 메시지를 붙여 넣으십시오",
			Scan: "사이트 살펴보기", ScanAbout: "모든 호스트의 로그와 상태를 읽습니다. 바꾸는 것은 없습니다.",
			KeyScan: "살펴보기", KeyPaste: "붙여 넣기", KeyClear: "지우기", KeyRunbook: "런북 열기",
			HelpScan: "사이트의 모든 호스트를 읽기만 하며 살펴보기", HelpPaste: "오류 메시지를 붙여 넣거나 입력", HelpClear: "붙여 넣은 내용 지우기", HelpRunbook: "선택한 런북 열기",
			Scanning: "호스트 {done}/{all}",
			States:   map[string]string{"connecting": "접속 중", "reading": "읽는 중", "done": "완료", "failed": "실패"},
			Symptoms: "증상으로 찾기", NotThere: "이 버전에 아직 없는 런북: {id}",
			NothingHere: "앞뒤 줄까지 붙여 넣거나, s 키로 사이트를 살펴보십시오.", Like: "아는 오류는 아니지만 이 말이 들어 있는 런북", Near: "아는 오류는 아니지만 표현이 가까운 런북(추측)", Narrowed: "이 말이 들어 있는 런북",
			HelpGroup: "다음 묶음으로 이동", HelpField: "오류 메시지나 번호를 입력", KeyFind: "찾기", WholeSite: "사이트 전체 살펴보기(로그와 상태 읽기)",
			HomeName: "장애 찾기", HomeAbout: "오류 메시지를 붙여 넣거나 사이트를 살펴보면 맞는 런북을 알려 줍니다.",
		}
	}
	return Diagnose{
		Short:    "find the runbook that fits an error message, or what the site's logs say",
		FlagScan: "read the logs and the state of all hosts of the site; only reads", FlagJSON: "print the result as JSON",
		FlagHistory: "leave out what was logged longer ago than this", FlagLimit: "read no longer than this on each host",
		PasteHere:  "Paste the error message or the log, then press Ctrl-D.",
		TextOrScan: "--scan takes no files",
		TooLarge:   "{name}: only the last {most} MiB are looked at",
		Nothing:    "Nothing in it is known.", NothingMore: "Paste the lines around it too, or look at the site: stackhand diagnose --scan.",
		Found: "Found: {n}", Harmless: "harmless", Again: "{n}x", Live: "seen now", Past: "over by now, says a later line", OnHosts: "on {hosts}",
		Run: "Runbook: stackhand run {id}", NoRunbook: "Runbook: {id} (not in this version yet)",
		Line: "{source} line {line}", At: "{source} at byte {offset}", MorePlaces: "and in {n} other places",
		Unread: "Could not be read", Read: "Read: hosts {hosts}, files {files}, {size}, lines {lines}",
		Why:      map[string]string{"permission": "no permission", "limit": "more than may be read", "incomplete": "it broke off"},
		What:     map[string]string{"host": "host", "logs": "logs"},
		SizeLeft: "its end was looked at, up to the limit; not the first {n} MiB",
		FewLeft:  "files not read, since there are too many: {n}",

		HostSilent: "A host does not answer.", HostSilentDo: "Power, cable, address: from the bottom up.",
		HalfDead:   "A host takes connections and its login hangs: half-dead. Its disk or memory may be the reason.",
		HalfDeadDo: "Count it as down. Look at its console before it is powered off.",

		Hint: "The log fits the runbook {id}. {means}",

		Title: "Find it", Paste: "Paste an error message", PasteAbout: "It is looked up as soon as it is there.", Placeholder: "paste the error message here",
		Scan: "Look at the site", ScanAbout: "Reads the logs and the state of all hosts. Nothing is changed.",
		KeyScan: "scan", KeyPaste: "paste", KeyClear: "clear", KeyRunbook: "open the runbook",
		HelpScan: "look at all hosts of the site; only reads", HelpPaste: "paste or type an error message", HelpClear: "clear what was pasted", HelpRunbook: "open the runbook that is selected",
		Scanning: "hosts {done}/{all}",
		States:   map[string]string{"connecting": "connecting", "reading": "reading", "done": "done", "failed": "failed"},
		Symptoms: "By symptom", NotThere: "not in this version yet: {id}",
		NothingHere: "Paste the lines around it too, or press s to look at the site.", Like: "No known error, but these runbooks say so", Near: "No known error; by its words (a guess) it may be", Narrowed: "Runbooks that say so",
		HelpGroup: "to the next group", HelpField: "type an error message or its number", KeyFind: "find", WholeSite: "Look at the whole site (reads logs and state)",
		HomeName: "Find what is broken", HomeAbout: "Paste an error message, or have the site looked at: it says which runbook fits.",
	}
}
