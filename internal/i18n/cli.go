package i18n

// CLI is the words of the command line: help, flags, usage errors, the plan.
type CLI struct {
	Root, Run, Plan, Attach, Runs, Report, Export, Demo, Lint, Book string // what each command does

	FlagExportOut, Exported, ExportThere string
	Baseline                             string

	FlagSite, FlagAnswers, FlagSet, FlagAskSecret, FlagPlain, FlagJSON, FlagStop string
	FlagDecide, FlagOnAsk, FlagDetach, FlagObserve, FlagFormat, FlagLang         string
	FlagClean, FlagASCII                                                         string

	NoSite, NoProcedure, NoStep, OnAskWrong, PairWrong, NoTerminal string
	DecideObserve                                                  string
	SecretTyped                                                    string

	PlanHead, PlanAlready, PlanChange, PlanOpaque, PlanReads, PlanAsks  string
	PlanSkips, PlanLater, PlanUnknown, PlanSummary, PlanNothing, PlanOn string
	PlanFound, PlanOnlyRead                                             string

	NoRuns, FormatWrong                                 string
	DemoRoot, DemoHosts, DemoClean, DemoAgain, DemoLeft string
}

func cliEn() CLI {
	return CLI{
		Root:   "Installs an OpenStack cloud step by documented step, and brings a broken one back.",
		Run:    "run a procedure at the site",
		Plan:   "tell what is done already and what would change; only reads",
		Attach: "watch or take over a run; starts a dead engine again",
		Runs:   "list the runs, newest first",
		Report: "print the report of a run",
		Export: "write a run as one archive: reports, journal, logs, scene, checksums; without secrets",

		Baseline:      "read a small picture of the site while it is well; later runs say what differs",
		FlagExportOut: "the archive's file; - is the standard output (otherwise RUN.tar.gz here)",
		Exported:      "{file} holds the run. Secrets are not in it.",
		ExportThere:   "{file} is there already. Give another name with --out.",
		Demo:          "three practice hosts and an install to try out",
		Lint:          "check procedures before they run",
		Book:          "print a procedure as a paper copy",

		FlagSite:      "the site.yaml (otherwise $STACKHAND_SITE, ./site.yaml, then the configuration directory)",
		FlagAnswers:   "a YAML file with the procedure's parameters",
		FlagSet:       "KEY=VALUE: one parameter; may be given again",
		FlagAskSecret: "NAME: type this secret instead of having it generated; may be given again",
		FlagPlain:     "line mode instead of the full screen",
		FlagJSON:      "the journal's events, one a line",
		FlagStop:      "Ctrl-C stops the run instead of only leaving it",
		FlagDecide:    "STEP=VALUE: the answer to that step's question, given ahead; may be given again",
		FlagOnAsk:     "wait | park: what to do when a decision is needed (without a terminal: park)",
		FlagDetach:    "start the run, print its name and leave",
		FlagObserve:   "only watch: start nothing, answer nothing",
		DecideObserve: "--observe answers nothing: leave --decide out, or --observe",
		FlagFormat:    "md | json",
		FlagLang:      "en | ko",
		FlagClean:     "remove everything that the demo made",
		FlagASCII:     "only ASCII characters on the screen",

		NoSite:      "there is no site.yaml here: name one with --site FILE",
		NoProcedure: "there is no procedure {name}; known are: {known}",
		NoStep:      "--decide {step}: the procedure has no such step",
		OnAskWrong:  "--on-ask {value}: it must be wait or park",
		PairWrong:   "{flag} {value}: it must be NAME=VALUE",
		NoTerminal:  "--ask-secret {name}: there is no terminal to type it at",
		SecretTyped: "{name} (not shown while you type): ",

		PlanHead:     "Plan: {title}, site {site}",
		PlanOnlyRead: "Only probes were run; nothing was changed.",
		PlanAlready:  "already done",
		PlanChange:   "would change",
		PlanOpaque:   "would run (nothing tells beforehand whether it is needed)",
		PlanReads:    "only reads",
		PlanAsks:     "asks the operator",
		PlanSkips:    "skipped: its condition does not hold now",
		PlanLater:    "depends on what an earlier step will give",
		PlanUnknown:  "could not be looked at",
		PlanSummary:  "{already} already done, {change} would change, {unknown} could not be looked at",
		PlanNothing:  "Nothing would change.",
		PlanOn:       "on {host}",
		PlanFound:    "{check}: expected {expected}, found {found}",

		NoRuns:      "There are no runs yet.",
		FormatWrong: "--format {value}: it must be md or json",
		DemoRoot:    "The demo makes practice hosts, which only root can do, and only on Linux.",
		DemoHosts:   "Practice hosts are up. Their site: {site}",
		DemoClean:   "Everything that the demo made is gone.",
		DemoAgain:   "Start it again at any time; it goes on where it was.",
		DemoLeft:    "The practice hosts stay on. Remove them with: make demo-clean",
	}
}

func cliKo() CLI {
	return CLI{
		Root:   "OpenStack 클라우드를 문서의 절차대로 한 단계씩 설치하고, 장애가 나면 복구합니다.",
		Run:    "사이트에서 절차를 실행합니다",
		Plan:   "이미 된 것과 바뀔 것을 알려 줍니다 (읽기만 합니다)",
		Attach: "실행 중인 작업을 보거나 이어받습니다. 엔진이 죽어 있으면 다시 시작합니다",
		Runs:   "작업 목록을 최신순으로 보여 줍니다",
		Report: "작업 결과서를 출력합니다",
		Export: "작업 하나를 압축 파일로 내보냅니다: 결과서, 저널, 로그, 현장 보존 파일, 체크섬 (비밀 값 제외)",

		Baseline:      "정상일 때 사이트 상태를 기록합니다. 이후 작업에서 달라진 점을 알려 줍니다",
		FlagExportOut: "압축 파일 이름. -는 표준 출력입니다 (없으면 현재 디렉터리의 RUN.tar.gz)",
		Exported:      "작업을 저장했습니다: {file} (비밀 값은 들어 있지 않습니다)",
		ExportThere:   "이미 있는 파일입니다: {file}. --out으로 다른 이름을 지정하십시오.",
		Demo:          "연습용 호스트 3대와 시험 설치",
		Lint:          "절차 파일을 실행 전에 점검합니다",
		Book:          "절차를 문서로 출력합니다",

		FlagSite:      "site.yaml 파일 (없으면 $STACKHAND_SITE, ./site.yaml, 설정 디렉터리 순으로 찾습니다)",
		FlagAnswers:   "절차의 매개변수를 담은 YAML 파일",
		FlagSet:       "KEY=VALUE: 매개변수 하나 (여러 번 지정 가능)",
		FlagAskSecret: "NAME: 이 비밀 값을 생성하지 않고 직접 입력합니다 (여러 번 지정 가능)",
		FlagPlain:     "전체 화면 대신 줄 단위로 출력합니다",
		FlagJSON:      "저널의 이벤트를 한 줄에 하나씩 출력합니다",
		FlagStop:      "Ctrl-C를 누르면 화면만 나가지 않고 작업을 중단합니다",
		FlagDecide:    "STEP=VALUE: 그 단계의 질문에 미리 주는 답 (여러 번 지정 가능)",
		FlagOnAsk:     "wait | park: 결정이 필요할 때의 동작 (터미널이 없으면 park)",
		FlagDetach:    "작업을 시작하고 이름만 출력한 뒤 나갑니다",
		FlagObserve:   "보기만 합니다. 시작하지도 답하지도 않습니다",
		DecideObserve: "--observe는 아무 질문에도 답하지 않습니다. --decide와 --observe 중 하나만 사용하십시오",
		FlagFormat:    "md | json",
		FlagLang:      "en | ko",
		FlagClean:     "데모가 만든 것을 모두 지웁니다",
		FlagASCII:     "화면에 ASCII 문자만 사용합니다",

		NoSite:      "여기에 site.yaml이 없습니다. --site FILE로 지정하십시오",
		NoProcedure: "절차를 찾을 수 없습니다: {name}. 있는 절차: {known}",
		NoStep:      "--decide {step}: 절차에 그런 단계가 없습니다",
		OnAskWrong:  "--on-ask {value}: wait 또는 park만 쓸 수 있습니다",
		PairWrong:   "{flag} {value}: NAME=VALUE 형식이어야 합니다",
		NoTerminal:  "--ask-secret {name}: 입력할 터미널이 없습니다",
		SecretTyped: "{name} (입력해도 보이지 않습니다): ",

		PlanHead:     "작업 계획: {title}, 사이트 {site}",
		PlanOnlyRead: "읽기만 했으며 아무것도 바꾸지 않았습니다.",
		PlanAlready:  "이미 완료",
		PlanChange:   "변경 예정",
		PlanOpaque:   "실행 예정 (필요한지 미리 알 방법이 없음)",
		PlanReads:    "읽기만 함",
		PlanAsks:     "운영자에게 물음",
		PlanSkips:    "건너뜀: 조건이 지금은 맞지 않음",
		PlanLater:    "앞 단계의 결과에 따라 정해짐",
		PlanUnknown:  "확인할 수 없음",
		PlanSummary:  "이미 완료 {already}, 변경 예정 {change}, 확인 불가 {unknown}",
		PlanNothing:  "바뀔 것이 없습니다.",
		PlanOn:       "호스트: {host}",
		PlanFound:    "{check}: 기대 {expected}, 실제 {found}",

		NoRuns:      "아직 작업이 없습니다.",
		FormatWrong: "--format {value}: md 또는 json만 쓸 수 있습니다",
		DemoRoot:    "데모는 연습용 호스트를 만듭니다. Linux에서 root로만 할 수 있습니다.",
		DemoHosts:   "연습용 호스트가 준비되었습니다. 사이트 파일: {site}",
		DemoClean:   "데모가 만든 것을 모두 지웠습니다.",
		DemoAgain:   "언제든 다시 시작하면 하던 곳부터 이어집니다.",
		DemoLeft:    "연습용 호스트는 켜 둡니다. 지우려면: make demo-clean",
	}
}
