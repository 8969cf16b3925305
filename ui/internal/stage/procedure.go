package stage

import (
	"time"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

func text(en, ko string) i18n.Text { return i18n.Text{En: en, Ko: ko} }

// Procedure is what is played: long enough to scroll, with every kind of trouble.
func Procedure() *steps.Procedure {
	on := func(r ...string) steps.HostSet { return steps.HostSet{Roles: r} }
	sh := func(s string) steps.Script { return steps.Script{All: s} }
	region, port := "RegionOne", "11211"
	active := steps.Check{ID: "active", Title: text("the service answers", "서비스 응답"), Probe: sh("systemctl is-active chrony"), Want: steps.Want{Match: "active"}}
	return &steps.Procedure{
		ID: "environment-2023.1", Kind: steps.Install,
		Title: text("Environment for OpenStack 2023.1", "OpenStack 2023.1 기반 환경"),
		About: text("Time, packages, database, message queue, memcached and etcd on the controller; what every other procedure stands on.",
			"시간 동기화, 패키지, 데이터베이스, 메시지 큐, memcached, etcd를 구성합니다. 이후 모든 절차의 기반입니다."),
		Params: []steps.Param{
			{Name: "region", Type: steps.String, Title: text("Region", "리전"), About: text("Name of the region in the catalogue.", "카탈로그에 등록할 리전 이름입니다."), Default: &region, Match: "[A-Za-z0-9_-]+"},
			{Name: "controller", Type: steps.HostRef, Title: text("Controller", "컨트롤러"), About: text("The host that serves time, database and queue.", "시간, 데이터베이스, 큐를 제공하는 호스트입니다."), Default: ptr("ctl1")},
			{Name: "memcached_port", Type: steps.Int, Title: text("Port of memcached", "memcached 포트"), Default: &port},
			{Name: "tls", Type: steps.Bool, Title: text("TLS between services", "서비스 간 TLS"), Default: ptr("false")},
			{Name: "db_password", Type: steps.Secret, Title: text("Password of the database's root", "데이터베이스 root 비밀번호"), Generate: &steps.Generate{Length: 24}},
			{Name: "rabbit_password", Type: steps.Secret, Title: text("Password of the queue's account", "메시지 큐 계정 비밀번호"), Generate: &steps.Generate{Length: 24}},
		},
		Steps: []steps.Step{
			{ID: "time-server", Title: text("Time server on the controller", "컨트롤러 시간 서버"), About: text("chrony serves time to all hosts of the site, so that tokens and certificates agree.", "chrony가 사이트의 모든 호스트에 시간을 제공합니다. 토큰과 인증서의 유효 시간이 맞아야 합니다."),
				Action: steps.ActRun, On: on("controller"), Script: sh("apt-get install -y chrony\nsystemctl enable --now chrony\n"), Verify: []steps.Check{active}, CheckVerify: true, Corrections: []int{3}},
			{ID: "time-clients", Title: text("Clients that follow it", "시간 서버를 따르는 클라이언트"), Action: steps.ActRun, On: on("compute"), Script: sh("apt-get install -y chrony\n"), Verify: []steps.Check{active}},
			{ID: "packages", Title: text("Packages and the client", "패키지와 클라이언트"), Action: steps.ActRun, On: on("all"), Script: sh("apt-get update\napt-get install -y python3-openstackclient\n")},
			{ID: "database", Title: text("Install the database", "데이터베이스 설치"), About: text("MariaDB from the distribution, bound to the management address.", "배포판의 MariaDB를 관리망 주소에 연결합니다."), Action: steps.ActRun, On: on("database"),
				Script: sh("apt-get install -y mariadb-server\n"), Verify: []steps.Check{active}, Normal: &steps.Normal{For: 2 * time.Minute, Say: text("the first start takes a while", "첫 시작은 시간이 걸립니다")}},
			{ID: "options", Title: text("Its options", "데이터베이스 옵션"), Action: steps.ActFile, On: on("database"), File: &steps.File{Path: "/etc/mysql/mariadb.conf.d/99-openstack.cnf", Content: "[mysqld]\nbind-address = {address}\n", Mode: 0o644}, Corrections: []int{25, 26}},
			{ID: "secure", Title: text("No anonymous user, no remote root, no test database", "익명 사용자, 원격 root, test 데이터베이스 제거"), Action: steps.ActRun, On: on("database"), Risk: steps.Destructive,
				Confirm: &steps.Confirm{Type: "host", Say: text("Removes users and a database.", "사용자와 데이터베이스를 제거합니다.")}, Script: sh("mysql < secure.sql\n")},
			{ID: "queue", Title: text("Message queue and its account", "메시지 큐와 계정"), Action: steps.ActRun, On: on("controller"), Script: sh("apt-get install -y rabbitmq-server\n")},
			{ID: "cache", Title: text("memcached", "memcached"), Action: steps.ActRun, On: on("controller"), Script: sh("apt-get install -y memcached\n")},
			{ID: "etcd", Title: text("etcd", "etcd"), Action: steps.ActRun, On: on("controller"), Script: sh("apt-get install -y etcd\n")},
			{ID: "reboot", Title: text("Reboot the compute hosts", "컴퓨트 호스트 재부팅"), Action: steps.ActReboot, On: on("compute"), Serial: true, Risk: steps.Disruptive},
		},
	}
}

func ptr(s string) *string { return &s }
