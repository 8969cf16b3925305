package i18n

// Steps is the procedure language as it speaks to people: what lint finds, and the fixed
// words of the paper copy.
type Steps struct {
	Findings map[string]string // by the finding's code
	Book     Book
	Lint     LintWords
}

// LintWords is what `stackhand lint` says around the findings.
type LintWords struct {
	Error, Warning     string
	Clean              string // {files}
	Summary            string // {errors}, {warnings}, {files}
	FlagSite, FlagJSON string
	NoFiles            string // {dir}
	NoLanguage         string // {value}
}

// Book is the fixed words of the paper copy.
type Book struct {
	Rows, Needs, Platforms, Run, Untried                              string
	Params, Name, Meaning, Default, Value, Generated, Typed, SetFirst string
	Step, Hosts, Console, Where, When, Each, Order, Serial, Once      string
	Risk, Disruptive, Destructive, Corrections                        string
	Check, CheckVerify, Confirm, Require, Verify                      string
	Type, Expect, Within, Remedy                                      string
	Probe, Do, File, Reboot, Ask, Choose, Manual, Look                string
	Wait, Rereads, Let, End, Normal, Undo, Abort, Holds               string

	Judge, Reads, Prove, Waive, Fetch, Copy, Call, With, Gives, Roles string
	Show, Means, Guard, Card, ReadBack, Box                           string
	Levels                                                            map[string]string // ok, odd, bad
}

func stepsIn(l Lang) Steps {
	s := Steps{Findings: map[string]string{}, Book: bookEn(), Lint: LintWords{
		Error: "error", Warning: "warning", Clean: "no findings; files: {files}", Summary: "errors: {errors}, warnings: {warnings}, files: {files}",
		FlagSite: "compare the roles with this site.yaml", FlagJSON: "one finding a line, as JSON",
		NoFiles: "no procedure (*.yaml) in {dir}", NoLanguage: "--lang {value}: it must be en or ko",
	}}
	if l == Korean {
		s.Book = bookKo()
		s.Lint = LintWords{Error: "오류", Warning: "경고", Clean: "지적 사항 없음. 파일 {files}개", Summary: "오류 {errors}건, 경고 {warnings}건, 파일 {files}개",
			FlagSite: "이 site.yaml의 역할과 비교", FlagJSON: "지적 사항을 한 줄에 하나씩 JSON으로 출력",
			NoFiles: "절차 파일(*.yaml)이 없는 폴더: {dir}", NoLanguage: "--lang {value}: en 또는 ko여야 합니다"}
	}
	for _, area := range []map[string]Text{stepsFileTexts(), stepsValueTexts(), stepsLintTexts(), stepsScriptTexts(), stepsRunbookTexts(), signatureTexts()} {
		for code, t := range area {
			s.Findings[code] = t.In(l)
		}
	}
	return s
}

func bookEn() Book {
	return Book{
		Rows: "covers", Needs: "Hosts that are needed", Platforms: "Platforms", Run: "was run for real", Untried: "not yet run",
		Params: "Values to set", Name: "name", Meaning: "what it is", Default: "default", Value: "value", Generated: "generated", Typed: "typed, never written down here", SetFirst: "The commands use these as shell variables. Set them first, in each shell:",
		Step: "step", Hosts: "hosts", Console: "on the console", Where: "where", When: "only when", Each: "once for each of", Order: "order", Serial: "one host after the other; stop at the first that fails", Once: "on the first reachable host only",
		Risk: "risk", Disruptive: "interrupts a service", Destructive: "cannot be taken back", Corrections: "corrections",
		Check: "Already done when all of this holds:", CheckVerify: "Already done when everything under \"Verify\" holds: then go on to the next step.", Confirm: "Stop and be sure.", Require: "First make sure:", Verify: "Verify:",
		Type: "Type", Expect: "Expect", Within: "within", Remedy: "Otherwise",
		Probe: "Look:", Do: "Type as root:", File: "Write the file", Reboot: "Reboot the host, and wait until it is back.", Ask: "Decide:", Choose: "Choose:", Manual: "By hand:", Look: "Look for",
		Wait: "Wait until", Rereads: "look again with step", Let: "Note down", End: "End:", Normal: "This is normal:", Undo: "To undo:", Abort: "The way back:", Holds: "This holds only until step",
		Judge: "Judge from what was read, with the rules of", Reads: "from the steps before", Prove: "All of this must hold; if not, stop here:", Waive: "Only with a decision, written down with name and reason:", Fetch: "Keep a copy of this first:", Copy: "Copy the file", Call: "Do the whole procedure", With: "with", Gives: "and note down from it", Roles: "with hosts of another role: what it calls",
		Show: "Note down for each host", Means: "What it means:", Guard: "Right before, make sure that this holds:", Card: "If the host cannot be reached over SSH, type at its console:", ReadBack: "and read back", Box: "Note down what you saw as",
		Levels: map[string]string{"ok": "as it should be", "odd": "odd", "bad": "bad"},
	}
}

func bookKo() Book {
	return Book{
		Rows: "대상 항목", Needs: "필요한 호스트", Platforms: "플랫폼", Run: "실제로 수행함", Untried: "아직 수행하지 않음",
		Params: "정할 값", Name: "이름", Meaning: "설명", Default: "기본값", Value: "값", Generated: "자동 생성", Typed: "직접 입력(여기에 적지 않음)", SetFirst: "명령은 이 값들을 셸 변수로 씁니다. 셸을 열 때마다 먼저 정합니다.",
		Step: "단계", Hosts: "호스트", Console: "콘솔에서", Where: "조건", When: "수행 조건", Each: "항목마다 한 번", Order: "순서", Serial: "호스트를 하나씩 차례로. 실패하면 멈춤", Once: "접속되는 첫 호스트에서만",
		Risk: "위험도", Disruptive: "서비스가 잠시 끊김", Destructive: "되돌릴 수 없는 작업", Corrections: "정정 번호",
		Check: "아래가 모두 맞으면 이미 된 것입니다.", CheckVerify: "아래 검증이 모두 맞으면 이미 된 것이므로 다음 단계로 갑니다.", Confirm: "멈추고 확인하십시오.", Require: "먼저 확인할 것", Verify: "검증",
		Type: "입력", Expect: "기대 결과", Within: "제한 시간", Remedy: "다르면",
		Probe: "살펴보기", Do: "root로 입력", File: "파일 작성", Reboot: "호스트를 재부팅하고 다시 올라올 때까지 기다립니다.", Ask: "정할 것", Choose: "고를 것", Manual: "수작업", Look: "확인할 모습",
		Wait: "기다릴 조건", Rereads: "다시 볼 단계", Let: "적어 둘 값", End: "끝", Normal: "정상입니다.", Undo: "되돌리기", Abort: "돌아가는 길", Holds: "다음 단계까지만 유지:",
		Judge: "읽은 값으로 판정. 규칙", Reads: "앞 단계의 결과", Prove: "아래가 모두 맞아야 합니다. 아니면 여기서 멈춥니다.", Waive: "결정이 있어야만 진행합니다. 이름과 이유를 적어 둡니다.", Fetch: "먼저 사본을 남길 것", Copy: "파일 복사", Call: "다음 절차를 끝까지 수행", With: "넘길 값", Gives: "받아 적을 값", Roles: "다른 역할의 호스트에 적용(절차의 역할 = 실제 역할)",
		Show: "호스트별로 적어 둘 값", Means: "해석", Guard: "바로 앞에서 아래가 맞는지 확인", Card: "SSH가 되지 않으면 호스트의 콘솔에서 입력", ReadBack: "읽어서 적을 값", Box: "본 것을 적을 이름",
		Levels: map[string]string{"ok": "정상", "odd": "다름", "bad": "이상"},
	}
}

// stepsFileTexts are findings about the shape of a procedure's file.
func stepsFileTexts() map[string]Text {
	return map[string]Text{
		"yaml.syntax":     {"not readable as YAML: {what}", "YAML로 읽을 수 없습니다: {what}"},
		"yaml.large":      {"larger than {most} MiB; a procedure is not that long", "{most} MiB보다 큽니다. 절차 파일로 볼 수 없습니다"},
		"yaml.empty":      {"the file has nothing in it, or several documents; one procedure is one document", "내용이 없거나 문서가 여러 개입니다. 절차 하나에 문서 하나여야 합니다"},
		"findings.many":   {"there is more; mend these first", "더 있습니다. 먼저 이것들을 고치십시오"},
		"file.many":       {"a procedure has at most {params} parameters and {steps} steps", "절차 하나에 매개변수는 {params}개, 단계는 {steps}개까지입니다"},
		"yaml.deep":       {"nested too deep, or too many entries", "중첩이 너무 깊거나 항목이 너무 많습니다"},
		"yaml.alias":      {"anchors and aliases (&, *) are not part of the language; write it out", "앵커와 별칭(&, *)은 쓸 수 없습니다. 내용을 그대로 적으십시오"},
		"yaml.tag":        {"tags ({tag}) are not part of the language", "태그({tag})는 쓸 수 없습니다"},
		"key.scalar":      {"a key of {what} must be a plain word", "{what}: 키는 단순한 낱말이어야 합니다"},
		"key.duplicate":   {"{key} is there twice; the first is on line {first}", "{key}: 두 번 나옵니다. 처음 나온 곳은 {first}행입니다"},
		"key.later":       {"{key} is not in this version", "{key}: 이 버전에는 없습니다"},
		"key.near":        {"{what} has no key {key}; {near} may be meant", "{what}에 없는 키: {key}. 혹시 {near}?"},
		"key.unknown":     {"{what} has no key {key}; it knows {known}", "{what}에 없는 키: {key}. 쓸 수 있는 키: {known}"},
		"key.name":        {"{key} cannot be a name in {what}: small letters, digits and _ (- for roles and platforms), a letter first", "{what}의 이름으로 쓸 수 없음: {key}. 소문자, 숫자, _ (역할과 플랫폼은 -)만 쓰고 글자로 시작해야 합니다"},
		"key.missing":     {"{what} lacks {key}", "{what}에 빠진 키: {key}"},
		"value.mapping":   {"{what} must be keys with values", "{what}: 키와 값의 묶음이어야 합니다"},
		"value.list":      {"{what} must be a list", "{what}: 목록이어야 합니다"},
		"value.text":      {"{what} must be a text", "{what}: 글이어야 합니다"},
		"value.nul":       {"{what} has a NUL character", "{what}: NUL 문자가 들어 있습니다"},
		"value.empty":     {"{what} is empty", "{what}: 비어 있습니다"},
		"value.word":      {"{what} cannot be {value}; it is one of {words}", "{what}에 쓸 수 없는 값: {value}. 쓸 수 있는 값: {words}"},
		"value.int":       {"{what} must be a whole number, not {value}", "{what}: 정수여야 합니다. 적힌 값: {value}"},
		"value.duration":  {"{what} must be a time such as 30s or 2m, not {value}", "{what}: 30s, 2m 같은 시간이어야 합니다. 적힌 값: {value}"},
		"value.mode":      {"mode must be octal such as 0640, not {value}", "mode: 0640 같은 8진수여야 합니다. 적힌 값: {value}"},
		"value.shape":     {"{value} cannot be the {what}", "{what}에 쓸 수 없는 값: {value}"},
		"role.name":       {"{role} cannot be a role's name", "역할 이름으로 쓸 수 없음: {role}"},
		"on.shape":        {"on is a role, a list of roles, all, {from: …, where: …} or {expr: …}", "on: 역할, 역할 목록, all, {from: …, where: …}, {expr: …} 가운데 하나여야 합니다"},
		"asset.missing":   {"{asset} is not in the file; load it from its folder", "파일 안에 없음: {asset}. 원래 폴더에서 읽어야 합니다"},
		"asset.unread":    {"{asset} cannot be read: {cause}", "읽을 수 없음: {asset}. 원인: {cause}"},
		"asset.text":      {"{asset} is no text", "글 파일이 아님: {asset}"},
		"asset.flow":      {"a file that names assets must be in block style, start in the first column, and end without \"...\"", "asset을 쓰는 파일은 첫 칸에서 시작하는 블록 형식이어야 하고 \"...\"로 끝나면 안 됩니다"},
		"asset.unused":    {"{asset} is not used", "쓰이지 않음: {asset}"},
		"step.action":     {"the step does nothing: it needs one of probe, run, file, reboot, ask, choose, manual, wait, let, end, judge, prove, waive, fetch, copy, call", "단계에 동작이 없습니다. probe, run, file, reboot, ask, choose, manual, wait, let, end, judge, prove, waive, fetch, copy, call 가운데 하나가 필요합니다"},
		"step.actions":    {"the step has several actions ({actions}); make it several steps", "한 단계에 동작이 여럿입니다({actions}). 단계를 나누십시오"},
		"choose.twice":    {"the answer {value} is there twice", "같은 답이 두 번 있음: {value}"},
		"choose.default":  {"the default {value} is none of the answers", "기본값이 선택지에 없음: {value}"},
		"generate.length": {"a generated secret has 12 to 128 characters, not {length}", "생성하는 비밀은 12~128자여야 합니다. 적힌 길이: {length}"},
	}
}

// stepsValueTexts are findings about the values given to a procedure's parameters.
func stepsValueTexts() map[string]Text {
	return map[string]Text{
		"param.unknown": {"there is no parameter {name}", "없는 매개변수: {name}"},
		"param.near":    {"there is no parameter {name}; {near} may be meant", "없는 매개변수: {name}. 혹시 {near}?"},
		"param.secret":  {"{name} is a secret; it is typed or generated, never given here", "{name}: 비밀 값은 직접 입력하거나 생성하며, 여기에 적지 않습니다"},
		"param.from":    {"{name} cannot be computed from the site: {cause}", "site에서 계산할 수 없음: {name}. 원인: {cause}"},
		"param.missing": {"{name} has no default and must be given", "{name}: 기본값이 없으므로 값을 주어야 합니다"},
		"param.bytes":   {"{name} has a NUL or is no UTF-8 text", "{name}: NUL이 있거나 UTF-8이 아닙니다"},
		"param.int":     {"{name} must be a whole number, not {value}", "{name}: 정수여야 합니다. 받은 값: {value}"},
		"param.bool":    {"{name} must be true or false, not {value}", "{name}: true 또는 false여야 합니다. 받은 값: {value}"},
		"param.address": {"{name} must be an IP address, not {value}", "{name}: IP 주소여야 합니다. 받은 값: {value}"},
		"param.cidr":    {"{name} must be a network such as 192.0.2.0/24 with no host part, not {value}", "{name}: 192.0.2.0/24처럼 호스트 부분이 0인 네트워크여야 합니다. 받은 값: {value}"},
		"param.host":    {"{name} must be a host of the site, not {value}", "{name}: site에 있는 호스트여야 합니다. 받은 값: {value}"},
		"param.choice":  {"{name} must be one of {choices}, not {value}", "{name}: {choices} 가운데 하나여야 합니다. 받은 값: {value}"},
		"param.match":   {"{name} must match {match}, not {value}", "{name}: 형식 {match}에 맞아야 합니다. 받은 값: {value}"},
	}
}

// stepsLintTexts are findings about a procedure as a whole, its steps and expressions.
func stepsLintTexts() map[string]Text {
	return map[string]Text{
		"needs.count":         {"the site has {have} hosts with the role {role}, the procedure needs {need}", "역할 {role}: site에 {have}대, 절차에 필요한 수는 {need}"},
		"text.missing":        {"there is no {what}", "없음: {what}"},
		"text.language":       {"{what} is not there in the language {language}", "{what}: 언어 {language} 없음"},
		"secret.text":         {"{name} is a secret and cannot be in {what}; let the script write it from its variable", "{what}에 비밀 값을 쓸 수 없음: {name}. 스크립트에서 변수로 기록하십시오"},
		"secret.expr":         {"{name} is a secret; expressions cannot see it", "식에서 비밀 값을 볼 수 없음: {name}"},
		"placeholder.near":    {"{what} names {name} in braces, which nobody defines; {near} may be meant", "{what}: 중괄호 안의 {name}: 정의되지 않았습니다. 혹시 {near}?"},
		"placeholder.unknown": {"{what} names {name} in braces, which nobody defines", "{what}: 중괄호 안에 정의되지 않은 이름이 있습니다: {name}"},
		"param.nochoices":     {"{name} is a choice without choices", "선택형인데 choices가 없음: {name}"},
		"param.choices":       {"{name} has choices, so its type is choice", "choices가 있으면 type은 choice여야 함: {name}"},
		"param.secretdefault": {"{name} is a secret and has no default; it is typed, or made with generate", "비밀 값에는 기본값을 둘 수 없음: {name}. 직접 입력하거나 generate로 만듭니다"},
		"param.generate":      {"{name} is no secret; generate is for secrets", "generate는 비밀 값에만 씁니다: {name}"},
		"param.twodefaults":   {"{name} has both default and from", "default와 from이 함께 있음: {name}"},
		"param.unused":        {"the parameter {name} is not used", "쓰이지 않는 매개변수: {name}"},
		"name.twice":          {"the name {name} is taken already", "이미 쓰인 이름: {name}"},
		"name.reserved":       {"the name {name} belongs to the language", "언어가 쓰는 이름: {name}"},
		"let.twice":           {"{name} has a value already; nothing is assigned twice", "이미 값이 있음: {name}. 두 번 정할 수 없습니다"},
		"regexp.bad":          {"{match} is no regular expression: {cause}", "정규식이 아님: {match}. 원인: {cause}"},
		"role.unfilled":       {"no host has the role {role}: it is not in needs, and not in the site", "역할 {role}: needs에도 site에도 없습니다"},
		"role.near":           {"no host has the role {role}; {near} may be meant", "해당 호스트가 없는 역할: {role}. 혹시 {near}?"},
		"step.twice":          {"the step id {id} is there twice; the first is on line {first}", "단계 id가 두 번 나옴: {id}. 처음 나온 곳은 {first}행입니다"},
		"step.on":             {"{action} needs hosts: on", "{action}: 대상 호스트(on)가 필요합니다"},
		"step.console":        {"{action} happens on the console and has no on", "{action}: 콘솔에서 하는 동작이므로 on을 쓰지 않습니다"},
		"step.verify":         {"the step changes something and has no verify", "변경하는 단계에 verify가 없습니다"},
		"step.checkverify":    {"check: verify needs a verify", "check: verify에는 verify가 필요합니다"},
		"step.confirm":        {"a destructive step needs confirm with type host or site", "되돌릴 수 없는 작업에는 type이 host 또는 site인 confirm이 필요합니다"},
		"confirm.host":        {"confirm by host name needs on", "호스트 이름 확인(confirm)에는 on이 필요합니다"},
		"step.read":           {"only probe and run print something to read", "read는 probe와 run에만 쓸 수 있습니다"},
		"step.rerun":          {"rerun is for run and file", "rerun은 run과 file에만 뜻이 있습니다"},
		"check.twice":         {"the check id {id} is there twice", "점검 id가 두 번 나옴: {id}"},
		"check.on":            {"neither the step nor the check says on which hosts", "단계에도 점검에도 on이 없습니다"},
		"check.within":        {"a check before the step is looked at once; within is for verify and require", "단계 전 점검은 한 번만 봅니다. within은 verify와 require에 씁니다"},
		"check.read":          {"the values read are used by want: {expr: …} only", "읽은 값은 want의 expr에서만 쓰입니다"},
		"wait.rereads":        {"rereads must name an earlier probe step; {id} is none", "rereads에는 앞에 있는 probe 단계를 적어야 합니다. 적힌 값: {id}"},
		"variant.missing":     {"no variant for {platform}, which the procedure says it runs on", "platforms에 있는 {platform}용 내용이 없습니다"},
		"variant.unused":      {"the procedure does not run on {platform}", "platforms에 없는 플랫폼: {platform}"},
		"expr.syntax":         {"{what} is no expression: {cause}", "{what}: 식이 아닙니다. 원인: {cause}"},
		"expr.wants":          {"{what} wants {want}, this gives {got}", "{what}: 필요한 것은 {want}, 적힌 식은 {got}"},
		"expr.nothere":        {"{name} is not known at this place", "이 자리에서 쓸 수 없는 이름: {name}"},
		"expr.name":           {"{name} is not known", "알 수 없는 이름: {name}"},
		"expr.near":           {"{name} is not known; {near} may be meant", "알 수 없는 이름: {name}. 혹시 {near}?"},
		"expr.kinds":          {"{left} is compared with {right}", "종류가 다른 값의 비교: {left}, {right}"},
		"expr.listfield":      {"a list has no field {name}; take one with [0], or filter(), map() over it", "목록에는 필드가 없음: {name}. [0]으로 하나를 고르거나 filter(), map()을 쓰십시오"},
		"expr.nofield":        {"{kind} has no field {name}", "{kind}에 없는 필드: {name}"},
		"expr.hosts":          {"hosts alone is no list: hosts.ROLE or hosts.all", "hosts만으로는 목록이 아닙니다. hosts.역할 또는 hosts.all을 쓰십시오"},
		"expr.function":       {"there is no function {name}", "없는 함수: {name}"},
		"expr.args":           {"{name} takes {count}", "{name}: 인수는 {count}개입니다"},
		"fact.early":          {"the fact {name} is read by a later step only", "뒤 단계에서야 읽는 사실: {name}"},
		"fact.near":           {"no step reads a fact {name}; {near} may be meant", "어느 단계도 읽지 않는 사실: {name}. 혹시 {near}?"},
		"fact.unknown":        {"no step reads a fact {name}", "어느 단계도 읽지 않는 사실: {name}"},
	}
}

// stepsScriptTexts are findings about shell scripts.
func stepsScriptTexts() map[string]Text {
	return map[string]Text{
		"script.syntax":      {"not valid shell: {what}", "셸 문법 오류: {what}"},
		"script.bashism":     {"{what} is not in POSIX sh; write it otherwise, or begin the script with #!/bin/bash", "POSIX sh에 없는 기능: {what}. 다르게 쓰거나 스크립트를 #!/bin/bash로 시작하십시오"},
		"script.interpreter": {"scripts are for sh or bash, not {line}", "스크립트는 sh 또는 bash용이어야 합니다. 적힌 줄: {line}"},
		"probe.interpreter":  {"a probe goes to sh over its input and has no #! line", "probe는 sh의 입력으로 전달되므로 #! 줄을 쓰지 않습니다"},
		"script.pasted":      {"a value is put into the text of another shell, which runs whatever it holds; hand it over as an argument: sh -c '… \"$1\" …' sh \"$value\"", "값을 다른 셸의 명령문 안에 넣고 있어 값의 내용이 그대로 실행될 수 있습니다. 인수로 넘기십시오: sh -c '… \"$1\" …' sh \"$value\""},
		"script.background":  {"a process is left in the background without wait; a script leaves nothing behind", "wait 없이 백그라운드로 남는 프로세스가 있습니다. 스크립트는 아무것도 남기지 않아야 합니다"},
		"script.daemon":      {"{command} leaves a process behind; let systemd run it", "프로세스를 남기는 명령: {command}. systemd로 실행하십시오"},
		"script.near":        {"nobody defines ${name}; {near} may be meant", "정의되지 않은 변수: ${name}. 혹시 {near}?"},
		"script.variable":    {"nobody defines ${name}", "정의되지 않은 변수: ${name}"},
		"script.placeholder": {"{name} in braces is not filled in inside scripts; the variable is ${name}", "스크립트 안의 중괄호 이름은 바뀌지 않습니다. 변수로 쓰십시오: ${name}"},
		"probe.redirect":     {"a probe writes to a file; it may only read", "probe가 파일에 기록합니다. 읽기만 할 수 있습니다"},
		"probe.changes":      {"a probe runs {command} so that it changes something; it may only read", "probe에서 변경하는 명령: {command}. 읽기만 할 수 있습니다"},
		"secret.argv":        {"a secret is an argument of {command}, where everybody on the host can see it; hand it over on standard input", "비밀 값이 {command}의 인수로 들어가 호스트의 누구나 볼 수 있습니다. 표준 입력으로 넘기십시오"},
		"secret.env":         {"a secret gets into the environment with {name}; hand it over on standard input", "비밀 값이 환경 변수로 들어갑니다({name}). 표준 입력으로 넘기십시오"},
		"secret.printed":     {"{command} prints a secret into the log", "{command}: 비밀 값이 로그에 찍힙니다"},
		"secret.trace":       {"set -x prints secrets into the log", "set -x를 쓰면 비밀 값이 로그에 찍힙니다"},
	}
}
