package signatures_test

import (
	"slices"
	"testing"
)

// TestLike: words that somebody types into the find field lead to the runbook, in either language, with
// particles, with blanks or without.
func TestLike(t *testing.T) {
	set := own(t).Set()
	for text, want := range map[string]string{
		"네임스페이스가 두 노드에": "lbaas-duplicate-namespace", "네임스페이스 중복": "lbaas-duplicate-namespace", "로드 밸런서": "lbaas-duplicate-namespace", "로드밸런서가 안 됨": "lbaas-duplicate-namespace",
		"lbaas": "lbaas-duplicate-namespace", "qlbaas namespace": "lbaas-duplicate-namespace", "proxy arp": "proxy-arp-lost", "proxy_arp": "proxy-arp-lost", "외부 통신 안 됨": "proxy-arp-lost",
		"전체 호스트 다운": "all-hosts-down", "정전": "all-hosts-down", "전원이 나감": "all-hosts-down", "power outage": "all-hosts-down", "MariaDB 안 올라옴": "mariadb-will-not-start",
		"디스크 풀": "mariadb-will-not-start", "disk full": "mariadb-will-not-start", "rabbitmq partition": "rabbitmq-recovery", "브로커가 안 뜸": "rabbitmq-recovery", "래빗 파티션": "rabbitmq-recovery",
		"1129": "db-host-blocked", "host blocked": "db-host-blocked", "호스트 차단": "db-host-blocked", "2003": "db-unreachable", "too many connections": "db-unreachable",
		"AMQP": "amqp-unreachable", "queuepool": "pool-full", "커넥션 풀": "pool-full", "인스턴스 에러": "instance-error", "no valid host": "instance-error", "볼륨 데이터": "instance-data",
		"VIF": "vif-creation", "shutoff": "power-state-sync", "인스턴스가 저절로 꺼짐": "power-state-sync", "클러스터 깨짐": "galera-recovery", "galera non-primary": "galera-recovery", "split brain": "galera-recovery",
	} {
		var got []string
		for _, m := range set.Symptoms {
			if m.Like(text) {
				got = append(got, m.Runbook)
			}
		}
		if !slices.Contains(got, want) || len(got) > 5 {
			t.Errorf("%q leads to %v, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "a", "db", "가", "the moon is made of cheese", "치즈로 만든 달", "zebra partition"} {
		for _, m := range set.Symptoms {
			if m.Like(text) {
				t.Errorf("%q leads to %s", text, m.Runbook)
			}
		}
	}
}
