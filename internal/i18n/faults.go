package i18n

// faultsIn says in one line what each fault to practise on is, by its name in internal/lab/fault.
func faultsIn(l Lang) map[string]string {
	all := map[string]string{}
	for name, t := range faultTexts() {
		all[name] = t.in(l)
	}
	return all
}

func faultTexts() map[string]Text {
	return map[string]Text{
		"all-hosts-down": {"all database hosts lost power one after the other, and are off",
			"모든 데이터베이스 호스트가 차례로 전원을 잃고 꺼져 있음"},
		"one-host-never-returns": {"all lost power; one of them does not come back",
			"모두 전원을 잃었고 그중 한 대가 돌아오지 않음"},
		"half-dead-host": {"a host accepts connections, but no login ever answers",
			"호스트가 접속은 받지만 로그인이 응답하지 않음"},
		"half-dead-read-only": {"a host answers, and its root file system is read-only",
			"호스트는 응답하지만 루트 파일 시스템이 읽기 전용임"},
		"half-dead-stuck": {"a host answers, and a process is stuck in the kernel (state D)",
			"호스트는 응답하지만 프로세스가 커널에서 멈춰 있음(D 상태)"},
		"galera-different-seqno": {"all nodes went down at different positions; none becomes Primary",
			"모든 노드가 서로 다른 위치에서 멈춤. Primary가 되는 노드가 없음"},
		"galera-newest-unreachable": {"all went down at different positions; the newest node is off",
			"서로 다른 위치에서 멈췄고 최신 노드가 꺼져 있음"},
		"galera-non-primary": {"all nodes are up and see each other, and none is Primary",
			"모든 노드가 켜져 서로 보이지만 Primary가 없음"},
		"galera-one-alive": {"one node works alone, the others are stopped",
			"노드 하나만 동작하고 나머지는 멈춰 있음"},
		"galera-hangs-activating": {"power went one after the other; every node hangs in activating",
			"전원이 차례로 끊김. 모든 노드가 activating 상태로 멈춰 있음"},
		"galera-heals-itself": {"power went in the same instant: wait and look, it heals by itself",
			"같은 순간에 전원이 끊김. 기다리면 스스로 복구됨"},
		"galera-empty-node-says-safe": {"an empty node says safe_to_bootstrap: 1, the others have the data",
			"빈 노드가 safe_to_bootstrap: 1로 표시됨. 데이터는 다른 노드에 있음"},
		"galera-other-uuid": {"a node has become a cluster of its own, and then all went down",
			"노드 하나가 별도 클러스터가 된 뒤 모두 멈춤"},
		"galera-slow-sst": {"a node gets a full copy over a slow line: slow, but normal",
			"노드가 느린 회선으로 전체 복사(SST)를 받는 중. 느리지만 정상"},
		"rabbit-waits-for-tables": {"brokers wait for the one that went down last",
			"브로커들이 마지막에 내려간 브로커를 기다림"},
		"rabbit-partition": {"the broker cluster is partitioned: two sides, each believes the other gone",
			"브로커 클러스터가 둘로 나뉨. 서로 상대가 없다고 판단함"},
		"rabbit-disk-alarm": {"a broker's disk is full: it answers, and publishers are blocked",
			"브로커 디스크가 가득 참. 응답은 하지만 발행이 막힘"},
		"amqp-down": {"no broker runs",
			"실행 중인 브로커가 없음"},
		"db-host-blocked": {"the database blocks the HAProxy host (1129), so everybody",
			"데이터베이스가 HAProxy 호스트를 차단(1129)하여 모두 접속하지 못함"},
		"db-unreachable": {"the database runs, and nobody can connect to it (2002, 2003)",
			"데이터베이스는 동작하지만 접속할 수 없음(2002, 2003)"},
		"mariadb-wrong-bind": {"MariaDB does not start: bind-address is not an address of this host",
			"MariaDB가 시작되지 않음. bind-address가 이 호스트의 주소가 아님"},
		"disk-full": {"the disk of a database node is full",
			"데이터베이스 노드의 디스크가 가득 참"},
		"lbaas-duplicate-namespace": {"a balancer's namespace is on two network nodes, with one MAC",
			"로드밸런서 네임스페이스가 네트워크 노드 두 곳에 같은 MAC으로 있음"},
		"proxy-arp-lost": {"network nodes rebooted: proxy ARP is off, inside and outside are apart",
			"네트워크 노드 재부팅 후 proxy ARP가 꺼져 내부와 외부가 통신하지 못함"},
	}
}
