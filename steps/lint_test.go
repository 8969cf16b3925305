package steps

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackhand/internal/i18n"
)

const lintHead = `id: a
kind: install
title: {en: A, ko: 가}
needs: {database: "1+", controller: "1"}
params:
  - {name: server, type: string, title: {en: S, ko: 서버}, default: x}
  - {name: port, type: int, title: {en: P, ko: 포트}, default: 1}
  - {name: password, type: secret, title: {en: Pw, ko: 비밀번호}, generate: {length: 20}}
steps:
  - {id: base, title: {en: T, ko: 제목}, on: all, probe: 'echo "$server $port"; printf %s "$password" | sha256sum -c -', read: {seqno: {as: int}, uuid: '.'}}
`

// step wraps keys of a step that is otherwise fine.
func lintStep(keys string) string {
	return "  - id: s\n    title: {en: T, ko: 제목}\n    " + strings.ReplaceAll(strings.TrimSpace(keys), "\n", "\n    ") + "\n"
}

func runStep(script string) string {
	return lintStep("on: all\nverify: [{probe: 'true'}]\nrun: |\n  " + strings.ReplaceAll(script, "\n", "\n  "))
}

func probeStep(script string) string {
	return lintStep("on: all\nprobe: |\n  " + strings.ReplaceAll(script, "\n", "\n  "))
}

// codes gives line and code of all findings, schema and lint.
func codes(t *testing.T, src string) (list []string, all Findings) {
	t.Helper()
	p, found := Parse("f.yaml", []byte(src))
	all = append(found, p.Lint(nil)...)
	for _, f := range all {
		list = append(list, f.Code)
		for _, lang := range []i18n.Lang{i18n.English, i18n.Korean} {
			if text := f.In(lang); text == f.Code {
				t.Errorf("no text for %s", f.Code)
			} else if left := placeholderLeft(text, f); left != "" {
				t.Errorf("%s: %s is not filled in: %s", f.Code, left, text)
			}
		}
		if f.File == "" || f.Line == 0 && f.Code != "asset.unused" {
			t.Errorf("%s: no place", f)
		}
	}
	return list, all
}

func placeholderLeft(text string, f Finding) (left string) {
	quoted := strings.Join(sortedValues(f.Args), " ")
	placeholders(text, func(name string) (string, bool) {
		if !strings.Contains(quoted, "{"+name+"}") {
			left = name
		}
		return "", false
	})
	return left
}

func sortedValues(m map[string]string) (out []string) {
	for _, k := range sortedKeys(m) {
		out = append(out, m[k])
	}
	return out
}

// One bad example a rule: exactly that finding, at that line.
func TestLint(t *testing.T) {
	const first = 11 // line of what is added
	for _, tc := range []struct {
		name, add string
		want      string // code, or "line code"
	}{
		{"step id twice", "  - {id: base, title: {en: T, ko: 제목}, on: all, probe: 'true'}\n", "11 step.twice"},
		{"no title", "  - {id: s, on: all, probe: 'true'}\n", "11 text.missing"},
		{"one language", "  - {id: s, title: {en: T}, on: all, probe: 'true'}\n", "11 text.language"},
		{"no verify", lintStep("on: all\nrun: echo"), "11 step.verify"},
		{"file without verify", lintStep("on: all\nfile: {path: /a, content: b}"), "step.verify"},
		{"check: verify without verify", lintStep("on: all\ncheck: verify\nprobe: 'true'"), "step.checkverify"},
		{"destructive", lintStep("on: all\nrisk: destructive\nrun: echo\nverify: [{probe: 'true'}]"), "step.confirm"},
		{"destructive, y/n", lintStep("on: all\nrisk: destructive\nconfirm: {type: 'yes'}\nrun: echo\nverify: [{probe: 'true'}]"), "step.confirm"},
		{"confirm host on the console", lintStep("confirm: {type: host}\nlet: {x: '1'}"), "confirm.host"},
		{"no hosts", lintStep("probe: 'true'"), "step.on"},
		{"hosts of a question", lintStep("on: all\nlet: {x: '1'}"), "step.console"},
		{"role nobody has", lintStep("on: storage\nprobe: 'true'"), "13 role.unfilled"},
		{"role misspelt", lintStep("on: databse\nprobe: 'true'"), "role.near"},
		{"role in a list", lintStep("on: [database, cotroller]\nprobe: 'true'"), "role.near"},
		{"role in an expression", lintStep("on: all\nwhen: len(hosts.databases) > 1\nprobe: 'true'"), "14 role.near"},
		{"read of a file", lintStep("on: all\nread: {x: '.'}\nfile: {path: /a, content: b}\nverify: [{probe: 'true'}]"), "step.read"},
		{"rerun of a question", lintStep("rerun: safe\nlet: {x: '1'}"), "step.rerun"},
		{"check id twice", lintStep("on: all\nprobe: 'true'\nverify: [{id: a, probe: 'true'}, {id: a, probe: 'true'}]"), "check.twice"},
		{"check nowhere", lintStep("let: {x: '1'}\nverify: [{probe: 'true'}]"), "check.on"},
		{"check that waits", lintStep("on: all\nprobe: 'true'\ncheck: [{probe: 'true', within: 5s}]"), "check.within"},
		{"values for nothing", lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'true', read: {x: '.'}}]"), "check.read"},
		{"bad pattern", lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'true', want: {match: '('}}]"), "regexp.bad"},
		{"bad pattern in read", lintStep("on: all\nprobe: 'true'\nread: {x: '('}"), "regexp.bad"},
		{"fact with a host's field", lintStep("on: all\nprobe: 'true'\nread: {name: '.'}"), "name.reserved"},
		{"fact with a function's name", lintStep("on: all\nprobe: 'true'\nread: {len: '.'}"), "name.reserved"},
		{"let twice", lintStep("let: {x: '1'}") + strings.Replace(lintStep("let: {x: '2'}"), "id: s", "id: t", 1), "16 let.twice"},
		{"let like a parameter", lintStep("let: {port: '1'}"), "name.twice"},
		{"let like a function", lintStep("let: {hosts: '1'}"), "name.reserved"},
		{"var like a parameter", lintStep("on: all\nvars: {port: '1'}\nprobe: 'true'"), "name.twice"},
		{"rereads nothing", lintStep("wait: {until: 'true', rereads: nosuch, for: 3s}"), "wait.rereads"},
		{"rereads itself", lintStep("wait: {until: 'true', rereads: s, for: 3s}"), "wait.rereads"},
		{"ask with a bad default", lintStep("ask: {name: x, type: int, default: y, en: E, ko: 가}"), "param.int"},
		{"question in one language", lintStep("ask: {name: x, en: E}"), "text.language"},
		{"unknown word in a text", lintStep("manual: {en: 'Pull {cable}', ko: 가}"), "placeholder.unknown"},
		{"misspelt word in a text", lintStep("manual: {en: 'Pull {servr}', ko: 가}"), "placeholder.near"},
		{"secret in a text", lintStep("manual: {en: 'Type {password}', ko: 가}"), "secret.text"},
		{"secret in a file", lintStep("on: all\nverify: [{probe: 'true'}]\nfile:\n  path: /a\n  content: |\n    a\n    b {password}"), "19 secret.text"},
		{"unknown word in a file", lintStep("on: all\nverify: [{probe: 'true'}]\nfile:\n  path: /a\n  content: |\n    b {nosuchname}"), "18 placeholder.unknown"},

		{"syntax of an expression", lintStep("on: all\nwhen: port +\nprobe: 'true'"), "expr.syntax"},
		{"brackets of an expression", lintStep("on: {from: all, where: 'true), (true'}\nprobe: 'true'"), "expr.syntax"},
		{"unknown name", lintStep("on: all\nwhen: nosuchname\nprobe: 'true'"), "expr.name"},
		{"misspelt name", lintStep("on: all\nwhen: prt > 3\nprobe: 'true'"), "14 expr.near"},
		{"condition that is none", lintStep("on: all\nwhen: port\nprobe: 'true'"), "expr.wants"},
		{"host on the console", lintStep("let: {x: host.name}"), "expr.nothere"},
		{"item without each", lintStep("on: all\nwhen: item == 1\nprobe: 'true'"), "expr.nothere"},
		{"secret in an expression", lintStep("on: all\nwhen: password == 'x'\nprobe: 'true'"), "secret.expr"},
		{"fact nobody reads", lintStep("on: all\nwhen: host.nosuchfact == 'a'\nprobe: 'true'"), "fact.unknown"},
		{"misspelt fact", lintStep("on: {from: all, where: '.seqn > 1'}\nprobe: 'true'"), "fact.near"},
		{"fact in a predicate", lintStep("let: {x: 'filter(hosts.database, .uid == \"a\")'}"), "fact.near"},
		{"fact in known", lintStep("let: {x: 'known(hosts.database, \"seqnoo\")'}"), "fact.near"},
		{"fact read later", lintStep("on: all\nwhen: host.late == 'a'\nprobe: 'true'\nread: {late: '.'}"), "fact.early"},
		{"number against text", lintStep("on: all\nwhen: host.seqno == '5'\nprobe: 'true'"), "expr.kinds"},
		{"text against number in a predicate", lintStep("let: {x: 'count(hosts.database, .uuid > 5)'}"), "expr.kinds"},
		{"item as a number", lintStep("on: all\neach: '[1, 2]'\nwhen: item > 1\nprobe: 'true'"), "expr.kinds"},
		{"text among numbers", lintStep("on: all\nwhen: host.uuid in [1, 2]\nprobe: 'true'"), "expr.kinds"},
		{"field of a list", lintStep("let: {x: hosts.database.seqno}"), "expr.listfield"},
		{"field of a text", lintStep("let: {x: server.name}"), "expr.nofield"},
		{"hosts without a role", lintStep("let: {x: 'len(hosts)'}"), "expr.hosts"},
		{"unknown function", lintStep("let: {x: 'readfile(server)'}"), "expr.function"},
		{"withheld function", lintStep("let: {x: 'get(site, \"name\")'}"), "expr.function"},
		{"known with one", lintStep("let: {x: 'known(hosts.all)'}"), "expr.args"},
		{"value that no check reads", lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'true', read: {rows: {as: int}}, want: {expr: 'rws > 3'}}]"), "expr.near"},
		{"place in a block", lintStep("on: all\nwhen: |\n  port > 1 and\n  nosuchname\nprobe: 'true'"), "16 expr.name"},

		{"shell syntax", runStep("if true; then\necho"), "script.syntax"},
		{"shell syntax in a probe", probeStep("a\nb )"), "16 script.syntax"},
		{"bash without saying so", runStep("[[ a == b ]]; x=(1 2)"), "script.bashism"},
		{"python", runStep("#!/usr/bin/python3\nprint(1)"), "script.interpreter"},
		{"bash probe", probeStep("#!/bin/bash\necho"), "probe.interpreter"},
		{"background", runStep("sleep 100 &"), "script.background"},
		{"a value in another shell's text", runStep(`bash -c "exec 3<>/dev/tcp/$host_address/22"`), "script.pasted"},
		{"a value in another shell's text, further in", runStep(`ip netns exec x timeout 3 /bin/sh -ec "ls $host_address"`), "script.pasted"},
		{"a value in eval", runStep(`eval "ls $host_address"`), "script.pasted"},
		{"nohup", runStep("nohup sleep 100"), "script.daemon"},
		{"setsid under sudo", runStep("sudo -u mysql setsid x"), "script.daemon"},
		{"unknown variable", runStep("echo\necho $nosuchname"), "17 script.variable"},
		{"misspelt variable", runStep("echo \"$servr\""), "script.near"},
		{"braces in a script", runStep("echo {server}"), "script.placeholder"},
		{"probe writes", probeStep("echo a >/tmp/x"), "probe.redirect"},
		{"probe appends", probeStep("true\necho a >>\"$server\""), "16 probe.redirect"},
		{"check writes", lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'echo >/x'}]"), "probe.redirect"},
		{"probe removes", probeStep("rm -f /tmp/x"), "probe.changes"},
		{"probe restarts", probeStep("systemctl --no-block restart mariadb"), "probe.changes"},
		{"probe installs", probeStep("apt-get -y install x"), "probe.changes"},
		{"probe edits", probeStep("sed -ni.bak p /etc/hosts"), "probe.changes"},
		{"probe tees", probeStep("echo | tee /etc/x"), "probe.changes"},
		{"probe in a substitution", probeStep("x=$(env A=1 /bin/rm x); echo $x"), "probe.changes"},
		{"probe under timeout", probeStep("timeout -k 3 5 systemctl stop x"), "probe.changes"},
		{"require changes", lintStep("on: all\nprobe: 'true'\nrequire: [{probe: touch /x}]"), "probe.changes"},
		{"secret as an argument", runStep("mysql -p\"$password\""), "secret.argv"},
		{"secret as an argument of sudo", runStep("sudo printf %s \"$password\" | cat"), "secret.argv"},
		{"secret handed on", runStep("x=$password; y=\"a$x\"; curl -u \"$y\" http://a"), "secret.argv"},
		{"secret through a filter", runStep("x=$(printf %s \"$password\" | sed s/a/b/); mysql -p\"$x\""), "secret.argv"},
		{"secret in the environment", runStep("MYSQL_PWD=$password mysql"), "secret.env"},
		{"secret exported", runStep("export password"), "secret.env"},
		{"secret exported with a value", runStep("export X=\"$password\""), "secret.env"},
		{"secret in the log", runStep("echo \"$password\""), "secret.printed"},
		{"secret traced", runStep("set -eux\nprintf %s \"$password\" | cat"), "secret.trace"},
		{"secret in a check", lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'mysql -p$password'}]"), "secret.argv"},
	} {
		got, all := codes(t, lintHead+tc.add)
		want := tc.want
		if line, code, ok := strings.Cut(tc.want, " "); ok {
			want = code
			if len(all) > 0 && fmt.Sprint(all[0].Line) != line {
				t.Errorf("%s: line %d, want %s: %s", tc.name, all[0].Line, line, all[0])
			}
		}
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %v, want %s\n%v", tc.name, got, want, all.Error())
		}
		if len(all) > 0 && all[0].Line < first {
			t.Errorf("%s: %s is before the step", tc.name, all[0])
		}
	}
}

// What is right is let alone.
func TestLintLetsAlone(t *testing.T) {
	for name, add := range map[string]string{
		"nothing":              "",
		"secret on stdin":      runStep("printf '%s' \"$password\" | mysql --defaults-extra-file=/dev/stdin"),
		"secret in a here-doc": runStep("mysql <<EOF\nSET PASSWORD = '$password';\nEOF"),
		"secret into a file":   runStep("umask 077\nprintf '%s\\n' \"$password\" >/etc/x"),
		"secret's length":      runStep("echo ${#password}; [ -n \"$password\" ] || exit 1; case $password in *x*) exit 1;; esac"),
		"what a login says":    runStep("out=$(printf '%s' \"$password\" | mysql -e 'select 1'); echo \"$out\""),
		"secret in a function": runStep("sql() { printf '%s' \"$1\" | mysql; }\nsql \"$password\""),
		"trace without secret": runStep("set -x\necho"),
		"background, waited":   runStep("sleep 1 &\nwait"),
		"bash":                 runStep("#!/bin/bash\nx=(1 2); [[ a == b ]] || echo \"${x[0]}\""),
		"own variables":        runStep("a=1; for b in x; do echo $a $b; done; read -r c d; echo $c $d ${e:-none} $1 $# $?; . /etc/os-release; echo $VERSION_ID"),
		"built-ins":            runStep("echo $host_name $host_address $item $run_id $HOME $PATH"),
		"vars":                 lintStep("on: all\nvars: {members: 'map(hosts.database, .address.management)'}\nprobe: echo $members"),
		"descriptors":          probeStep("cat /x 2>/dev/null >&2; echo 2>&1 >/dev/null"),
		"looking":              probeStep("systemctl is-active x; apt-cache policy x; dpkg -l; ip addr show; mount; sed -n 1p /x; find / -name x; kill -0 1; curl -so /dev/null http://x; chronyc -n sources; sysctl -n a.b; crontab -l; tee </x"),
		"absent":               lintStep("on: {from: database, where: 'known(., \"seqno\") and .seqno > 3 and .reachable'}\nprobe: 'true'"),
		"want over before":     lintStep("on: all\nprobe: 'true'\nverify: [{probe: 'true', read: {rows: {as: int}}, want: {expr: '.rows >= before.seqno and rows > 1'}}]"),
		"each":                 lintStep("on: all\neach: '[1, 2]'\nwhen: item != \"1\"\nprobe: echo $item"),
		"answers":              lintStep("ask: {name: gateway, type: address, en: 'For {server}', ko: 가}") + "  - {id: t, title: {en: 'To {gateway}', ko: 가}, on: all, when: 'gateway != server', vars: {gateway: gateway}, probe: 'echo $gateway'}\n",
		"own fact in verify":   lintStep("on: all\nrun: echo\nread: {rows: {as: int}}\nverify: [{probe: 'true', want: {expr: 'host.rows > 1'}}]"),
		"wait":                 lintStep("wait: {until: 'any(hosts.database, .seqno > 1)', rereads: base, for: 3s}"),
		"foreign placeholders": lintStep("on: all\nverify: [{probe: 'true'}]\nfile: {path: '/a/{server}', content: '${name} {server} {A} { a }'}"),
		"reboot":               lintStep("on: database\nreboot: true"),
	} {
		if name == "absent" {
			add = strings.ReplaceAll(add, "known(.,", "known(#,")
		}
		if got, all := codes(t, lintHead+add); len(got) > 0 {
			t.Errorf("%s: %v", name, all.Error())
		}
	}
}

// The declarations of parameters.
func TestLintParams(t *testing.T) {
	for _, tc := range []struct{ param, want string }{
		{`{name: x, type: choice, default: a}`, "param.nochoices param.choice"},
		{`{name: x, choices: [a]}`, "param.choices"},
		{`{name: x, type: secret, default: a}`, "param.secretdefault"},
		{`{name: x, generate: {length: 20}}`, "param.generate"},
		{`{name: x, default: a, from: site.name}`, "param.twodefaults"},
		{`{name: x, type: int, default: a}`, "param.int"},
		{`{name: x, type: address, default: 192.0.2.300}`, "param.address"},
		{`{name: x, type: cidr, default: 192.0.2.1/24}`, "param.cidr"},
		{`{name: x, type: bool, default: perhaps}`, "param.bool"},
		{`{name: x, match: '[a-z]+', default: A}`, "param.match"},
		{`{name: x, match: '('}`, "regexp.bad"},
		{`{name: x, from: later}`, "expr.name"},
		{`{name: x, from: host.name}`, "expr.nothere"},
		{`{name: host_name}`, "name.reserved"},
		{`{name: hosts}`, "name.reserved"},
		{`{name: filter}`, "name.reserved"},
	} {
		param := strings.Replace(tc.param, "{", "{title: {en: T, ko: 제목}, ", 1)
		name := strings.TrimSuffix(strings.Fields(tc.param)[1], ",")
		src := "id: a\nkind: install\ntitle: {en: A, ko: 가}\nparams:\n  - " + param + "\nsteps:\n  - {id: s, title: {en: T, ko: 제목}, on: all, probe: '[ -n \"$" + strings.TrimSuffix(name, "}") + "\" ]'}\n"
		if got, all := codes(t, src); strings.Join(got, " ") != tc.want {
			t.Errorf("%s: got %v, want %s\n%v", tc.param, got, tc.want, all.Error())
		}
	}
	src := "id: a\nkind: install\ntitle: {en: A, ko: 가}\nparams:\n  - {name: x, title: {en: T, ko: 제목}}\n  - {name: x, title: {en: T, ko: 제목}}\nsteps:\n  - {id: s, title: {en: T, ko: 제목}, on: all, probe: 'true'}\n"
	if got, _ := codes(t, src); !slices.Equal(got, []string{"param.unused", "name.twice", "param.unused"}) {
		t.Errorf("twice, unused: %v", got)
	}
}

func TestLintPlatforms(t *testing.T) {
	head := strings.Replace(lintHead, "params:", "platforms: {debian-12: run, ubuntu-22.04: untried}\nparams:", 1)
	for script, want := range map[string]string{
		"{debian: 'true', ubuntu-22.04: 'true'}":              "",
		"{debian-12: 'true'}":                                 "variant.missing",
		"{debian: 'true', ubuntu: 'true', rocky-9: 'true'}":   "variant.unused",
		"{debian: 'true', ubuntu: 'rm x'}":                    "probe.changes",
		"{debian: assets/nosuch.sh, ubuntu-22.04: 'echo no'}": "asset.missing",
	} {
		got, all := codes(t, head+lintStep("on: all\nprobe: "+script))
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v\n%v", script, got, all.Error())
		}
	}
}

// With a site the roles are compared.
func TestLintSite(t *testing.T) {
	p, found := Parse("f.yaml", []byte(lintHead+lintStep("on: storage\nprobe: 'true'")))
	if found.Failed() {
		t.Fatal(found)
	}
	s := testSite()
	has := func(code string) bool {
		return slices.ContainsFunc(p.Lint(s), func(f Finding) bool { return f.Code == code })
	}
	if !has("role.unfilled") || has("needs.count") {
		t.Error(Findings(p.Lint(s)).Error())
	}
	s.Hosts[3].Roles = append(s.Hosts[3].Roles, "storage", "controller")
	if has("role.unfilled") || !has("needs.count") {
		t.Error(Findings(p.Lint(s)).Error())
	}
}

// A finding inside an asset names the asset and its own line.
func TestLintAsset(t *testing.T) {
	fsys := sampleFS()
	fsys["assets/work.sh"].Data = []byte("#!/bin/bash\necho\nsetsid sleep 1\n")
	p, found, err := Open(fsys, "sample")
	if err != nil || found.Failed() {
		t.Fatal(err, found)
	}
	for _, f := range p.Lint(nil) {
		if f.Code == "script.daemon" {
			if f.File != "assets/work.sh" || f.Line != 3 || f.Col != 1 {
				t.Errorf("%s", f)
			}
			return
		}
	}
	t.Error("not found")
}
