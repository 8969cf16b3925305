package i18n

import (
	"maps"
	"regexp"
	"strings"
)

// Questions are the texts of what only the operator answers, by the kind of the question
// (run.AskConfirm …), shared by line mode, the screen and the report.
type Questions struct {
	// Ask is the question. Its first line may use {host} and {step} only, which every
	// question has; a further line is shown when the question has all that it names.
	Ask map[string]string
	// Answers are the answers offered, by "kind.value" or, for all kinds, "value".
	Answers map[string]AnswerText
	// UnknownProblem stands for a problem code that has no texts.
	UnknownProblem ProblemText
}

// AnswerText is one answer.
type AnswerText struct {
	Label string // short, for a menu or a key
	About string // what it does
}

var argument = regexp.MustCompile(`\{(\w+)\}`)

// Question says a question of a kind: what is asked, then further lines. Args are the
// question's own; step is the title of its step. Kinds and their arguments:
//
//	confirm, choose, value, manual, failed, reach
//	          none: the procedure's own words and the problem are shown beside it
//	lost      state: lost or rebooted
//	stall     for: how long there was no output
//	secret    name: of the secret; or, to log in, prompt: what the host asks
//	hostkey   type, fingerprint
//	claim     run, who, console, since: of who holds the host
//
// An argument that no line names is listed by its name, so that nothing is kept from who
// decides.
func (c *Catalogue) Question(kind, step, host string, args map[string]string) (ask string, more []string) {
	if host == "" {
		host = c.Words.Console
	}
	all := map[string]string{}
	maps.Copy(all, args)
	all["step"], all["host"] = step, host
	if s, ok := args["state"]; ok {
		all["state"] = Word(c.Words.Job, s)
	}
	named := map[string]bool{"step": true, "host": true, "echo": true, "kind": true}
	if kind == "secret" && args["prompt"] != "" {
		kind, named["name"] = "login", true
	}
	text := strings.Split(c.Questions.Ask[kind], "\n")
	if text[0] == "" {
		text[0] = kind
	}
	ask = Fill(text[0], pairs(all)...)
lines:
	for _, line := range text[1:] {
		found := argument.FindAllStringSubmatch(line, -1)
		for _, f := range found {
			if all[f[1]] == "" {
				continue lines
			}
		}
		for _, f := range found {
			named[f[1]] = true
		}
		more = append(more, Fill(line, pairs(all)...))
	}
	return ask, append(more, c.leftOver(args, func(name string) bool { return named[name] })...)
}

// Answer says one answer of a question: its short name and what it does. A value of the
// procedure's own (of a choose) is its own name.
func (c *Catalogue) Answer(kind, value string) AnswerText {
	if t, ok := c.Questions.Answers[kind+"."+value]; ok {
		return t
	}
	if t, ok := c.Questions.Answers[value]; ok && kind != "choose" {
		return t
	}
	return AnswerText{Label: value}
}

func questionsEn() Questions {
	return Questions{
		Ask: map[string]string{
			"confirm": "Go on with “{step}”?\nWhere: {host}",
			"choose":  "“{step}”: which one?",
			"value":   "“{step}”: a value is needed.",
			"manual":  "“{step}” is done by hand. Is it done?",
			"failed":  "“{step}” failed. Host: {host}. What now?",
			"lost": "“{step}”: it is not known how the job ended. Host: {host}. What now?\nThe job {state}.\n" +
				"Look at the host before deciding: it may have done all, a part, or nothing.",
			"stall":   "“{step}” prints nothing any more. Host: {host}. What now?\nNo output for {for}, while connected. The job is still running.",
			"login":   "To log in, an answer is needed. Host: {host}.\nThe host asks: {prompt}\nIt is kept in memory only.",
			"secret":  "A secret is needed. Host: {host}.\nName: {name}\nIt is not shown while typed, and kept in memory only.",
			"hostkey": "This host is not known yet: {host}. Is this its key?\nKey: {type} {fingerprint}\nCompare it with what the host itself shows: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
			"claim":   "Another run holds the host {host}.\nRun: {run}\nBy: {who}, console {console}, since {since}\nTaking over while that run still works can break both.",
			"waive":   "Go on without it? A reason goes into the report.\nWhere: {host}",
			"guard":   "A guard blocks “{step}”. What now?\nIt found: {found}\nTo go on all the same, type the site's name and give a reason.",
			"reach":   "This host cannot be reached or used: {host}. What now?\nIf it is up, its jobs go on by themselves.",
		},
		Answers: map[string]AnswerText{
			"yes":          {"yes", "go on"},
			"no":           {"no", "do not do this"},
			"hostkey.yes":  {"yes", "trust this key from now on"},
			"hostkey.no":   {"no", "do not connect"},
			"retry":        {"retry", "do it again on this host"},
			"edit":         {"edit", "change the script and do it again"},
			"skip":         {"skip", "leave it out here, with a reason"},
			"drop":         {"drop", "take the host out of this run"},
			"stop":         {"stop", "end the run"},
			"rerun":        {"rerun", "run it again from the start"},
			"done":         {"done", "it is done; the verification follows"},
			"manual.done":  {"done", "it is done by hand"},
			"wait":         {"wait", "go on waiting"},
			"stall.stop":   {"stop", "stop this job on the host"},
			"claim.retry":  {"retry", "look again"},
			"reach.retry":  {"retry", "try to reach it again"},
			"reach.hand":   {"hand", "do it at the host's own console and type what it says"},
			"reach.absent": {"absent", "go on without it, and do not ask again while it is silent"},
			"waive.no":     {"no", "do not go on without it"},
			"waive.hand":   {"hand", "read it at its own console and type what it says"},
			"guard.retry":  {"retry", "look again"},
			"abort":        {"abort", "take the way back on this host and end the run as failed"},
			"secret.skip":  {"skip", "leave it out here, with a reason"},
			"confirm.skip": {"skip", "leave it out here, with a reason"},
		},
		UnknownProblem: ProblemText{
			What: "Cannot go on. Host: {host}. Code: {code}",
			Next: "Read the output and the cause shown with it, mend what they name, then retry; or skip the unit with a reason. The report of the run has all of it.",
		},
	}
}

func questionsKo() Questions {
	return Questions{
		Ask: map[string]string{
			"confirm": "진행할까요? 단계: “{step}”\n대상: {host}",
			"choose":  "하나를 고르십시오. 단계: “{step}”",
			"value":   "값을 입력하십시오. 단계: “{step}”",
			"manual":  "수작업 단계입니다. 끝났습니까? 단계: “{step}”",
			"failed":  "단계가 실패했습니다: “{step}”. 대상: {host}. 어떻게 할까요?",
			"lost": "작업이 어떻게 끝났는지 알 수 없습니다: “{step}”. 대상: {host}. 어떻게 할까요?\n작업 상태: {state}.\n" +
				"결정하기 전에 호스트를 확인하십시오. 전부, 일부만, 또는 전혀 수행되지 않았을 수 있습니다.",
			"stall":   "출력이 멈췄습니다: “{step}”. 대상: {host}. 어떻게 할까요?\n연결된 상태에서 출력 없는 시간: {for}. 작업은 아직 실행 중입니다.",
			"login":   "로그인하려면 답이 필요합니다. 대상: {host}.\n호스트의 질문: {prompt}\n메모리에만 보관됩니다.",
			"secret":  "비밀 값이 필요합니다. 대상: {host}.\n이름: {name}\n입력하는 동안 화면에 보이지 않으며 메모리에만 보관됩니다.",
			"hostkey": "처음 보는 호스트입니다: {host}. 이 호스트의 키가 맞습니까?\n키: {type} {fingerprint}\n호스트에서 직접 확인한 값과 비교하십시오: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
			"claim":   "다른 작업이 사용 중인 호스트입니다: {host}.\n작업: {run}\n담당: {who}, 콘솔: {console}, 시작: {since}\n그 작업이 아직 진행 중일 때 넘겨받으면 양쪽 모두 망가질 수 있습니다.",
			"waive":   "없이 진행할까요? 이유는 결과서에 남습니다.\n대상: {host}",
			"guard":   "보호 조건에 막혔습니다: “{step}”. 어떻게 할까요?\n확인 결과: {found}\n그래도 진행하려면 사이트 이름과 이유를 입력하십시오.",
			"reach":   "호스트를 사용할 수 없습니다: {host}. 어떻게 할까요?\n호스트가 켜져 있다면 실행 중인 작업은 계속됩니다.",
		},
		Answers: map[string]AnswerText{
			"yes":          {"예", "진행"},
			"no":           {"아니요", "진행하지 않음"},
			"hostkey.yes":  {"예", "앞으로 이 키를 신뢰"},
			"hostkey.no":   {"아니요", "연결하지 않음"},
			"retry":        {"재시도", "이 호스트에서 다시 실행"},
			"edit":         {"수정", "스크립트를 고쳐서 다시 실행"},
			"skip":         {"건너뛰기", "사유 남기고 건너뛰기"},
			"drop":         {"제외", "이 호스트를 작업에서 제외"},
			"stop":         {"작업 취소", "작업 전체를 끝냄"},
			"rerun":        {"다시 실행", "처음부터 다시 실행"},
			"done":         {"완료", "완료된 것으로 보고 검증 진행"},
			"manual.done":  {"완료", "수작업을 마침"},
			"wait":         {"기다리기", "계속 기다림"},
			"stall.stop":   {"단계 중단", "이 호스트의 작업을 중단"},
			"claim.retry":  {"재시도", "다시 확인"},
			"reach.retry":  {"재시도", "다시 연결"},
			"reach.hand":   {"수작업", "호스트 콘솔에서 수행하고 결과 입력"},
			"reach.absent": {"없이 진행", "이 호스트의 값 없이 진행하고, 응답이 없는 동안 다시 묻지 않음"},
			"waive.no":     {"아니요", "없이 진행하지 않음"},
			"waive.hand":   {"수작업", "호스트 콘솔에서 읽어 결과 입력"},
			"guard.retry":  {"재시도", "다시 확인"},
			"abort":        {"되돌아가기", "이 호스트에서 돌아가는 길을 실행하고 작업을 실패로 끝냄"},
			"secret.skip":  {"건너뛰기", "사유 남기고 건너뛰기"},
			"confirm.skip": {"건너뛰기", "사유 남기고 건너뛰기"},
		},
		UnknownProblem: ProblemText{
			What: "더 진행할 수 없습니다. 대상: {host}. 코드: {code}",
			Next: "함께 표시된 출력과 원인을 확인하여 문제를 해결한 뒤 재시도하거나, 사유를 남기고 건너뛰십시오. 자세한 내용은 작업 결과서에 있습니다.",
		},
	}
}
