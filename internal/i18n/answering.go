package i18n

// Answering is the words of "stackhand answers": its commands, and the wizard in line mode.
type Answering struct {
	Short, New, Check, Import, Export, Diff string // what each command does
	NewLong, DiffLong, CheckLong            string

	FlagFormat, FlagMode, FlagSite, FlagFrom, FlagSet, FlagOut, FlagYes, FlagName, FlagJSON, FlagPlain, FlagKeep, FlagProbe string

	NoKind      string // {file}
	NoDraft     string // {name}
	NoDrafts    string
	Which       string // {names}
	Locked      string // {name}
	FormatWrong string // {value} {known}
	TwoFormats  string
	Missing     string
	MissingLine string // {key} {label}
	Refused     string
	Wrote       string // {file}
	Before      string // {file}
	Clean       string // {files}
	Summary     string // {errors} {warnings} {notes} {files}
	Unresolved  string // {hosts}
	Imported    string // {hosts} {file}
	Same        string
	Empty       string
	Asking      string // {hosts}
	NotReached  string // {host}
	NeedOut     string
	SetUnknown  string

	Welcome      string // {draft}
	GoOn         string // {draft} {installer} {when}
	Resumed      string // {page}
	Hint         string
	Help         string
	PageHead     string // {page} {of} {title}
	Prompt       string // {label}
	Secret       string // shown for a secret that is there
	WillMake     string
	Now          string // {value} {origin}
	Default      string // {value}
	Choices      string // {choices}
	KeepIt       string
	Kept         string
	Undone       string // {key}
	NoUndo       string
	BackAtTop    string
	Found        string // {count}
	NotFound     string // {text}
	More         string // {count}
	PickFound    string
	Changed      string
	NoChange     string
	Findings     string // {errors} {warnings} {notes}
	FilesHead    string
	Review       string
	ReviewAsk    string
	ReviewHow    string
	Quit         string // {draft}
	NoSecret     string
	Exported     string
	ExportNot    string // {count}
	WriteFailing string
	Origins      map[string]string
}

func answeringIn(l Lang) Answering {
	if l == Korean {
		return answeringKo()
	}
	return answeringEn()
}

func answeringEn() Answering {
	return Answering{
		Short: "an installer's files of answers: make, check, compare", New: "answer an installer's questions, or go on with a draft",
		Check: "tell everything that is wrong with files of answers; asks no host", Import: "make a site.yaml of the hosts in a file",
		Export: "write the files of a draft", Diff: "tell which values differ between two files; secrets are masked",
		NewLong: "Asks the questions that matter and writes answer.txt, or globals.yml, multinode and passwords.yml.\n" +
			"Everything that is answered is kept at once: leave at any point and start again.\n" +
			"Without a terminal it takes the site, --set and the defaults, and writes, or tells all that is missing.",
		DiffLong:   "Tells which values differ between two files of answers. Secrets are masked: that one differs is told, not how.\nThe exit status is 0 where none differs, 1 where some do, and 2 where a file cannot be read.",
		CheckLong:  "Tells everything that is wrong with files of answers, all at once. The format is seen from the files. Give the\nfiles of Kolla-Ansible together, so that they are compared with each other.\nThe exit status is 2 where there is an error, else 0.",
		FlagFormat: "installer and release: packstack-stein | packstack-train | kolla-wallaby", FlagMode: "mode: all-in-one | multi-node | second-controller",
		FlagSite: "the site.yaml whose hosts are meant", FlagFrom: "begin with this file: every byte of it stays, but for what is changed; may be given again",
		FlagSet: "KEY=VALUE: one answer; may be given again", FlagOut: "the file or the directory to write to",
		FlagYes: "ask nothing: take the defaults", FlagName: "the name of the draft", FlagJSON: "one finding a line as JSON", FlagPlain: "line mode instead of the full screen",
		FlagKeep:    "take what --set says even where it will fail later, as long as the installer accepts it",
		FlagProbe:   "ask the hosts of the site which interfaces they have",
		NoKind:      "{file}: this is no file of answers: no answer.txt, globals.yml, passwords.yml or inventory. Instead: say with --format what it is meant to be, or give another file",
		NoDraft:     "there is no draft {name}",
		NoDrafts:    "there is no draft yet: make one with stackhand answers new",
		Which:       "there are several drafts, name one: {names}",
		Locked:      "the draft {name} is open in another terminal",
		FormatWrong: "{value}: it must be one of {known}",
		TwoFormats:  "these files are of different installers; compare or check those of one",
		Missing:     "Nothing was written. This is missing or wrong:",
		MissingLine: "{key}: {label} (--set {key}=VALUE)",
		Refused:     "Nothing was written. These values are not taken:",
		Wrote:       "wrote {file}", Before: "the file before is {file}",
		Clean: "{files} checked: nothing to mend", Summary: "{errors} errors, {warnings} warnings, {notes} notes in {files}",
		Unresolved: "These hosts have no address in the file, write them into the site: {hosts}",
		Imported:   "wrote {file}: {hosts} hosts. Look at the roles and networks before you use it.",
		Same:       "no value differs", Empty: "(not there)",
		Asking: "Asking {hosts} hosts for their interfaces...", NotReached: "{host} could not be asked; its interfaces are not known",
		NeedOut:    "say where to write: --out DIR or FILE",
		SetUnknown: "--set: it must be KEY=VALUE",
		Welcome:    "Draft {draft}. Every answer is kept at once.",
		GoOn:       "There is a draft {draft} ({installer}), saved {when}. Go on with it? [Y/n] ",
		Resumed:    "Going on at: {page}",
		Hint:       "Enter takes what is in brackets. ? explains, help, back, /text search, review, quit.",
		Help: "Enter      take what is in brackets\n?          what this question changes\nback or -  the question before\nnext       take what is in brackets on the rest of this page\n" +
			"/text      search all keys\nreset      the default again\nundo       take the last change back\nreview     what differs, what is wrong, the files\nquit       leave; everything is kept\n=VALUE     take VALUE though it looks like a command; = alone is empty\nWhere a path is asked for, one with a single slash is written =/path",
		PageHead: "== {title} ({page} of {of})", Prompt: "{label}", Secret: "set", WillMake: "will be made", Now: "{value} ({origin})", Default: "default {value}",
		Choices: "One of: {choices}", KeepIt: "The installer would accept it. Keep it anyway? [y/N] ", Kept: "Kept.",
		Undone: "Taken back: {key}", NoUndo: "There is nothing to take back.", BackAtTop: "This is the first question.",
		Found: "{count} keys found:", NotFound: "No key found for: {text}", More: "... and {count} more; search for more words",
		PickFound: "Number or key to answer, Enter to go back: ",
		Changed:   "Different from the installer's defaults:", NoChange: "Nothing differs from the installer's defaults.",
		Findings: "Check: {errors} errors, {warnings} warnings, {notes} notes", FilesHead: "--- {file}, secrets masked",
		Review: "Review", ReviewAsk: "export, number of a finding, files, diff, back, quit: ",
		ReviewHow: "export writes the files; a number goes to that finding's question; files shows them; diff shows what changes; back goes back to the questions; quit leaves",
		Quit:      "Everything is kept in the draft {draft}. Go on with: stackhand answers new --name {draft}",
		NoSecret:  "a secret is typed at a terminal only; give it with a file that has it (--from)",
		Exported:  "Done.", ExportNot: "{count} questions are still without an answer; export is possible when they are answered:",
		WriteFailing: "The check has errors: the installer will refuse these files or fail. Write them anyway? [y/N] ",
		Origins:      map[string]string{"typed": "typed", "file": "from the file", "hosts": "from the hosts", "documents": "from the documents", "release": "the installer's default", "made": "will be made", "nothing": "none"},
	}
}

func answeringKo() Answering {
	return Answering{
		Short: "설치 도구의 응답 파일을 만들고 점검하고 비교합니다", New: "설치 도구의 질문에 답하거나 초안을 이어서 작성합니다",
		Check: "응답 파일의 잘못을 모두 알려 줍니다. 호스트에는 접속하지 않습니다", Import: "파일에 있는 호스트로 site.yaml을 만듭니다",
		Export: "초안을 파일로 저장합니다", Diff: "두 파일에서 서로 다른 값을 보여 줍니다. 비밀 값은 가립니다",
		NewLong: "꼭 필요한 질문만 묻고 answer.txt 또는 globals.yml, multinode, passwords.yml을 만듭니다.\n" +
			"입력한 값은 바로 저장되므로 언제든 나갔다가 다시 시작할 수 있습니다.\n" +
			"터미널이 없으면 사이트와 --set, 기본값으로 파일을 만들고, 빠진 값이 있으면 한꺼번에 알려 줍니다.",
		DiffLong:   "두 응답 파일에서 서로 다른 값을 보여 줍니다. 비밀 값은 가리고, 다르다는 사실만 알립니다.\n종료 상태: 같으면 0, 다르면 1, 파일을 읽을 수 없으면 2.",
		CheckLong:  "응답 파일의 잘못을 한꺼번에 모두 알려 줍니다. 형식은 파일 내용으로 알아냅니다. Kolla-Ansible 파일은 서로\n비교할 수 있도록 함께 지정하십시오.\n종료 상태: 오류가 있으면 2, 없으면 0.",
		FlagFormat: "설치 도구와 릴리스: packstack-stein | packstack-train | kolla-wallaby", FlagMode: "구성: all-in-one | multi-node | second-controller",
		FlagSite: "대상 호스트가 있는 site.yaml", FlagFrom: "이 파일에서 시작합니다. 바꾼 값 말고는 모두 그대로 남습니다. 여러 번 쓸 수 있습니다",
		FlagSet: "KEY=VALUE: 값 하나. 여러 번 쓸 수 있습니다", FlagOut: "저장할 파일 또는 디렉터리",
		FlagYes: "묻지 않고 기본값을 씁니다", FlagName: "초안 이름", FlagJSON: "지적 사항을 한 줄에 하나씩 JSON으로 출력합니다", FlagPlain: "전체 화면 대신 줄 모드로 실행합니다",
		FlagKeep:    "나중에 실패할 값이라도 설치 도구가 받아들이면 --set 값을 그대로 씁니다",
		FlagProbe:   "사이트의 호스트에 접속해 인터페이스를 확인합니다",
		NoKind:      "응답 파일이 아닙니다(answer.txt, globals.yml, passwords.yml, 인벤토리 중 하나여야 합니다): {file}. 조치: --format으로 형식을 지정하거나 다른 파일을 쓰십시오",
		NoDraft:     "그런 초안이 없습니다: {name}",
		NoDrafts:    "아직 초안이 없습니다. stackhand answers new로 만드십시오",
		Which:       "초안이 여러 개입니다. 하나를 지정하십시오: {names}",
		Locked:      "다른 터미널에서 열려 있는 초안입니다: {name}",
		FormatWrong: "{value}: {known} 중 하나여야 합니다",
		TwoFormats:  "서로 다른 설치 도구의 파일입니다. 한 도구의 파일만 지정하십시오",
		Missing:     "아무것도 저장하지 않았습니다. 빠졌거나 잘못된 값:",
		MissingLine: "{key}: {label} (--set {key}=VALUE)",
		Refused:     "아무것도 저장하지 않았습니다. 쓸 수 없는 값:",
		Wrote:       "저장했습니다: {file}", Before: "이전 파일: {file}",
		Clean: "{files} 점검: 고칠 곳이 없습니다", Summary: "{files}: 오류 {errors}, 경고 {warnings}, 참고 {notes}",
		Unresolved: "파일에 주소가 없는 호스트입니다. 사이트에 주소를 적으십시오: {hosts}",
		Imported:   "저장했습니다: {file} (호스트 {hosts}대). 쓰기 전에 역할과 네트워크를 확인하십시오.",
		Same:       "다른 값이 없습니다", Empty: "(없음)",
		Asking: "호스트 {hosts}대의 인터페이스를 확인하는 중...", NotReached: "확인할 수 없어 인터페이스를 알 수 없습니다: {host}",
		NeedOut:    "저장할 곳을 지정하십시오: --out 디렉터리 또는 파일",
		SetUnknown: "--set: KEY=VALUE 형식이어야 합니다",
		Welcome:    "초안 {draft}. 입력한 값은 바로 저장됩니다.",
		GoOn:       "초안이 있습니다: {draft} ({installer}), {when} 저장. 이어서 하시겠습니까? [Y/n] ",
		Resumed:    "이어서 시작: {page}",
		Hint:       "Enter는 괄호 안의 값을 씁니다. ? 설명, help 도움말, back 이전, /단어 검색, review 검토, quit 종료.",
		Help: "Enter      괄호 안의 값을 씁니다\n?          이 질문이 무엇을 바꾸는지 봅니다\nback, -    이전 질문\nnext       이 페이지의 나머지는 괄호 안의 값을 씁니다\n" +
			"/단어      모든 키에서 찾습니다\nreset      기본값으로 되돌립니다\nundo       마지막 변경을 취소합니다\nreview     바뀐 값, 지적 사항, 파일을 봅니다\nquit       나갑니다. 모두 저장되어 있습니다\n=값        명령처럼 보이는 값을 그대로 씁니다. =만 쓰면 빈 값입니다\n경로를 묻는 곳에서 슬래시가 하나뿐인 경로는 =/경로로 씁니다",
		PageHead: "== {title} ({page}/{of})", Prompt: "{label}", Secret: "입력됨", WillMake: "자동 생성", Now: "{value} ({origin})", Default: "기본값 {value}",
		Choices: "선택: {choices}", KeepIt: "설치 도구는 받아들이는 값입니다. 그래도 쓰시겠습니까? [y/N] ", Kept: "그대로 씁니다.",
		Undone: "취소했습니다: {key}", NoUndo: "취소할 변경이 없습니다.", BackAtTop: "첫 질문입니다.",
		Found: "찾은 키 {count}개:", NotFound: "찾은 키가 없습니다: {text}", More: "... 외 {count}개. 단어를 더 넣어 찾으십시오",
		PickFound: "답할 번호나 키, 돌아가려면 Enter: ",
		Changed:   "설치 도구의 기본값과 다른 값:", NoChange: "설치 도구의 기본값과 다른 값이 없습니다.",
		Findings: "점검: 오류 {errors}, 경고 {warnings}, 참고 {notes}", FilesHead: "--- {file}, 비밀 값은 가렸습니다",
		Review: "검토", ReviewAsk: "export, 지적 번호, files, diff, back, quit: ",
		ReviewHow: "export는 파일을 저장합니다. 번호는 해당 질문으로 갑니다. files는 파일을, diff는 바뀌는 내용을 보여 줍니다. back은 질문으로 돌아가고 quit은 나갑니다",
		Quit:      "모두 초안에 저장되어 있습니다: {draft}. 이어서 하려면: stackhand answers new --name {draft}",
		NoSecret:  "비밀 값은 터미널에서만 입력할 수 있습니다. 값이 있는 파일을 --from으로 지정하십시오",
		Exported:  "완료.", ExportNot: "아직 답하지 않은 질문이 {count}개 있습니다. 답하면 저장할 수 있습니다:",
		WriteFailing: "점검에 오류가 있어 설치 도구가 거부하거나 도중에 실패합니다. 그래도 저장하시겠습니까? [y/N] ",
		Origins:      map[string]string{"typed": "입력", "file": "파일", "hosts": "호스트", "documents": "문서", "release": "설치 도구 기본값", "made": "자동 생성", "nothing": "없음"},
	}
}
