package i18n

import "strings"

// FactName is a fact's name as a report heads a column with it. Procedures that operators write
// have names of their own: those are shown with blanks.
func FactName(l Lang, name string) string {
	if t, ok := factNames()[name]; ok {
		return t.In(l)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// NamedFact tells whether a fact has a name of its own to show.
func NamedFact(name string) bool {
	_, ok := factNames()[name]
	return ok
}

// factNames are the names that the shipped runbooks show, where the name alone does not say it.
func factNames() map[string]Text {
	t := func(en, ko string) Text { return Text{En: en, Ko: ko} }
	return map[string]Text{
		"account": t("account", "계정"), "addresses": t("addresses", "주소"), "agent": t("agent", "agent"), "agents_down": t("agents down", "중지된 agent"),
		"alarm": t("alarm", "alarm"), "answers": t("answers", "응답"), "bad_option": t("unknown option", "알 수 없는 옵션"), "behind": t("transactions behind", "뒤처진 트랜잭션"),
		"balancers": t("balancers", "balancer"), "balancers_after": t("balancers afterwards", "조치 후 balancer"),
		"bind": t("bind-address", "bind-address"), "bindings": t("port bindings", "포트 바인딩"), "blocked_at": t("blocked by", "차단한 노드"),
		"booted": t("booted", "기동 완료"), "booted_after": t("booted afterwards", "조치 후 기동 완료"), "cause": t("cause", "원인"), "client": t("client", "클라이언트"),
		"console_process": t("mysqld processes at the console", "콘솔에서 확인한 mysqld 수"), "console_seqno": t("seqno at the console", "콘솔에서 확인한 seqno"),
		"whole_mib": t("size of it, MiB", "데이터 크기(MiB)"), "room_mib": t("room beside it, MiB", "보관 공간(MiB)"),
		"console_has": t("still there (console)", "콘솔에서 확인한 잔존 여부"), "console_gone": t("gone (console)", "콘솔에서 확인한 제거 여부"),
		"console_after": t("there afterwards (console)", "조치 후 콘솔에서 확인한 존재 여부"), "console_off": t("off (console)", "콘솔에서 확인한 꺼진 수"),
		"console_on": t("on (console)", "콘솔에서 확인한 켜진 수"), "console_off_after": t("off afterwards (console)", "조치 후 콘솔에서 확인한 꺼진 수"),
		"console_switched": t("switched on (console)", "콘솔에서 켬"), "console_heard": t("agents heard (console)", "콘솔에서 확인한 agent 응답"),
		"console_state": t("state at the console", "콘솔에서 확인한 상태"), "console_uuid": t("cluster at the console", "콘솔에서 확인한 클러스터"),
		"cluster_status": t("cluster status", "클러스터 상태"), "comment": t("node state", "노드 상태"), "connected": t("connections held by", "연결 점유"),
		"cookie": t("cookie (hash)", "cookie(해시)"), "counted": t("counted errors", "누적 오류"), "direct": t("logins", "로그인"), "down": t("down", "중지"),
		"ends": t("ends", "종료"), "errors": t("in Error", "Error 상태"), "errors_after": t("in Error afterwards", "조치 후 Error 상태"), "failed": t("failed units", "실패한 유닛"),
		"faults": t("faults", "fault"), "free_after": t("free afterwards, MiB", "조치 후 여유(MiB)"), "free_mib": t("free, MiB", "여유(MiB)"), "free_now": t("free now", "현재 여유"),
		"front_says": t("through the virtual address", "가상 주소 경유"), "full": t("full", "가득 참"), "galera": t("Galera", "Galera"), "guest_answers": t("instance answers", "인스턴스 응답"),
		"guests": t("guests", "인스턴스"), "haproxy": t("HAProxy", "HAProxy"), "here_after": t("is here afterwards", "조치 후 위치"), "holds": t("holds the address", "가상 주소 보유"),
		"journal_size": t("size of the journal", "journal 크기"), "keepalived": t("keepalived", "keepalived"), "kept": t("kept", "보존"), "knocks": t("knocks", "접속 검사"),
		"left": t("left", "남음"), "limit": t("limit", "한도"), "limit_mib": t("limit, MiB", "한도(MiB)"), "limits": t("limits", "한도"), "loose": t("files that may go", "정리 가능한 파일"),
		"masters": t("active router", "활성 라우터"), "most": t("limit", "한도"), "namespaces": t("namespaces", "namespace"), "new_ones": t("new ones", "새 항목"), "node": t("node", "노드"),
		"node_state": t("state", "상태"), "now_open": t("reached", "접속됨"), "now_welcome": t("lets in", "로그인됨"), "off": t("off", "꺼짐"), "old_work": t("older copies", "이전 사본"),
		"oom": t("killed for memory", "메모리 부족 종료"), "open_at": t("open at", "열린 곳"), "openstack": t("OpenStack databases", "OpenStack 데이터베이스"), "outers": t("outside addresses", "외부 주소"),
		"outside_after": t("seen from outside afterwards", "조치 후 외부에서 확인"), "outside_before": t("seen from outside", "외부에서 확인"), "pairs": t("pairs", "쌍"), "parted_from": t("parted from", "분리된 상대"),
		"place": t("order", "순서"), "plugging": t("VIF plugging", "VIF plugging"), "policies": t("policies", "policy"), "pools": t("pools", "pool"), "ports": t("ports", "포트"),
		"ports_after": t("ports afterwards", "조치 후 포트"), "position": t("position", "위치"), "position_seqno": t("seqno found", "확인된 seqno"), "position_state": t("position", "위치 확인"),
		"proxy_arp": t("proxy ARP", "proxy ARP"), "quotas": t("quotas", "쿼터"), "refused_at": t("not reached", "접속 안 됨"), "replies": t("replies to ARP", "ARP 응답"), "rights": t("rights", "권한"),
		"routes": t("routes", "경로"), "rows": t("rows", "행 수"), "rows_after": t("rows", "행 수"), "rows_before": t("rows before", "이전 행 수"), "rules": t("firewall rules", "방화벽 규칙"),
		"running": t("sees running", "실행 중으로 보는 노드"), "saved_seqno": t("saved seqno", "저장된 seqno"), "saw_running": t("saw running last", "마지막에 본 노드"), "script": t("script", "스크립트"),
		"server": t("server", "서버"), "servers": t("servers", "서버"), "settings": t("settings", "설정"), "shut_at": t("closed at", "닫힌 곳"), "silent_at": t("no answer from", "응답 없는 곳"), "sizes": t("sizes", "크기"),
		"skip_names": t("skip_name_resolve", "skip_name_resolve"), "sql": t("SQL", "SQL"), "state": t("state", "상태"), "state_after": t("state afterwards", "조치 후 상태"), "still_blocked": t("still blocked by", "아직 차단한 노드"),
		"still_shut": t("still not reached", "아직 접속 안 됨"), "surplus": t("too many", "초과"), "sync_interval": t("sync_power_state_interval", "sync_power_state_interval"), "synced": t("synced", "동기화"),
		"system": t("system", "시스템"), "talks": t("logins", "로그인"), "talks_to": t("talks to", "통신되는 곳"), "unit": t("service", "서비스"), "up": t("up", "동작"), "urls": t("addresses in transport_url", "transport_url 주소"),
		"used": t("in use", "사용 중"), "verdict": t("verdict", "판정"), "volumes": t("volumes", "볼륨"), "welcome_at": t("lets in", "로그인됨"), "wsrep": t("Galera state", "Galera 상태"),
	}
}
