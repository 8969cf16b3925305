package i18n

// Plain is the texts of line mode. A command that is to be copied has no-break spaces
// (\u00a0), which are printed as spaces: no line is broken inside it.
type Plain struct {
	Start    string // of a run
	StartAt  string
	Again    string // an engine took the run anew
	Resume   string // attach: where the run stands
	Begin    string // a unit's job starts
	BeginNo  string // the same, not the first attempt
	Rejoined string
	Attempt  string
	Wrote    string
	WroteNew string
	Edited   string
	Leak     string
	LeakRead string // a fact or let
	Cut      string
	Held     string
	Asked    string // stop
	Killed   string
	Answered string
	Decided  string // an answer given ahead
	Reason   string
	Fell     string // a question fell away
	Verdict  string
	Expected string
	Found    string
	Remedy   string
	Cause    string
	Output   string
	LastOut  string
	NoOutput string
	Next     string
	Tries    string

	Beat      string // what runs
	BeatLine  string // its last line of output
	BeatMore  string
	BeatHost  string // a silent host
	BeatWaits string // a question that nobody here answers

	Question                          string
	Choose                            string
	Default                           string
	Type                              string
	TypeElse                          string // the same, where there are other answers
	TypeTake                          string // to take over what another run holds
	TypeHost                          string
	TypeYes                           string
	WhyReason                         string
	NoEdit, BadFile, EditAt, EditDone string // changing a script
	Secret                            string
	NoSecret                          string // no terminal to type it at
	NoInput                           string // input ended
	Bad                               string
	BadInt                            string
	BadBool                           string
	BadAddr                           string
	BadCIDR                           string
	BadTyped                          string
	Hangul                            string
	Late                              string
	Refused                           string
	NoEngine                          string

	Detached string
	Stopping string
	Gone     string
	Restart  string
	Observes string

	Table    string
	NoChecks string
	Failures string
	Sum      string
	End      string
	Parked   string
	Going    string // jobs go on while the run is parked
	Open     string
	Attach   string
	Report   string
	NextDone string
	NextLeft string
	NextFail string
	LeftOut  string
	Exit     string

	DecideStep string // --decide names a step that is not there
	DecideLeft string
	DecideBad  string
}

func plainEn() Plain {
	return Plain{
		Start:    "Run {run}: {title}, site {site}",
		StartAt:  "{steps} steps. Hosts: {hosts}",
		Again:    "The engine was started again (process {pid}); what was done stays done.",
		Resume:   "{done} of {steps} steps are settled so far:",
		Begin:    "running",
		BeginNo:  "running, attempt {n}",
		Rejoined: "found its job running, joined it again",
		Attempt:  "attempt {n}",
		Wrote:    "wrote {path}; the old file is kept: {backup}",
		WroteNew: "wrote {path}; there was none before",
		Edited:   "script changed for: {hosts}",
		LeakRead: "SECRET SEEN in the value {fact}: {name}. The value is not kept, and counts as absent.",
		Leak:     "SECRET SEEN in the output: {name}. Log {log}, byte {offset}. It is hidden wherever Stackhand shows it; change it when the run is over.",
		Cut:      "the log {log} is not complete: {why}",
		Held:     "held, waits for {unit}",
		Asked:    "asked to stop",
		Killed:   "is being killed",
		Answered: "answered: {answer}",
		Decided:  "answered ahead: {answer}",
		Reason:   "reason: {reason}",
		Fell:     "question {n} fell away: {why}",
		Verdict:  "Verdict: {say}",
		Expected: "expected: {text}",
		Found:    "found: {text}",
		Remedy:   "what helps: {text}",
		Cause:    "cause: {text}",
		Output:   "what it printed:",
		LastOut:  "the last {n} lines of its output: {path}",
		NoOutput: "it printed nothing",
		Next:     "what to do next: {text}",
		Tries:    "after {n} tries",

		Beat:      "{state} for {for}",
		BeatLine:  "last output: {line}",
		BeatMore:  "and {n} more",
		BeatHost:  "does not answer since {since}; its jobs go on by themselves",
		BeatWaits: "question {n} waits for an answer: stackhand\u00a0attach\u00a0{run}",

		Question:  "QUESTION {n}",
		Choose:    "Answer (number or word): ",
		Default:   "Answer [{default}]: ",
		Type:      "Type {typed} to go on: ",
		TypeElse:  "Type {typed} to go on, or a number: ",
		TypeTake:  "Type {typed} to take over, or a number: ",
		TypeHost:  "Type {host} to take it out of this run, Enter to choose again: ",
		TypeYes:   "Type yes to end the run, Enter to choose again: ",
		WhyReason: "Reason (it goes into the report): ",
		NoEdit:    "Scripts cannot be changed in this viewer.",
		BadFile:   "The file cannot be used: {cause}",
		EditAt:    "The script is in {file}. Change it there, at another terminal. It counts for this host and this run only.",
		EditDone:  "Enter when it is saved: ",
		Secret:    "Type it (not shown): ",
		NoSecret:  "A secret can only be typed at a terminal, and the input is none. Attach from a terminal: stackhand\u00a0attach\u00a0{run}",
		NoInput:   "The input has ended, and a question is open. Nobody is here to answer it.",
		Bad:       "That is none of the answers.",
		BadInt:    "A whole number is needed.",
		BadBool:   "true or false is needed.",
		BadAddr:   "An IP address is needed.",
		BadCIDR:   "A network is needed, such as 192.0.2.0/24.",
		BadTyped:  "That is not what was to be typed: {typed}",
		Hangul:    "The Korean input method is on (한/영).",
		Late:      "Question {n} was settled meanwhile; what was typed is not used.",
		Refused:   "The answer was not taken: {why}",
		NoEngine:  "The engine does not answer; the answer is not given.",

		Detached: "Detached. The run goes on without this screen. Watch it again: stackhand\u00a0attach\u00a0{run}",
		Stopping: "Stopping the run, as asked for …",
		Gone:     "The engine of this run is gone. Nothing is lost, jobs on the hosts go on. Start it again: stackhand\u00a0attach\u00a0{run}",
		Restart:  "The engine is gone; starting it again.",
		Observes: "Only watching: questions are answered elsewhere.",

		Table:    "Verification",
		NoChecks: "No step was verified.",
		Failures: "What failed",
		Sum:      "{done} done, {already} already done, {skipped} skipped, {failed} failed, {left} not finished",
		End:      "The run ended after {for}: {outcome}",
		Parked:   "The run is parked: {why}",
		Going:    "Jobs that run on the hosts go on by themselves.",
		Open:     "Open questions:",
		Attach:   "Go on with: stackhand\u00a0attach\u00a0{run}",
		Report:   "Report: stackhand\u00a0report\u00a0{run}",
		NextDone: "All is done and verified.",
		NextLeft: "The run is done, except for what was left out, as listed above. That is not verified.",
		LeftOut:  "Left out",
		NextFail: "Mend what is named above, then run the procedure again: what is done is found done and not done twice.",
		Exit:     "Exit status {n}: {meaning}",

		DecideStep: "cannot take --decide {step}=…: the procedure has no step {step}",
		DecideLeft: "not used: --decide {step}=…, nothing was asked that it answers",
		DecideBad:  "--decide {given} is no answer to “{step}”: a name has to be exact, and a decision against the procedure needs `VALUE: reason`. It stays open",
	}
}

func plainKo() Plain {
	return Plain{
		Start:    "작업 {run}: {title}, 사이트: {site}",
		StartAt:  "단계 {steps}개. 호스트: {hosts}",
		Again:    "엔진이 다시 시작되었습니다(프로세스 {pid}). 끝난 작업은 그대로입니다.",
		Resume:   "전체 {steps}단계 중 {done}단계가 끝났습니다:",
		Begin:    "실행 중",
		BeginNo:  "실행 중, 시도 {n}회째",
		Rejoined: "실행 중이던 작업에 다시 연결됨",
		Attempt:  "시도 {n}회째",
		Wrote:    "파일 저장: {path}, 이전 파일: {backup}",
		WroteNew: "파일 저장: {path}, 이전 파일 없음",
		Edited:   "스크립트 수정, 대상: {hosts}",
		LeakRead: "값 {fact}에 비밀 값이 들어 있습니다: {name}. 값은 저장하지 않으며 없는 것으로 처리합니다.",
		Leak:     "출력에 비밀 값이 나타났습니다: {name}. 로그: {log}, 위치: {offset}. Stackhand 화면에서는 모두 가려집니다. 작업이 끝나면 값을 바꾸십시오.",
		Cut:      "로그가 완전하지 않습니다: {log}. 이유: {why}",
		Held:     "보류, 먼저 끝나야 할 작업: {unit}",
		Asked:    "중단 요청",
		Killed:   "강제 종료 중",
		Answered: "답: {answer}",
		Decided:  "미리 정한 답: {answer}",
		Reason:   "사유: {reason}",
		Fell:     "질문 {n} 취소됨: {why}",
		Verdict:  "판정: {say}",
		Expected: "예상: {text}",
		Found:    "실제: {text}",
		Remedy:   "조치 방법: {text}",
		Cause:    "원인: {text}",
		Output:   "출력 내용:",
		LastOut:  "출력의 마지막 {n}줄: {path}",
		NoOutput: "출력 없음",
		Next:     "다음에 할 일: {text}",
		Tries:    "{n}회 시도 후",

		Beat:      "{state}, 경과 {for}",
		BeatLine:  "마지막 출력: {line}",
		BeatMore:  "그 밖에 {n}개",
		BeatHost:  "응답 없음, 마지막 확인 {since}. 호스트에서 실행 중인 작업은 계속됩니다",
		BeatWaits: "질문 {n} 응답 대기 중: stackhand\u00a0attach\u00a0{run}",

		Question:  "질문 {n}",
		Choose:    "답(번호 또는 영문 단어): ",
		Default:   "답 [{default}]: ",
		Type:      "진행하려면 {typed} 입력: ",
		TypeElse:  "진행하려면 {typed} 입력, 다른 답은 번호 입력: ",
		TypeTake:  "넘겨받으려면 {typed} 입력, 다른 답은 번호 입력: ",
		TypeHost:  "작업에서 제외하려면 {host} 입력, 다시 고르려면 Enter: ",
		TypeYes:   "작업을 취소하려면 yes 입력, 다시 고르려면 Enter: ",
		WhyReason: "사유(작업 결과서에 기록됩니다): ",
		NoEdit:    "이 화면에서는 스크립트를 수정할 수 없습니다.",
		BadFile:   "파일을 사용할 수 없습니다: {cause}",
		EditAt:    "스크립트 파일: {file}. 다른 터미널에서 수정하십시오. 이 호스트와 이 작업에만 적용됩니다.",
		EditDone:  "저장했으면 Enter: ",
		Secret:    "입력(화면에 보이지 않음): ",
		NoSecret:  "비밀 값은 터미널에서만 입력할 수 있는데 지금 입력은 터미널이 아닙니다. 터미널에서 다시 연결하십시오: stackhand\u00a0attach\u00a0{run}",
		NoInput:   "질문이 남아 있는데 입력이 끝났습니다. 답할 사람이 없습니다.",
		Bad:       "고를 수 있는 답이 아닙니다.",
		BadInt:    "정수를 입력하십시오.",
		BadBool:   "true 또는 false를 입력하십시오.",
		BadAddr:   "IP 주소를 입력하십시오.",
		BadCIDR:   "네트워크 대역을 입력하십시오. 예: 192.0.2.0/24",
		BadTyped:  "입력해야 할 값이 아닙니다. 입력할 값: {typed}",
		Hangul:    "한/영 키가 한글 상태입니다.",
		Late:      "질문 {n}: 그 사이에 처리되었으므로 입력한 값은 사용하지 않습니다.",
		Refused:   "답이 받아들여지지 않았습니다: {why}",
		NoEngine:  "엔진이 응답하지 않아 답을 전달하지 못했습니다.",

		Detached: "화면만 나갑니다. 작업은 계속됩니다. 다시 보기: stackhand\u00a0attach\u00a0{run}",
		Stopping: "요청에 따라 작업을 취소하는 중 …",
		Gone:     "이 작업의 엔진이 종료되었습니다. 잃은 것은 없으며 호스트의 작업은 계속됩니다. 다시 시작: stackhand\u00a0attach\u00a0{run}",
		Restart:  "엔진이 종료되어 다시 시작합니다.",
		Observes: "보기 전용입니다. 질문은 다른 화면에서 답하십시오.",

		Table:    "검증 결과",
		NoChecks: "검증한 단계가 없습니다.",
		Failures: "실패 내역",
		Sum:      "완료 {done}, 이미 완료 {already}, 건너뜀 {skipped}, 실패 {failed}, 미완료 {left}",
		End:      "작업 종료, 소요 시간 {for}: {outcome}",
		Parked:   "작업이 일시 보류되었습니다: {why}",
		Going:    "호스트에서 실행 중인 작업은 계속됩니다.",
		Open:     "남은 질문:",
		Attach:   "이어서 진행: stackhand\u00a0attach\u00a0{run}",
		Report:   "작업 결과서: stackhand\u00a0report\u00a0{run}",
		NextDone: "모든 작업과 검증이 끝났습니다.",
		NextLeft: "작업이 끝났습니다. 위에 표시된 제외 항목은 수행하거나 검증하지 않았습니다.",
		LeftOut:  "제외 항목",
		NextFail: "위에 표시된 문제를 해결한 뒤 다시 실행하십시오. 이미 끝난 작업은 다시 수행하지 않습니다.",
		Exit:     "종료 코드 {n}: {meaning}",

		DecideStep: "--decide {step}=… 사용 불가: 절차에 없는 단계입니다: {step}",
		DecideLeft: "사용되지 않음: --decide {step}=…, 해당하는 질문이 없었습니다",
		DecideBad:  "--decide {given} 값은 이 질문의 답이 될 수 없습니다: {step}. 이름은 정확해야 하고, 절차와 다른 결정에는 `값: 사유` 형식이 필요합니다. 질문은 그대로 열려 있습니다",
	}
}
