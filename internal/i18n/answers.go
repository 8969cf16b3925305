package i18n

// Answers is what the checks of answers say. Findings are by their code; both texts may name
// {key}, {found} and the finding's own arguments. Neither ends with a full stop.
type Answers struct {
	Error, Warning, Note string
	Instead              string // before what would be right
	Correction           string // {number}
	Findings             map[string]AnswerFinding
}

// AnswerFinding is why something is wrong, and what would be right.
type AnswerFinding struct{ Why, Wanted string }

// answerText is a finding's two texts in both languages.
type answerText struct{ Why, Wanted Text }

func answersIn(l Lang) Answers {
	a := Answers{Error: "error", Warning: "warning", Note: "note", Instead: "Instead", Correction: "[correction {number}]", Findings: map[string]AnswerFinding{}}
	if l == Korean {
		a.Error, a.Warning, a.Note, a.Instead, a.Correction = "오류", "경고", "참고", "조치", "[정정 {number}]"
	}
	for _, area := range []map[string]answerText{answersCommon(), answersParse(), answersWanted(), answersTogether(), answersSecond(), answersCarry(),
		answersKollaFiles(), answersKollaValues(), answersKollaHosts(), answersKollaPasswords(), answersPackstackMore(), answersKollaMore(), answersInterview()} {
		for code, t := range area {
			a.Findings[code] = AnswerFinding{t.Why.In(l), t.Wanted.In(l)}
		}
	}
	return a
}

// answersCommon are the findings that every format may have.
func answersCommon() map[string]answerText {
	return map[string]answerText{
		"findings.many": {
			Text{"there are more findings", "지적 사항이 더 있습니다"},
			Text{"mend these first, then check again", "먼저 이것들을 고친 뒤 다시 점검하십시오"}},
		"key.unknown": {
			Text{"{release} has no such key and ignores it", "{release}에 없는 키이며 무시됩니다"},
			Text{"remove the line, or correct its name", "줄을 지우거나 키 이름을 고치십시오"}},
		"key.near": {
			Text{"{release} has no such key and ignores it", "{release}에 없는 키이며 무시됩니다"},
			Text{"{near} may be meant", "혹시 {near}?"}},
	}
}
