package judgements

import (
	"slices"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// dbUnreachable says where the way from a client to the database ends (row R4, error 2003). It reads, of every
// host: direct (lines "ADDRESS RESULT" of mysql-login.sh), front (the result at the virtual address, absent
// where the site has none); of front end hosts: haproxy, keepalived, holds, servers; of database nodes:
// answers (yes where the local socket answers), too_many (it does, with error 1040), used and most (connections,
// that of the look among them), bind_here. databases and addresses, of the same hosts, come from with.
//
// causes, in the order in which they are mended; the first is cause, and wrong says it in words:
// full (all connections are taken), blocked (row R3), server (a node does not answer on its own socket, or listens where it is
// not), proxy (HAProxy is off where it belongs), address (nobody holds the virtual address), twice (two hosts
// do), backends (HAProxy has no server), way (network or firewall). fine where nothing is wrong.
func dbUnreachable() Judgement {
	return Judgement{
		Name: "db.unreachable", Reads: []string{"direct", "front_says", "haproxy", "keepalived", "holds", "servers", "answers", "too_many", "used", "most", "bind_here"},
		Args: []string{"databases", "addresses", "fronted"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"cause", "wrong", "full_on", "down_on", "proxies_off", "keepalived_off", "front_hosts", "holders", "blocked_at", "cut_off"},
		Judge:   judgeDBWay,
	}
}

func judgeDBWay(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	databases, fronted := texts(in.Args["databases"]), in.Args["fronted"] == true
	lists := map[string][]string{}
	serverUp, frontBad := false, false
	// A place that is free for a moment, between two clients, does not make a full server less full.
	full := map[string]bool{}
	for _, h := range in.Hosts {
		for _, l := range (seen{h}).list("direct") {
			for i, a := range texts(in.Args["addresses"]) {
				if i < len(databases) && l == a+" error 1040" {
					full[databases[i]] = true
				}
			}
		}
	}
	for _, h := range in.Hosts {
		s := seen{h}
		isDB := slices.Contains(databases, h.Name)
		verdict, v := "fine", Verdict{Level: OK, Reason: say("Nothing wrong here.", "이상이 없습니다.")}
		set := func(name, level string, text i18n.Text) { verdict, v.Level, v.Reason = name, level, text }
		switch {
		case !s.known("direct") && !s.known("answers") && !s.known("haproxy"):
			set("unseen", Odd, say("Not looked at.", "확인하지 못했습니다."))
			if isDB {
				lists["down_on"] = append(lists["down_on"], h.Name)
				set("server", Bad, say("The host does not answer at all.", "호스트가 응답하지 않습니다."))
			}
		case isDB && (s.known("too_many") || full[h.Name] || s.known("most") && s.number("used") > s.number("most")): // the look is one itself
			lists["full_on"] = append(lists["full_on"], h.Name)
			set("full", Bad, say("All connections are taken; new ones get error 1040.", "연결이 모두 사용 중이며 새 접속은 오류 1040을 받습니다."))
		case isDB && (s.text("answers") != "yes" || s.text("bind_here") == "no"):
			lists["down_on"] = append(lists["down_on"], h.Name)
			set("server", Bad, say("MariaDB here does not answer, or listens on an address that is not here.", "MariaDB가 응답하지 않거나 이 호스트에 없는 주소를 쓰고 있습니다."))
		case fronted && off(s, "haproxy"):
			set("proxy", Bad, say("HAProxy belongs here and does not run.", "HAProxy가 있어야 하는데 실행 중이 아닙니다."))
		case fronted && off(s, "keepalived"):
			set("address", Bad, say("keepalived belongs here and does not run.", "keepalived가 있어야 하는데 실행 중이 아닙니다."))
		}
		if fronted && belongs(s, "haproxy") {
			lists["front_hosts"] = append(lists["front_hosts"], h.Name)
			if off(s, "haproxy") {
				lists["proxies_off"] = append(lists["proxies_off"], h.Name)
			}
		}
		if fronted && off(s, "keepalived") {
			lists["keepalived_off"] = append(lists["keepalived_off"], h.Name)
		}
		if s.text("holds") == "yes" {
			lists["holders"] = append(lists["holders"], h.Name)
			serverUp = serverUp || len(s.list("servers")) == 0 || slices.ContainsFunc(s.list("servers"), func(x string) bool { return strings.Contains(x, "=UP") || strings.Contains(x, "=no") })
		}
		frontBad = frontBad || s.known("front_says") && !welcome(s.text("front_says"))
		if s.text("front_says") == "blocked" || slices.ContainsFunc(s.list("direct"), func(l string) bool { return strings.HasSuffix(l, " blocked") }) {
			lists["blocked_at"] = append(lists["blocked_at"], h.Name)
			if verdict == "fine" {
				set("blocked", Bad, say("The database turns this host away (1129).", "데이터베이스가 이 호스트를 거부합니다(1129)."))
			}
		}
		if bad := unreached(s.list("direct")); len(bad) > 0 {
			lists["cut_off"] = append(lists["cut_off"], h.Name)
			if verdict == "fine" {
				set("way", Odd, say("Does not reach "+strings.Join(bad, ", ")+".", "접속되지 않는 주소: "+strings.Join(bad, ", ")))
			}
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	cause := "fine"
	switch {
	case len(lists["full_on"]) > 0:
		cause = "full"
	case len(lists["blocked_at"]) > 0:
		cause = "blocked"
	case len(lists["down_on"]) > 0:
		cause = "server"
	case fronted && len(lists["proxies_off"]) > 0 && (frontBad || len(lists["holders"]) == 0):
		cause = "proxy"
	case fronted && len(lists["holders"]) == 0:
		cause = "address"
	case len(lists["holders"]) > 1:
		cause = "twice"
	case fronted && frontBad && !serverUp:
		cause = "backends"
	case frontBad || len(lists["cut_off"]) > 0:
		cause = "way"
	case len(lists["proxies_off"]) > 0:
		cause = "proxy"
	case len(lists["keepalived_off"]) > 0:
		cause = "address"
	}
	out.Lets["cause"] = word(cause)
	out.Lets["wrong"] = steps.SaidValue(wrong(cause, lists, [][4]string{
		{"full", "full_on", "all connections were taken", "연결이 모두 사용 중"}, {"blocked", "blocked_at", "the database turned hosts away (1129)", "데이터베이스가 호스트를 거부(1129)"},
		{"server", "down_on", "MariaDB did not serve", "MariaDB가 서비스하지 않음"}, {"proxy", "proxies_off", "HAProxy did not run", "HAProxy 중지"},
		{"address", "keepalived_off", "nobody held the virtual address", "가상 주소를 가진 호스트 없음"}, {"twice", "holders", "more than one host held the virtual address", "둘 이상의 호스트가 가상 주소를 가짐"},
		{"backends", "front_hosts", "HAProxy had no server that is up", "HAProxy에 살아 있는 서버 없음"}, {"way", "cut_off", "the network between, or a firewall", "중간 네트워크 또는 방화벽"},
	}))
	for _, name := range dbUnreachable().Outputs[2:] {
		out.Lets[name] = names(lists[name])
	}
	return out
}

// belongs tells whether a service is one of the host's; who reads it at the console says "none" where it is not.
func belongs(s seen, unit string) bool { return s.known(unit) && s.text(unit) != "none" }

func off(s seen, unit string) bool { return belongs(s, unit) && s.text(unit) != "active" }

// welcome tells whether the server spoke to the client: a login, or its refusal for the account.
func welcome(said string) bool { return said == "ok" || said == "denied" }

// all tells whether there are lines, and each ends so.
func all(lines []string, end string) bool {
	return len(lines) > 0 && !slices.ContainsFunc(lines, func(l string) bool { return !strings.HasSuffix(l, end) })
}

func unreached(lines []string) []string {
	var out []string
	for _, l := range lines {
		a, said, _ := strings.Cut(l, " ")
		if word, _, _ := strings.Cut(said, " "); word == "refused" || word == "silent" || word == "error" {
			out = append(out, a)
		}
	}
	return out
}

// amqpUnreachable says where the way from a service to the broker ends (row R5). It reads, of every host: talks
// (lines "ADDRESS RESULT" of amqp-look.sh), urls (the hosts in transport_url of its services, NAME or NAME=ADDRESS);
// of brokers: installed, booted, alarm, parted_from.
//
// cause (wrong says it in words): broker (one is not up, parted, or has an alarm: rabbitmq-recovery), rights (a service's own account is
// known, and has none in the virtual host), account (it is refused everywhere), proxied (transport_url names none of the brokers: something stands between, correction 53),
// way (network or firewall), fine.
func amqpUnreachable() Judgement {
	return Judgement{
		Name: "amqp.unreachable", Reads: []string{"talks", "urls", "known_account", "installed", "booted", "alarm", "parted_from"},
		Args: []string{"brokers", "names"}, HostOutputs: []string{"verdict"},
		Outputs: []string{"cause", "wrong", "sick_brokers", "refused_on", "barred_on", "proxied_on", "cut_off"},
		Judge:   judgeAMQPWay,
	}
}

func judgeAMQPWay(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	brokers, known := texts(in.Args["brokers"]), texts(in.Args["names"])
	lists := map[string][]string{}
	for _, h := range in.Hosts {
		s := seen{h}
		verdict, v := "fine", Verdict{Level: OK, Reason: say("Nothing wrong here.", "이상이 없습니다.")}
		foreign := slices.ContainsFunc(s.list("urls"), func(u string) bool {
			name, address, _ := strings.Cut(u, "=")
			return !slices.Contains(known, name) && !slices.Contains(known, address)
		})
		own := s.text("known_account") == "yes"
		switch bad := unreached(s.list("talks")); {
		case slices.Contains(brokers, h.Name) && s.text("installed") != "no" && (s.text("booted") != "yes" || len(s.list("alarm")) > 0 || len(s.list("parted_from")) > 0):
			verdict, v.Level, v.Reason = "broker", Bad, say("This broker is not up, or parted, or has an alarm.", "broker가 실행 중이 아니거나 partition 또는 alarm 상태입니다.")
			lists["sick_brokers"] = append(lists["sick_brokers"], h.Name)
		case own && all(s.list("talks"), " barred"):
			verdict, v.Level, v.Reason = "rights", Bad, say("The account that the services here use may do nothing in the virtual host.", "이 호스트의 서비스 계정에 virtual host 권한이 없습니다.")
			lists["barred_on"] = append(lists["barred_on"], h.Name)
		case own && all(s.list("talks"), " denied"):
			verdict, v.Level, v.Reason = "account", Bad, say("The brokers refuse the account that the services here use.", "이 호스트의 서비스 계정을 broker가 거부합니다.")
			lists["refused_on"] = append(lists["refused_on"], h.Name)
		case foreign:
			verdict, v.Level, v.Reason = "proxied", Odd, say("transport_url names something that is no broker of the site: "+strings.Join(s.list("urls"), ", "),
				"transport_url에 사이트의 broker가 아닌 것이 있습니다: "+strings.Join(s.list("urls"), ", "))
			lists["proxied_on"] = append(lists["proxied_on"], h.Name)
		case len(bad) > 0:
			verdict, v.Level, v.Reason = "way", Bad, say("Does not reach "+strings.Join(bad, ", ")+".", "접속되지 않는 주소: "+strings.Join(bad, ", "))
			lists["cut_off"] = append(lists["cut_off"], h.Name)
		case !s.known("talks"):
			verdict, v.Level, v.Reason = "unseen", Odd, say("Not looked at.", "확인하지 못했습니다.")
		}
		v.Facts = map[string]steps.Value{"verdict": word(verdict)}
		out.Hosts[h.Name] = v
	}
	cause := "fine"
	for _, c := range [][2]string{{"proxied", "proxied_on"}, {"way", "cut_off"}, {"account", "refused_on"}, {"rights", "barred_on"}, {"broker", "sick_brokers"}} {
		if len(lists[c[1]]) > 0 {
			cause = c[0]
		}
	}
	out.Lets["cause"] = word(cause)
	out.Lets["wrong"] = steps.SaidValue(wrong(cause, lists, [][4]string{
		{"broker", "sick_brokers", "brokers were not up, parted, or had an alarm", "broker 중지, partition 또는 alarm"}, {"rights", "barred_on", "the account had no rights in the virtual host", "계정에 virtual host 권한 없음"},
		{"account", "refused_on", "the account was refused", "계정 거부"}, {"way", "cut_off", "the network between, or a firewall", "중간 네트워크 또는 방화벽"},
		{"proxied", "proxied_on", "transport_url named no broker", "transport_url이 broker를 가리키지 않음"},
	}))
	for _, name := range amqpUnreachable().Outputs[2:] {
		out.Lets[name] = names(lists[name])
	}
	return out
}
