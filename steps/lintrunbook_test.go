package steps

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

const runbookHead = `id: f
kind: runbook
title: {en: A, ko: 가}
needs: {node: "1+"}
steps:
  - {id: look, title: {en: T, ko: 제목}, on: node, probe: cat /x, read: {uuid: '(\S+)', seqno: {match: '(\d+)', as: int}}}
`

// Each rule about what runbooks need has a procedure that breaks it.
func TestLintRunbook(t *testing.T) {
	for code, step := range map[string]string{
		"judge.unknown": `{id: a, title: {en: T, ko: 제}, on: node, judge: docs.newst}`,
		"judge.with":    `{id: a, title: {en: T, ko: 제}, on: node, judge: docs.newest, with: {polcy: '1'}}`,
		"step.with":     `{id: a, title: {en: T, ko: 제}, let: {x: '1'}, with: {policy: '1'}}`,
		"step.nouse":    `{id: a, title: {en: T, ko: 제}, on: node, judge: docs.newest, confirm: {type: site}}`,
		"step.on":       `{id: a, title: {en: T, ko: 제}, judge: docs.newest}`,
		"step.console":  `{id: a, title: {en: T, ko: 제}, on: node, prove: [{that: 'true', en: A, ko: 가}]}`,
		"key.missing":   `{id: a, title: {en: T, ko: 제}, prove: [{that: 'true'}]}`,
		"expr.wants":    `{id: a, title: {en: T, ko: 제}, prove: [{that: '1', en: A, ko: 가}]}`,
		"waive.each":    `{id: a, title: {en: T, ko: 제}, waive: {type: item, en: A, ko: 가}}`,
		"value.shape":   `{id: a, title: {en: T, ko: 제}, on: node, fetch: {files: [/etc/../x]}}`,
		"probe.changes": `{id: a, title: {en: T, ko: 제}, on: node, fetch: {output: {x: systemctl stop y}}}`,
		"guard.risk":    `{id: a, title: {en: T, ko: 제}, on: node, run: 'true', verify: [{probe: 'true'}], guard: [{that: 'true', en: A, ko: 가}]}`,
		"wait.rereads":  `{id: a, title: {en: T, ko: 제}, on: node, run: 'true', risk: disruptive, verify: [{probe: 'true'}], guard: [{that: 'true', rereads: lok, en: A, ko: 가}]}`,
		"hand.where":    `{id: a, title: {en: T, ko: 제}, on: node, reboot: true, hand: {type: [reboot]}}`,
		"hand.when":     `{id: a, title: {en: T, ko: 제}, on: all, probe: cat /x, read: {x: '(.)'}, hand: {when: 'host.name == "a"', type: [cat /x], asks: [{name: x, en: X, ko: 엑스}]}}`,
		"hand.waive":    `{id: a, title: {en: T, ko: 제}, each: '["x"]', waive: {type: item, reason: required, en: W, ko: 제}, hand: {type: [cat /x]}}`,
		"hand.judges":   `{id: a, title: {en: T, ko: 제}, each: '["x"]', waive: {type: item, reason: required, en: W, ko: 제}, hand: {type: [cat /x], asks: [{name: one, match: '.', en: O, ko: 하}], judges: [none]}}`,
		"hand.lines":    `{id: a, title: {en: T, ko: 제}, on: node, probe: 'true', hand: {type: [a, b, c, d, e, f, g]}}`,
		"hand.line":     `{id: a, title: {en: T, ko: 제}, on: node, probe: 'true', hand: {type: [가]}}`,
		"hand.asks":     `{id: a, title: {en: T, ko: 제}, on: node, probe: cat /x, read: {one: '(.)'}, hand: {type: [cat /x]}}`,
		"show.on":       `{id: a, title: {en: T, ko: 제}, let: {x: '1'}, show: [seqno]}`,
		"fact.near":     `{id: a, title: {en: T, ko: 제}, on: node, probe: cat /x, show: [seqn]}`,
		"expr.name":     `{id: a, title: {en: T, ko: 제}, prove: [{that: 'known("nobody")', en: A, ko: 가}]}`,
		"call.unknown":  `{id: a, title: {en: T, ko: 제}, call: {procedure: nowhere}}`,
		"key.near":      `{id: a, title: {en: T, ko: 제}, manual: {en: A, ko: 가, bx: x}}`,
	} {
		p, found := Parse("f.yaml", []byte(runbookHead+"  - "+step+"\n"))
		all := append(found, p.Lint(nil, docsJudgements...)...)
		if !slices.ContainsFunc(all, func(f Finding) bool { return f.Code == code && f.Message != code && f.Line == 7 }) {
			t.Errorf("no %s: %v\n%s", code, all.Error(), step)
		}
	}
	if p, _ := Parse("f.yaml", []byte(strings.Replace(runbookHead, "seqno:", "other:", 1)+"  - {id: a, title: {en: T, ko: 제}, on: node, judge: docs.newest}\n")); !slices.ContainsFunc(p.Lint(nil, docsJudgements...), func(f Finding) bool { return f.Code == "judge.reads" }) {
		t.Error("a judgement whose facts nobody reads is not told")
	}
}

// Procedures that are called are found in the folders in order, become part of the file, and
// are refused where they go round, too deep, or are handed what they do not take.
func TestCalls(t *testing.T) {
	one := func(id, params, steps string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("id: " + id + "\nkind: runbook\ntitle: {en: A, ko: 가}\nneeds: {node: \"1+\"}\n" + params + "steps:\n" + steps)}
	}
	call := func(id, of, more string) string {
		return "  - {id: " + id + ", title: {en: T, ko: 제}, call: {procedure: " + of + more + "}}\n"
	}
	let := "  - {id: x, title: {en: T, ko: 제}, let: {x: '1'}}\n"
	files := fstest.MapFS{
		"top.yaml": one("top", "", call("a", "leaf", ", with: {n: '2'}, gives: {x: y, outcome: z}")+call("b", "mid", "")), "mid.yaml": one("mid", "", call("c", "leaf", ", with: {n: '3'}")),
		"leaf.yaml":   one("leaf", "params: [{name: n, type: int, title: {en: N, ko: 엔}}]\n", "  - {id: s, title: {en: T, ko: 제}, on: node, run: assets/s.sh, verify: [{probe: 'echo $n'}]}\n"+let),
		"assets/s.sh": &fstest.MapFile{Data: []byte("echo own\n")}, "round.yaml": one("round", "", call("a", "back", "")), "back.yaml": one("back", "", call("a", "round", "")),
		"lacks.yaml": one("lacks", "", call("a", "leaf", "")), "wrong.yaml": one("wrong", "", call("a", "leaf", ", with: {n: '1', m: '2'}")), "takes.yaml": one("takes", "", call("a", "leaf", ", with: {n: '1'}, gives: {w: v}")),
		"d1.yaml": one("d1", "", call("a", "d2", "")), "d2.yaml": one("d2", "", call("a", "d3", "")), "d3.yaml": one("d3", "", call("a", "d4", "")), "d4.yaml": one("d4", "", call("a", "d5", "")), "d5.yaml": one("d5", "", call("a", "d6", "")), "d6.yaml": one("d6", "", let),
		"gone.yaml": one("gone", "", call("a", "not-there", "")),
	}
	own := fstest.MapFS{"leaf.yaml": one("leaf", "params: [{name: n, type: int, title: {en: N, ko: 엔}}]\n", "  - {id: mine, title: {en: T, ko: 제}, on: node, probe: 'echo $n'}\n"+let)}
	ids := func(p *Procedure) (out []string) {
		for _, s := range p.Unfold() {
			out = append(out, s.ID)
		}
		return out
	}
	p, err := Load(files, "top")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(ids(p), " "); got != "a a/s a/x b b/c b/c/s b/c/x" {
		t.Error(got)
	}
	if f := Findings(p.Lint(nil)); f.Failed() {
		t.Error(f.Error())
	}
	// As a run keeps it: the text alone is enough, and it is the same procedure.
	again, found := Parse("run.yaml", p.Source)
	if found.Failed() || strings.Join(ids(again), " ") != strings.Join(ids(p), " ") || again.Called["leaf"].Steps[0].Script.All != "echo own\n" {
		t.Errorf("%v", found.Error())
	}
	if p, err := Load(files, "top", own, files); err != nil || !strings.Contains(strings.Join(ids(p), " "), "a/mine") {
		t.Errorf("%v: the operator's own is not taken", err)
	}
	for name, code := range map[string]string{"round": "call.cycle", "lacks": "call.missing", "wrong": "call.with", "takes": "call.gives", "d1": "call.deep", "gone": "call.unread"} {
		p, found, err := Open(files, name)
		if err != nil {
			t.Fatal(err)
		}
		if p != nil {
			found = append(found, p.Lint(nil)...)
			p.Unfold()
			p.Book("en")
		}
		if !slices.ContainsFunc(found, func(f Finding) bool { return f.Code == code && f.Message != code }) {
			t.Errorf("%s: no %s: %v", name, code, found.Error())
		}
	}
}
