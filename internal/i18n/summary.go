package i18n

// Summary is the texts of the first lines of a report, for somebody who was asleep.
type Summary struct {
	Title    string
	What     string // labels, in this order
	Found    string
	When     string
	Rebooted string // hosts that restarted meanwhile
	Decided  string
	Changed  string
	Left     string
	Between  string // {from}, {to}, {took}
	Since    string // {from}, {took}: not over
	By       string // {answer}, {who}, {time}
	More     string // {n}
	NoChange string
	NoHand   string // nobody decided anything
	NotYet   string // the same, in a run that is not over
	Nothing  string // nothing is left to do
	Question string // {question}
	Failed   string // {step}
	Left1    string // {step}: somebody left it out; {reason}
	Without  string // {item}: somebody went on without it; {reason}
	Override string // {step}: a guard was overridden; {reason}
	Silent   string // {host}, {state}
	Proof    string // {what}: what did not hold
	Refused  string // what to do about that
	About    string // heading of the table of the run itself
	Secret   string // {name}: was seen in output
	Attach   string // {run}
	Changes  string // heading: what the changing steps printed
	Printed  string // {step}, {host}, {time}
	Ahead    string // {who}: given ahead
	Archive  string // what an archive has in it, for who has neither the program nor the site
}

func summaryIn(l Lang) Summary {
	if l == Korean {
		return Summary{
			Title: "요약", What: "결과", Found: "확인된 이상", When: "시간", Rebooted: "작업 중 재부팅된 호스트", Decided: "결정", Changed: "변경", Left: "남은 일",
			Between: "{from} ~ {to} ({took})", Since: "{from} 시작, 아직 끝나지 않음 ({took} 경과)", By: "{answer} ({who}, {time})", More: "외 {n}건은 아래 참조",
			NoChange: "호스트에서 변경한 것이 없습니다.", NoHand: "운영자의 결정이 필요한 사항이 없었습니다.", NotYet: "아직 결정한 사항이 없습니다.", Nothing: "이 작업에서 남은 일은 없습니다.",
			Question: "답이 필요한 질문: {question}", Failed: "실패한 단계: {step}", Left1: "하지 않고 넘어간 단계: {step} (사유: {reason})",
			Without: "제외하고 진행한 대상: {item} (사유: {reason})", Override: "보호 조건을 무시하고 진행한 단계: {step} (사유: {reason})",
			Silent: "확인하지 못한 호스트: {host} ({state})", Proof: "충족되지 않은 조건: {what}", Refused: "충족되지 않은 조건을 해결한 뒤 새로 시작", About: "작업 정보", Secret: "출력에 나타나 바꿔야 하는 비밀 값: {name}",
			Attach: "이어서 진행: stackhand attach {run}", Changes: "변경한 단계의 출력", Printed: "{step}, 대상: {host} ({time})", Ahead: "{who}, 미리 정한 답",
			Archive: `Stackhand 작업 하나의 기록입니다. Stackhand 없이 읽을 수 있습니다.

report.ko.md    작업 결과서. 여기부터 읽습니다. 영문은 report.en.md
scene/          변경하기 전 호스트의 파일과 명령 출력 (scene/호스트/단계/...)
logs/           단계별 출력
journal.jsonl   한 줄에 하나씩 기록한 전체 경과
procedure.yaml  수행한 절차
SHA256SUMS      이 안의 파일 검사: sha256sum -c SHA256SUMS

비밀 값은 [secret ...]으로 가렸습니다. 가려진 파일의 검사합은 결과서에 적힌 호스트 원본의 검사합과 다릅니다.
Stackhand에 등록되지 않은 비밀 값은 형태로 추정해 가리므로, 밖으로 보내기 전에 scene/을 확인하십시오.
`,
		}
	}
	return Summary{
		Title: "In short", What: "Outcome", Found: "Found", When: "When", Rebooted: "Restarted meanwhile", Decided: "Decided", Changed: "Changed", Left: "Still to do",
		Between: "{from} to {to} ({took})", Since: "begun {from}, not over yet ({took} so far)", By: "{answer} ({who}, {time})", More: "{n} more, see below",
		NoChange: "Nothing was changed on any host.", NoHand: "Nobody had to decide anything.", NotYet: "Nobody has decided anything yet.", Nothing: "Nothing is left to do in this run.",
		Question: "answer this: {question}", Failed: "this step failed: {step}", Left1: "left out: {step} (reason: {reason})",
		Without: "gone on without: {item} (reason: {reason})", Override: "guard overridden: {step} (reason: {reason})",
		Silent: "not looked at to the end: {host} ({state})", Proof: "This does not hold: {what}", Refused: "mend what does not hold, then begin a new run", About: "The run", Secret: "change this secret, it was seen in output: {name}",
		Attach: "go on with: stackhand attach {run}", Changes: "What the changing steps printed", Printed: "{step}, host: {host} ({time})", Ahead: "{who}, given ahead",
		Archive: `This is the record of one run of Stackhand. It is read without Stackhand.

report.en.md    the report: begin here; report.ko.md is the same in Korean
scene/          files and outputs of the hosts before anything was changed (scene/HOST/STEP/...)
logs/           what each step printed
journal.jsonl   all that happened, one event a line
procedure.yaml  what was run
SHA256SUMS      of what is in here: sha256sum -c SHA256SUMS

Secrets are replaced by [secret ...]. A file in which one was has another checksum here than in the report,
which names that of the file on its host. Secrets that Stackhand was never told are found by their looks:
look through scene/ before you hand it to strangers.
`,
	}
}
