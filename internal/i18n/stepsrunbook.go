package i18n

// stepsRunbookTexts are findings about the actions and keys that runbooks need.
func stepsRunbookTexts() map[string]Text {
	return map[string]Text{
		"call.unread":   {"the procedure {procedure} cannot be read: {cause}", "절차를 읽을 수 없음: {procedure}. 원인: {cause}"},
		"call.unknown":  {"the file does not carry the procedure {procedure}; load it from its folder", "파일 안에 없는 절차: {procedure}. 원래 폴더에서 읽어야 합니다"},
		"call.cycle":    {"{procedure} is called from within itself: {way}", "절차가 자기 자신을 다시 부름: {procedure} ({way})"},
		"call.deep":     {"calls go deeper than {most}: {way}", "호출이 {most}단계보다 깊음: {way}"},
		"call.with":     {"{procedure} has no parameter {name}; it has: {known}", "절차 {procedure}에 없는 매개변수: {name}. 있는 것: {known}"},
		"call.secret":   {"{name} is a secret; the called procedure takes it from the site itself", "비밀 값은 넘기지 않습니다. 부른 절차가 site에서 직접 가져옵니다: {name}"},
		"call.missing":  {"{procedure} needs {name}: with", "절차 {procedure}에 필요한 매개변수가 with에 없음: {name}"},
		"call.gives":    {"{procedure} does not give {name}; it gives: {known}", "절차 {procedure}에서 나오지 않는 값: {name}. 나오는 값: {known}"},
		"call.roles":    {"{procedure} has no role {role}; it has: {known}", "절차 {procedure}에 없는 역할: {role}. 있는 것: {known}"},
		"holds.until":   {"holds is for a run step, and {id} must be a run step after it", "holds는 run 단계에만 쓰며, until에는 뒤에 오는 run 단계를 적습니다: {id}"},
		"judge.unknown": {"there is no judgement {name}; nearest: {near}; known: {known}", "없는 판정: {name}. 비슷한 것: {near}. 있는 것: {known}"},
		"judge.reads":   {"{name} judges by the fact {fact}, which no earlier step reads", "판정 {name}에 필요한 사실을 앞 단계에서 읽지 않음: {fact}"},
		"judge.with":    {"{name} takes no {arg}; it takes: {known}", "판정 {name}에서 받지 않는 값: {arg}. 받는 값: {known}"},
		"step.with":     {"with belongs to judge; call has its own inside", "with는 judge 단계의 키입니다. call에서는 call 안에 적습니다"},
		"step.nouse":    {"{action} has no use for {key}", "{action}에서 쓰지 않는 키: {key}"},
		"waive.each":    {"waive by item needs each", "item을 입력받는 waive에는 each가 필요합니다"},
		"fetch.many":    {"more than {most} files and outputs", "파일과 출력이 {most}개를 넘습니다"},
		"guard.risk":    {"a guard stands before a step whose risk is disruptive or destructive", "guard는 risk가 disruptive 또는 destructive인 단계에만 씁니다"},
		"hand.where":    {"hand is for probe and run on hosts, and for waive", "hand는 호스트에서 하는 probe와 run, 그리고 waive에만 씁니다"},
		"hand.waive":    {"hand of a waive needs type: item, asks and judges, and has no when", "waive의 hand에는 type: item, asks, judges가 필요하고 when은 쓸 수 없습니다"},
		"hand.when":     {"a card with when needs absent: allow", "when이 있는 hand에는 absent: allow가 필요합니다"},
		"hand.judges":   {"judges names judge steps before a waive; {id} is none", "judges에는 waive 앞의 judge 단계만 쓸 수 있음: {id}"},
		"hand.lines":    {"a card has at most {most} lines", "카드는 {most}줄까지입니다"},
		"hand.line":     {"line {line} of the card must be plain ASCII of at most {most} characters", "카드 {line}번째 줄: ASCII 문자 {most}자까지만 쓸 수 있습니다"},
		"hand.asks":     {"a probe done by hand must ask for what it reads", "손으로 하는 probe에는 읽은 값을 묻는 asks가 필요합니다"},
		"show.on":       {"show and means are about hosts: on", "show와 means는 호스트에 대한 것이므로 on이 필요합니다"},
	}
}
