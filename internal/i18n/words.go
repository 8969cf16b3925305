package i18n

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Words are the names of states and outcomes, by their code in the journal; line mode, the
// report and the screen share them. A code that is not here is shown as it is: see Word.
type Words struct {
	Phase   map[string]string // of a step or unit (run.Phase)
	Outcome map[string]string // of a run (RunEnded.Outcome, and parked, running)
	Host    map[string]string // of a host (HostState.State)
	Skip    map[string]string // why a unit is skipped (UnitSkipped.Why)
	Job     map[string]string // what became of a job (job.State)
	Park    map[string]string // why a run is parked (RunParked.Why)
	Void    map[string]string // why a question fell away (Answer.Void)
	Reply   map[string]string // why a command was refused (Reply.Error)
	Check   map[string]string // phase of a check
	Log     map[string]string // why a log is not complete (LogTruncated.Why)
	Exit    map[string]string // what an exit status means, by number
	Console string            // in place of a host's name
	OK      string
	NotOK   string
	NotYet  string            // of a check before the step: that is why it is done
	Args    map[string]string // names of a problem's and a question's arguments
}

// Word looks a code up, and gives the code itself when there is no word for it.
func Word(words map[string]string, code string) string {
	if w, ok := words[code]; ok {
		return w
	}
	return code
}

// Problem says a problem (internal/problem) in the catalogue's language: what failed and what
// to do next. A code without texts of its own gets general ones that name it, so that an
// operator is never left without a next step. Output and cause are shown beside it, as they are.
func (c *Catalogue) Problem(code, host string, args map[string]string) (what, next string) {
	t, known := c.Problems[code]
	if !known {
		t = c.Questions.UnknownProblem
	}
	if host == "" {
		host = c.Words.Console
	}
	args = c.Lang.Args(args)
	all := map[string]string{"code": code}
	maps.Copy(all, args)
	all["host"] = host
	pairs := pairs(all)
	what, next = Fill(t.What, slices.Clone(pairs)...), Fill(t.Next, slices.Clone(pairs)...)
	if !known {
		for _, line := range c.leftOver(args, nil) {
			what += "; " + line
		}
	}
	return what, next
}

// InKorean ends the name of an argument that is a sentence of a procedure, in Korean.
const InKorean = ".ko"

// Args are a problem's arguments in a language: of a sentence that was given in both, the one of it.
func (l Lang) Args(args map[string]string) map[string]string {
	out := map[string]string{}
	for name, v := range args {
		if ko, is := args[name+InKorean]; is && l == Korean {
			v = ko
		}
		if _, of := args[strings.TrimSuffix(name, InKorean)]; !strings.HasSuffix(name, InKorean) || !of {
			out[name] = v
		}
	}
	return out
}

// pairs lists arguments as Fill takes them, in a fixed order.
func pairs(args map[string]string) []string {
	var p []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		p = append(p, name, args[name])
	}
	return p
}

// leftOver lists arguments that no sentence named, as "name: value".
func (c *Catalogue) leftOver(args map[string]string, named func(string) bool) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(args)) {
		if args[name] != "" && (named == nil || !named(name)) {
			lines = append(lines, Word(c.Words.Args, name)+": "+args[name])
		}
	}
	return lines
}

// Short is a duration as both languages write it on a screen: 0.4s, 12s, 3m05s, 1h02m.
func Short(d time.Duration) string {
	switch {
	case d < 0:
		return "0s"
	case d < 10*time.Second:
		return strings.TrimSuffix(fmt.Sprintf("%.1f", d.Seconds()), ".0") + "s"
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%dh%02dm", int(d.Hours()), int(d.Minutes())%60)
}

func wordsEn() Words {
	return Words{
		Phase: map[string]string{
			"waiting": "waiting", "ready": "ready", "checking": "checking", "asking": "asking", "running": "running",
			"verifying": "verifying", "held": "held", "done": "done", "already": "already done", "failed": "FAILED", "skipped": "skipped",
		},
		Outcome: map[string]string{
			"done": "done", "failed": "failed", "refused": "refused", "unreachable": "no host reachable", "cancelled": "cancelled",
			"parked": "parked", "running": "running", "dead": "interrupted", "unreadable": "unreadable",
		},
		Host: map[string]string{
			"": "not looked at", "dialing": "no answer yet, still dialled", "reached": "reached", "claimed": "held by this run", "lost": "does not answer", "failed": "not reached",
			"rebooted": "was rebooted", "dropped": "dropped from the run", "released": "released",
		},
		Skip: map[string]string{
			"when": "does not apply here", "operator": "by the operator", "dropped": "the host was dropped", "unreachable": "the host is unreachable",
			"end": "the called procedure had ended",
		},
		Job: map[string]string{
			"absent": "is not there", "prepared": "was prepared", "starting": "is starting", "running": "is running", "done": "ended",
			"stopped": "was stopped", "lost": "died without a word", "rebooted": "was cut off by a reboot of the host",
			"revoked": "never began", "unbegun": "never began",
		},
		Park: map[string]string{
			"question": "a decision is needed", "stopped": "the engine was stopped", "disk": "the console's disk is full",
			"takeover": "another console took over", "operator": "the operator parked it",
		},
		Void: map[string]string{
			"changed": "what it was about has changed", "engine-restart": "the engine was started again", "dropped": "the host was dropped",
			"skipped": "the unit was skipped", "answered": "it was answered elsewhere", "reached": "the host answers again", "ended": "the job ended",
		},
		Reply: map[string]string{
			"stale": "this question was already answered differently", "script": "the script is no shell", "unknown": "there is no such question, unit or host any more",
			"invalid": "this is none of the answers that the question takes", "reason": "a reason is required",
			"busy": "not possible while the unit is running", "secret": "it holds a secret, and answers are written down", "journal": "it could not be written down: look at the console's disk", "disk": "it could not be written down: the console's disk is full",
		},
		Check:   map[string]string{"check": "before", "require": "required", "verify": "verification", "guard": "guard", "prove": "proof", "means": "meaning", "abort": "way back", "letgo": "let go"},
		Log:     map[string]string{"disk": "the console's disk is full", "host": "the host no longer has all of it"},
		Exit:    exitEn(),
		Console: "this console",
		OK:      "ok",
		NotOK:   "FAILED",
		NotYet:  "not yet",
		Args: map[string]string{
			"address": "address", "type": "type", "fingerprint": "fingerprint", "user": "user", "name": "name", "path": "file", "step": "step",
			"run": "run", "who": "by", "console": "console", "since": "since", "site": "site", "state": "state", "prompt": "it asks", "for": "for",
			"procedure": "procedure", "why": "why", "expected": "expected", "found": "found", "exit": "exit status",
		},
	}
}

func exitEn() map[string]string {
	return map[string]string{
		"0": "done", "1": "a step failed", "2": "usage, or input that cannot be read", "3": "parked: a decision is needed",
		"4": "no host reachable or trusted", "5": "another run holds the site", "6": "refused", "7": "detached, still running",
	}
}

func wordsKo() Words {
	return Words{
		Phase: map[string]string{
			"waiting": "대기", "ready": "준비", "checking": "점검 중", "asking": "응답 대기", "running": "실행 중",
			"verifying": "검증 중", "held": "보류", "done": "완료", "already": "이미 완료", "failed": "실패", "skipped": "건너뜀",
		},
		Outcome: map[string]string{
			"done": "완료", "failed": "실패", "refused": "거부됨", "unreachable": "연결된 호스트 없음", "cancelled": "작업 취소",
			"parked": "일시 보류", "running": "실행 중", "dead": "중단됨", "unreadable": "읽을 수 없음",
		},
		Host: map[string]string{
			"": "아직 확인 안 함", "dialing": "아직 응답 없음, 연결 시도 중", "reached": "연결됨", "claimed": "이 작업이 사용 중", "lost": "응답 없음", "failed": "연결 실패",
			"rebooted": "재부팅됨", "dropped": "작업에서 제외", "released": "해제됨",
		},
		Skip: map[string]string{
			"when": "해당 없음", "operator": "운영자 결정", "dropped": "제외된 호스트", "unreachable": "연결할 수 없는 호스트",
			"end": "부른 절차가 먼저 끝남",
		},
		Job: map[string]string{
			"absent": "없음", "prepared": "준비됨", "starting": "시작 중", "running": "실행 중", "done": "종료",
			"stopped": "중단됨", "lost": "결과를 남기지 않고 종료됨", "rebooted": "호스트 재부팅으로 끊김",
			"revoked": "시작되지 않음", "unbegun": "시작되지 않음",
		},
		Park: map[string]string{
			"question": "결정이 필요합니다", "stopped": "엔진이 중지되었습니다", "disk": "콘솔의 디스크가 가득 찼습니다",
			"takeover": "다른 콘솔이 넘겨받았습니다", "operator": "운영자가 보류했습니다",
		},
		Void: map[string]string{
			"changed": "질문의 대상이 바뀜", "engine-restart": "엔진이 다시 시작됨", "dropped": "호스트가 제외됨",
			"skipped": "건너뛴 작업", "answered": "다른 곳에서 답함", "reached": "호스트가 다시 응답함", "ended": "작업이 끝남",
		},
		Reply: map[string]string{
			"stale": "이미 다른 답이 입력된 질문입니다", "script": "셸 스크립트로 읽을 수 없습니다", "unknown": "그런 질문, 작업 또는 호스트가 더 이상 없습니다",
			"invalid": "이 질문에서 고를 수 있는 답이 아닙니다", "reason": "사유를 입력해야 합니다",
			"busy": "실행 중에는 할 수 없습니다", "secret": "비밀 값이 들어 있습니다. 답변은 기록되므로 사용할 수 없습니다", "journal": "기록하지 못했습니다. 콘솔의 디스크를 확인하십시오", "disk": "콘솔의 디스크가 가득 차서 기록하지 못했습니다",
		},
		Check: map[string]string{"check": "작업 전", "require": "필수 조건", "verify": "검증", "guard": "보호 조건", "prove": "증명", "means": "해석", "abort": "돌아가는 길", "letgo": "해제"},
		Log:   map[string]string{"disk": "콘솔의 디스크가 가득 찼습니다", "host": "호스트에 로그 전체가 남아 있지 않습니다"},
		Exit: map[string]string{
			"0": "완료", "1": "실패한 단계 있음", "2": "사용법 오류 또는 읽을 수 없는 입력", "3": "일시 보류: 결정 필요",
			"4": "연결하거나 신뢰할 수 있는 호스트 없음", "5": "다른 작업이 사이트를 사용 중", "6": "거부됨", "7": "화면만 나감, 작업은 계속됨",
		},
		Console: "이 콘솔",
		OK:      "정상",
		NotOK:   "실패",
		NotYet:  "아직 아님",
		Args: map[string]string{
			"address": "주소", "type": "종류", "fingerprint": "지문(fingerprint)", "user": "사용자", "name": "이름", "path": "파일", "step": "단계",
			"run": "작업", "who": "담당", "console": "콘솔", "since": "시작", "site": "사이트", "state": "상태", "prompt": "질문", "for": "시간",
			"procedure": "절차", "why": "이유", "expected": "예상", "found": "실제", "exit": "종료 코드",
		},
	}
}
