package steps

import (
	"io/fs"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

const whole = `
id: sample-1.0
kind: install
title: {en: A sample, ko: 견본}
about: {en: All keys., ko: 모든 키.}
rows: [U1, U2]
needs: {controller: "1", compute: 1+}
platforms: {debian-12: run, ubuntu-22.04: untried}
params:
  - {name: server, type: address, title: {en: Server, ko: 서버}, from: 'hosts.controller[0].address.management'}
  - {name: mode, type: choice, choices: [fast, slow], default: fast}
  - name: password
    type: secret
    generate: {length: 32}
  - {name: count, type: int, default: 5, match: '[0-9]+'}
steps:
  - id: look
    on: all
    absent: allow
    probe: cat /etc/hostname
    read: {hostname: {match: '(\S+)'}, load: {match: 'load (\d+)', as: int, from: stderr}, first: '^(.)'}
  - id: work
    title: {en: Work, ko: 작업}
    corrections: [3, 25]
    on: {from: [controller, compute], where: '.reachable'}
    when: count > 3
    each: '["a", "b"]'
    serial: true
    sudo: false
    vars: {n: count + 1}
    check: verify
    require: [{probe: test -d /etc}]
    confirm: {type: host, en: Sure?, ko: 진행합니까?}
    risk: destructive
    rerun: safe
    stall: 5m
    normal: {for: 2m, say: {en: Quiet, ko: 조용함}}
    run:
      debian: |
        echo debian
      ubuntu-22.04: assets/work.sh
    verify:
      - {id: there, title: {en: There}, on: controller, probe: 'echo 3', want: {exit: 0, match: '3', no_match: '4', equals: '3', expr: 'n == 3'}, read: {n: {as: int}}, within: 90s, every: 5s, remedy: {en: Look., ko: 살펴보십시오.}}
    undo: echo undo
    abort: echo abort
  - {id: conf, on: all, file: {path: /etc/x.conf, content: assets/x.conf, mode: 0640, owner: root, group: adm}, verify: [{probe: 'true'}]}
  - {id: boot, on: compute, once: true, reboot: true}
  - {id: q, ask: {name: gateway, type: address, default: 192.0.2.1, en: Which?, ko: 어느 것입니까?}}
  - {id: c, choose: {name: way, say: {en: Way?, ko: 방법?}, options: [{value: a, en: A, ko: 에이}, {value: b, title: {en: B}}, c], default: a}}
  - {id: m, manual: {en: Pull the plug., ko: 전원을 뽑으십시오., look: {en: Dark., ko: 꺼짐.}}}
  - {id: w, wait: {until: 'any(hosts.all, .load > 3)', rereads: look, for: 30s, every: 3s}}
  - {id: l, let: {newest: 'hosts.all[0]'}}
  - {id: e, end: {outcome: done, en: Done., ko: 끝.}}
`

func sampleFS() fstest.MapFS {
	return fstest.MapFS{
		"sample.yaml":    {Data: []byte(whole)},
		"assets/work.sh": {Data: []byte("#!/bin/bash\n# a \"quote\" and 한글\n\techo \\$HOME\u0085\n")},
		"assets/x.conf":  {Data: []byte("server {server}\n")},
	}
}

func TestLoad(t *testing.T) {
	p, err := Load(sampleFS(), "sample")
	if err != nil {
		t.Fatal(err)
	}
	if p.ID != "sample-1.0" || p.Kind != Install || p.Title.Ko != "견본" || len(p.Rows) != 2 || p.Needs["compute"] != "1+" || p.Platforms["debian-12"] != "run" {
		t.Errorf("head: %+v", p)
	}
	if q := p.Param("count"); q == nil || q.Type != Int || *q.Default != "5" || q.Line != 15 {
		t.Errorf("param: %+v", q)
	}
	if q := p.Param("password"); q.Generate.Length != 32 || q.Type != Secret {
		t.Errorf("secret: %+v", q)
	}
	look, work := p.Step("look"), p.Step("work")
	if !look.Absent || look.Action != ActProbe || look.Read["load"].As != "int" || look.Read["load"].From != "stderr" || look.Read["first"].Match != "^(.)" {
		t.Errorf("look: %+v", look)
	}
	if work.On.Where.Text != ".reachable" || work.When.Text != "count > 3" || !work.Serial || *work.Sudo || !work.CheckVerify || work.Risk != Destructive ||
		!work.RerunSafe || work.Stall != 5*time.Minute || work.Normal.For != 2*time.Minute || work.Normal.Say.En != "Quiet" || work.Confirm.Type != "host" || work.Confirm.Say.En != "Sure?" ||
		!reflect.DeepEqual(work.Corrections, []int{3, 25}) || work.Require[0].ID != "require1" {
		t.Errorf("work: %+v", work)
	}
	v := work.Verify[0]
	if v.ID != "there" || *v.Want.Exit != 0 || *v.Want.Equals != "3" || v.Want.NoMatch != "4" || v.Within != 90*time.Second || v.Every != 5*time.Second || v.On.Roles[0] != "controller" {
		t.Errorf("verify: %+v", v)
	}
	if text, ok := work.Script.For("ubuntu-22.04"); !ok || text != "#!/bin/bash\n# a \"quote\" and 한글\n\techo \\$HOME\u0085\n" {
		t.Errorf("asset: %q", text)
	}
	if text, ok := work.Script.For("debian-12"); !ok || text != "echo debian\n" {
		t.Errorf("variant: %q", text)
	}
	if _, ok := work.Script.For("rocky-9"); ok {
		t.Error("a variant for a platform that has none")
	}
	if f := p.Step("conf").File; f.Mode != 0o640 || f.Content != "server {server}\n" || f.Group != "adm" {
		t.Errorf("file: %+v", f)
	}
	if a := p.Step("c").Ask; len(a.Options) != 3 || a.Options[0].Title.Ko != "에이" || a.Options[2].Value != "c" || a.Default != "a" {
		t.Errorf("choose: %+v", a)
	}
	if w := p.Step("w").Wait; w.Reread != "look" || w.For != 30*time.Second {
		t.Errorf("wait: %+v", w)
	}
	if p.Step("e").End.Outcome != "done" || p.Step("boot").Action != ActReboot || !p.Step("boot").Once {
		t.Error("end, boot")
	}
	again, found := Parse(p.Path, p.Source)
	if len(found) > 0 || !reflect.DeepEqual(again, p) {
		t.Errorf("the source does not give the same procedure: %v", found)
	}
	if p.Steps[0].Line != again.Steps[0].Line || !strings.HasPrefix(string(p.Source), whole[:len(whole)-1]) {
		t.Error("the source does not begin with the file")
	}
}

func TestLoadWithoutAsset(t *testing.T) {
	fsys := sampleFS()
	delete(fsys, "assets/work.sh")
	_, err := Load(fsys, "sample.yaml")
	if err == nil || !strings.Contains(err.Error(), "sample.yaml:41:21: error: assets/work.sh cannot be read") {
		t.Errorf("%v", err)
	}
	if _, err := Load(fsys, "nosuch"); err == nil {
		t.Error("a procedure that is not there")
	}
	fsys["assets/work.sh"] = &fstest.MapFile{Data: []byte("\xff\xfe")}
	if _, err := Load(fsys, "sample"); err == nil || !strings.Contains(err.Error(), "is no text") {
		t.Errorf("%v", err)
	}
}

// Every mistake is told with its place, all in one go.
func TestParseFindings(t *testing.T) {
	base := "id: a\nkind: install\ntitle: A\nsteps:\n"
	for _, tc := range []struct {
		name, src string
		want      []string // line:col code
	}{
		{"unknown key", base + "  - {id: a, prob: x}\n", []string{"5:5 step.action", "5:13 key.near"}},
		{"far key", base + "  - {id: a, probe: x, zzzzzzzz: x}\n", []string{"5:23 key.unknown"}},
		{"duplicate", base + "  - id: a\n    id: b\n    probe: x\n", []string{"6:5 key.duplicate"}},
		{"later", base + "  - {id: a, ini: x}\n", []string{"5:13 key.later"}},
		{"two actions", base + "  - {id: a, probe: x, run: y}\n", []string{"5:5 step.actions"}},
		{"missing", "title: x\nsteps: []\n", []string{"1:1 key.missing", "1:1 key.missing", "1:1 key.missing"}},
		{"alias", base + "  - &x {id: a, probe: x}\n  - *x\n", []string{"5:5 yaml.alias"}},
		{"bomb", "a: &a [x,x]\nb: &b [*a,*a]\n", []string{"1:4 yaml.alias"}},
		{"tag", "id: !!binary aGk=\n", []string{"1:5 yaml.tag"}},
		{"syntax", "id: [a\nkind: x\n", []string{"2:5 yaml.syntax"}},
		{"tab", "id: a\n\tkind: x\n", []string{"2:1 yaml.syntax"}},
		{"two documents", "id: a\n---\nid: b\n", []string{"1:1 yaml.empty"}},
		{"nothing", "", []string{"1:1 yaml.empty"}},
		{"no mapping", "- a\n", []string{"1:1 value.mapping"}},
		{"null", base + "  - {id: a, probe: }\n", []string{"5:20 value.text"}},
		{"duration", base + "  - {id: a, probe: x, stall: 5}\n", []string{"5:30 value.duration"}},
		{"word", base + "  - {id: a, probe: x, absent: yes}\n", []string{"5:31 value.word"}},
		{"step id", base + "  - {id: 'A b', probe: x}\n", []string{"5:5 key.missing", "5:10 value.shape"}},
		{"platform", base + "  - {id: a, probe: {'Debian 12': x}}\n", []string{"5:21 key.name"}},
		{"on", base + "  - {id: a, on: {where: x}, probe: x}\n", []string{"5:17 on.shape"}},
		{"path", base + "  - {id: a, file: {path: /a/../b, content: x}}\n", []string{"5:19 key.missing", "5:26 value.shape"}},
		{"mode", base + "  - {id: a, file: {path: /b, content: x, mode: 9}}\n", []string{"5:48 value.mode"}},
		{"option", base + "  - {id: a, choose: {name: x, en: q, options: [a, a], default: c}}\n", []string{"5:21 choose.twice", "5:21 choose.default"}},
		{"short secret", "params: [{name: x, type: secret, generate: {length: 4}}]\n" + base + "  - {id: a, probe: x}\n", []string{"1:44 generate.length"}},
		{"all at once", base + "  - {id: a, probe: x, sudo: maybe}\n  - {id: b, wait: {}}\n", []string{"5:29 value.word", "6:19 key.missing", "6:19 key.missing", "6:19 key.missing"}},
		{"deep", strings.Repeat("[", 200) + strings.Repeat("]", 200), []string{"1:66 yaml.deep"}},
	} {
		_, found := Parse("f.yaml", []byte(tc.src))
		var got []string
		for _, f := range found {
			got = append(got, strings.TrimPrefix(Finding{File: "", Line: f.Line, Col: f.Col, Severity: "x"}.String(), ":"))
			got[len(got)-1] = strings.TrimSuffix(got[len(got)-1], ": x: ") + " " + f.Code
			if f.Message == "" || f.Message == f.Code || strings.Contains(f.Message, "{what}") {
				t.Errorf("%s: no text for %s: %q", tc.name, f.Code, f.Message)
			}
		}
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: got %v, want %v\n%v", tc.name, got, tc.want, found.Error())
		}
	}
}

func TestNames(t *testing.T) {
	names, err := Names(sampleFS())
	if err != nil || !reflect.DeepEqual(names, []string{"sample"}) {
		t.Errorf("%v, %v", names, err)
	}
	if _, err := fs.Stat(Library(), "."); err != nil {
		t.Error(err)
	}
}
