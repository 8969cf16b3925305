package judgements

import (
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// dbBlocked says which hosts the database blocks and what on the site knocks at it (row R3).
//
// It reads, of every host: blocked_at (the database nodes that block it), knocks (lines of
// db-knockers.sh), counted (of database nodes: ADDRESS=COUNT beyond the limit).
//
// verdict of a host: blocked, knocking (not blocked itself, and something on it makes errors), fine, unseen.
// cause: greeting (a check that reads the greeting and hangs up), script (nc and the like), tcp (a bare
// connection test), unknown. A bare HAProxy `check` comes last: HAProxy 2.6 resets the connection before
// MariaDB has taken it, and nothing was counted (measured on MariaDB 10.11); older ones were not tried.
func dbBlocked() Judgement {
	return Judgement{
		Name: "dbblocked.cause", Reads: []string{"blocked_at", "knocks", "counted"}, Args: []string{"addresses"},
		HostOutputs: []string{"verdict", "cause"},
		Outputs:     []string{"blocked", "strangers", "knocking", "proxies", "scripts"},
		Judge:       judgeBlocked,
	}
}

func judgeBlocked(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	own := map[string]bool{}
	for _, a := range texts(in.Args["addresses"]) {
		own[a] = true
	}
	var blocked, strangers, knocking, proxies, scripts []string
	for _, h := range in.Hosts {
		s := seen{h}
		cause, proxy := knock(s.list("knocks"))
		if proxy {
			proxies = append(proxies, h.Name)
		}
		for _, k := range s.list("knocks") {
			if f, is := strings.CutPrefix(k, "script "); is {
				scripts = append(scripts, h.Name+":"+strings.ReplaceAll(f, " ", "_"))
			}
		}
		for _, c := range s.list("counted") {
			if a, _, _ := strings.Cut(c, "="); !own[a] {
				strangers = add(strangers, a)
			}
		}
		v := Verdict{Level: OK, Reason: say("Not blocked.", "차단되지 않았습니다.")}
		verdict := "fine"
		switch {
		case len(s.list("blocked_at")) > 0:
			verdict, v.Level, v.Reason = "blocked", Bad, blockedBecause[cause]
			blocked = append(blocked, h.Name)
			if cause == "" {
				cause = "unknown"
			}
		case cause == "greeting" || cause == "script":
			verdict, v.Level, v.Reason = "knocking", Odd, say(
				"Not blocked yet, but something here makes connection errors.", "아직 차단되지 않았지만 연결 오류를 만드는 것이 있습니다.")
		case !s.known("blocked_at"):
			verdict, v.Level, v.Reason = "unseen", Odd, say("Not looked at.", "확인하지 못했습니다.")
		}
		if cause == "greeting" || cause == "script" {
			knocking = append(knocking, h.Name)
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict), "cause": {Absent: steps.WhyEmpty}}
		if cause != "" {
			v.Facts["cause"] = word(cause)
		}
		out.Hosts[h.Name] = v
	}
	for name, list := range map[string][]string{"blocked": blocked, "strangers": strangers, "knocking": knocking, "proxies": proxies, "scripts": scripts} {
		out.Lets[name] = names(list)
	}
	return out
}

var blockedBecause = map[string]i18n.Text{
	"greeting": {En: "Blocked. HAProxy here reads the greeting and hangs up: each look counts as an error.",
		Ko: "차단됨. 이 호스트의 HAProxy가 인사말만 읽고 끊으므로 검사할 때마다 오류로 집계됩니다."},
	"script": {En: "Blocked. A script here opens port 3306 without a login: each time counts as an error.",
		Ko: "차단됨. 이 호스트의 스크립트가 로그인 없이 3306 포트를 열어 매번 오류로 집계됩니다."},
	"tcp": {En: "Blocked. HAProxy here only tests the connection; that seldom counts. Look for monitoring as well, and for connections cut by time-outs.",
		Ko: "차단됨. 이 호스트의 HAProxy는 단순 접속 검사만 하며 이는 잘 집계되지 않습니다. 모니터링과 timeout으로 끊기는 연결도 확인합니다."},
	"": {En: "Blocked. Nothing here knocks by configuration: look for monitoring, scanners, or connections cut by a bad network or a slow name service.",
		Ko: "차단됨. 설정상 원인이 없습니다. 모니터링, 포트 스캐너, 불안정한 네트워크나 느린 DNS로 끊기는 연결을 확인합니다."},
}

// knock is the worst that was found on a host, and whether HAProxy's way of looking is to be changed.
func knock(lines []string) (cause string, proxy bool) {
	rank := map[string]int{"": 0, "tcp": 1, "script": 2, "greeting": 3}
	for _, l := range lines {
		found := ""
		switch f := strings.Fields(l); {
		case len(f) == 3 && f[0] == "haproxy" && (f[2] == "greeting" || f[2] == "tcp"):
			found, proxy = f[2], true
		case len(f) > 1 && f[0] == "script":
			found = "script"
		}
		if rank[found] > rank[cause] {
			cause = found
		}
	}
	return cause, proxy
}
