package steps

import (
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var fenced = regexp.MustCompile("(?ms)^```(\\w+) ?(\\w*) ?([\\w.]*)\n(.*?)^```$")

const docsHead = `id: docs
kind: install
title: {en: A, ko: 가}
needs: {database: "1+", controller: "1", compute: "0+"}
params:
  - {name: server, type: address, title: {en: S, ko: 서버}, default: 192.0.2.1}
  - {name: port, type: int, title: {en: P, ko: 포트}, default: 3306}
  - {name: password, type: secret, title: {en: Pw, ko: 비밀번호}, generate: {}}
steps:
  - {id: used, title: {en: T, ko: 제목}, on: all, probe: 'echo "$server $port"; [ -n "$password" ]'}
`

// docsTail is what the examples call.
const docsTail = `procedures:
  docs-called: |
    id: docs-called
    kind: runbook
    title: {en: B, ko: 나}
    needs: {database: "0+"}
    params:
      - {name: limit, type: int, title: {en: L, ko: 한도}}
    steps:
      - {id: load, title: {en: Load, ko: 부하}, on: all, probe: 'echo "$limit"; cat /proc/loadavg', read: {load: {match: '[\d.]+', as: float}}}
      - {id: worst, title: {en: Worst, ko: 최대}, let: {worst: 'sortBy(hosts.all, .load, "desc")[0]'}}
`

// docsJudgements are those that the page speaks of.
var docsJudgements = []Judgement{{Name: "docs.newest", Reads: []string{"uuid", "seqno"}, Args: []string{"policy"}, HostOutputs: []string{"verdict"}, Outputs: []string{"newest"}}}

// The examples of docs/procedures.md do what it says.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/procedures.md")
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for _, m := range fenced.FindAllStringSubmatch(string(text), -1) {
		lang, kind, code, body := m[1], m[2], m[3], m[4]
		count[lang+kind]++
		steps := docsHead + "  " + strings.ReplaceAll(strings.TrimSpace(body), "\n", "\n  ") + "\n" + docsTail
		switch lang + kind {
		case "yamlwhole":
			docsFindings(t, body, "")
		case "yamlstep":
			docsFindings(t, steps, "")
		case "yamlbad":
			docsFindings(t, steps, code)
		case "expr":
			docsExpressions(t, body)
		default:
			t.Errorf("an example of a kind that nobody runs: %s %s", lang, kind)
		}
	}
	if count["yamlwhole"] < 1 || count["yamlstep"] < 10 || count["yamlbad"] < 3 || count["expr"] < 1 {
		t.Errorf("examples are missing: %v", count)
	}
	// Every key that the loader knows is on the page.
	for _, key := range loaderKeys(t) {
		if !strings.Contains(string(text), "`"+key+"`") && !regexp.MustCompile(`\b`+key+`\b`).MatchString(string(text)) {
			t.Errorf("the key %s is not described", key)
		}
	}
}

func docsFindings(t *testing.T, src, want string) {
	t.Helper()
	p, found := Parse("docs.yaml", []byte(src))
	all := append(found, p.Lint(nil, docsJudgements...)...)
	switch {
	case want == "" && len(all) > 0:
		t.Errorf("%v\n%s", all.Error(), src)
	case want != "" && !slices.ContainsFunc(all, func(f Finding) bool { return f.Code == want }):
		t.Errorf("no %s: %v\n%s", want, all.Error(), src)
	}
}

func docsExpressions(t *testing.T, body string) {
	t.Helper()
	for _, line := range strings.Split(strings.TrimSpace(body), "\n") {
		text, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Errorf("no result: %s", line)
			continue
		}
		got, err := Expr{Text: text, Line: 1, Col: 1}.Eval(testScope())
		var absent *AbsentError
		switch want {
		case "absent":
			if !errors.As(err, &absent) {
				t.Errorf("%s: %v, %v", line, got, err)
			}
			continue
		case "error":
			if err == nil || errors.As(err, &absent) {
				t.Errorf("%s: %v, %v", line, got, err)
			}
			continue
		}
		var wanted any
		if e := json.Unmarshal([]byte(want), &wanted); e != nil {
			t.Fatal(line, e)
		}
		if err != nil || !reflect.DeepEqual(got, normal(wanted)) {
			t.Errorf("%s: %v, %v", line, got, err)
		}
	}
}

// loaderKeys are the keys in the loader's own source.
func loaderKeys(t *testing.T) (found []string) {
	for _, file := range []string{"decode.go", "decodestep.go", "decoderunbook.go"} {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^\s*"(\w+)":\s+(?:func|checks|action)`).FindAllStringSubmatch(string(src), -1) {
			found = append(found, m[1])
		}
	}
	if len(found) < 60 {
		t.Errorf("only %d keys found", len(found))
	}
	return found
}
