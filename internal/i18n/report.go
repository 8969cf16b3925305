package i18n

// Report is the texts of the report of a run.
type Report struct {
	Title     string
	Procedure string
	Site      string
	Run       string
	Console   string
	Begun     string
	Ended     string
	NotOver   string
	Took      string
	Outcome   string
	Exit      string
	Engines   string
	Version   string
	Hosts     string
	Host      string
	State     string
	Platform  string
	Boot      string
	Params    string
	Name      string
	Value     string
	Secrets   string // names only
	Install   string
	Runbook   string

	Steps    string
	Number   string
	Step     string
	Attempts string
	Console2 string // column of what happens on the console

	Checks   string
	Check    string
	When     string
	Expected string
	Found    string
	Result   string
	NoChecks string

	Decisions   string
	NoDecisions string
	Time        string
	Question    string
	Answer      string
	Reason      string
	Who         string
	Ahead       string // given with --decide
	Fell        string
	Renewed     string // an agreement that was asked for once more
	SkippedUnit string
	Dropped     string
	Open        string

	Failures string
	Failure  string
	Cause    string
	Next     string
	Output   string
	LogFile  string
	Earlier  string // the excerpt has only the end
	NoLog    string

	Files    string
	NoFiles  string
	Backup   string
	NoBackup string
	NoDiff   string

	Edits    string
	Edit     string
	Leaks    string
	Leak     string
	LeakRead string // a fact or let
	LeakNext string
	Cut      string
	CutLog   string
	Verdicts string
}

func reportEn() Report {
	return Report{
		Title:     "Report: {title}",
		Procedure: "Procedure",
		Site:      "Site",
		Run:       "Run",
		Console:   "Console",
		Begun:     "Begun",
		Ended:     "Ended",
		NotOver:   "not over; last event {time}",
		Took:      "Took",
		Outcome:   "Outcome",
		Exit:      "Exit status",
		Engines:   "Engine started",
		Version:   "Stackhand",
		Hosts:     "Hosts",
		Host:      "Host",
		State:     "State",
		Platform:  "Platform",
		Boot:      "boot_id",
		Params:    "Parameters",
		Name:      "Name",
		Value:     "Value",
		Secrets:   "secret, not shown",
		Install:   "installation",
		Runbook:   "runbook",

		Steps:    "Steps",
		Number:   "No.",
		Step:     "Step",
		Attempts: "attempt {n}",
		Console2: "console",

		Checks:   "Checks",
		Check:    "Check",
		When:     "When",
		Expected: "Expected",
		Found:    "Found",
		Result:   "Result",
		NoChecks: "Nothing was checked.",

		Decisions:   "Decisions",
		NoDecisions: "Nobody had to decide anything.",
		Time:        "Time",
		Question:    "Question",
		Answer:      "Answer",
		Reason:      "Reason",
		Who:         "By",
		Ahead:       "given ahead",
		Fell:        "fell away: {why}",
		Renewed:     "asked again, things had changed",
		SkippedUnit: "left out",
		Dropped:     "host dropped from the run",
		Open:        "Open questions",

		Failures: "What failed",
		Failure:  "{step}, attempt {n}",
		Cause:    "Cause",
		Next:     "What to do next",
		Output:   "Output",
		LogFile:  "log {log}, {bytes} bytes",
		Earlier:  "only its end",
		NoLog:    "The log is empty or no longer there.",

		Files:    "Files changed",
		NoFiles:  "No file was changed through Stackhand's file action. Scripts and packages may have changed others.",
		Backup:   "the old file: {path}",
		NoBackup: "there was none before",
		NoDiff:   "No difference is recorded.",

		Edits:    "Scripts edited",
		Edit:     "{step}, for {hosts}, as {file} (sha256 {sha})",
		Leaks:    "Secrets seen in output",
		LeakRead: "{name}: value {fact} of {unit}; it is not kept",
		Leak:     "{name}: log {log}, byte {offset}",
		LeakNext: "They are hidden in this report, but the raw logs on the console hold them. Change these secrets.",
		Cut:      "Logs that are not complete",
		CutLog:   "{log}: {why}",
		Verdicts: "Verdicts",
	}
}

func reportKo() Report {
	return Report{
		Title:     "작업 결과서: {title}",
		Procedure: "절차",
		Site:      "사이트",
		Run:       "작업 번호",
		Console:   "콘솔",
		Begun:     "시작",
		Ended:     "종료",
		NotOver:   "진행 중, 마지막 기록 {time}",
		Took:      "소요 시간",
		Outcome:   "결과",
		Exit:      "종료 코드",
		Engines:   "엔진 시작 횟수",
		Version:   "Stackhand",
		Hosts:     "호스트",
		Host:      "호스트",
		State:     "상태",
		Platform:  "플랫폼",
		Boot:      "boot_id",
		Params:    "매개변수",
		Name:      "이름",
		Value:     "값",
		Secrets:   "비밀 값, 표시하지 않음",
		Install:   "설치",
		Runbook:   "런북",

		Steps:    "단계",
		Number:   "번호",
		Step:     "단계",
		Attempts: "시도 {n}회째",
		Console2: "콘솔",

		Checks:   "점검과 검증",
		Check:    "점검 항목",
		When:     "시점",
		Expected: "예상",
		Found:    "실제",
		Result:   "결과",
		NoChecks: "점검한 항목이 없습니다.",

		Decisions:   "결정 사항",
		NoDecisions: "운영자의 결정이 필요한 사항이 없었습니다.",
		Time:        "시각",
		Question:    "질문",
		Answer:      "답",
		Reason:      "사유",
		Who:         "담당",
		Ahead:       "미리 정한 답",
		Fell:        "취소됨: {why}",
		Renewed:     "상황이 바뀌어 다시 확인함",
		SkippedUnit: "건너뜀",
		Dropped:     "작업에서 호스트 제외",
		Open:        "남은 질문",

		Failures: "실패 내역",
		Failure:  "{step}, 시도 {n}회째",
		Cause:    "원인",
		Next:     "다음에 할 일",
		Output:   "출력",
		LogFile:  "로그 {log}, {bytes}바이트",
		Earlier:  "끝부분만 표시",
		NoLog:    "로그가 비어 있거나 남아 있지 않습니다.",

		Files:    "변경된 파일",
		NoFiles:  "Stackhand의 file 동작으로 변경된 파일이 없습니다. 스크립트와 패키지가 변경한 파일은 있을 수 있습니다.",
		Backup:   "이전 파일: {path}",
		NoBackup: "이전 파일 없음",
		NoDiff:   "기록된 차이가 없습니다.",

		Edits:    "수정된 스크립트",
		Edit:     "{step}, 대상: {hosts}, 파일: {file} (sha256 {sha})",
		Leaks:    "출력에 나타난 비밀 값",
		LeakRead: "{name}: {unit} 값 {fact}, 저장하지 않음",
		Leak:     "{name}: 로그 {log}, 위치 {offset}",
		LeakNext: "이 결과서에서는 가려져 있으나 콘솔의 원본 로그에는 남아 있습니다. 해당 비밀 값을 바꾸십시오.",
		Cut:      "완전하지 않은 로그",
		CutLog:   "{log}: {why}",
		Verdicts: "판정",
	}
}
