package judgements

import (
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// mariadbCause says why MariaDB does not start on a host, or starts and cannot be reached (row R12,
// correction 24). It reads what mariadb-look.sh prints.
//
// verdict, the first that fits: unseen, none (not installed), option, read_only, unmounted, disk, owner, data (the system
// tables are gone while databases are there), uninitialised, address, port, inconsistent (runs, and
// has left its cluster), fine, damaged, cluster, unknown.
//
// An address that is not on the host does not keep MariaDB 10.11 from starting: it listens there all the same
// and nobody reaches it (seen). So the address counts for a running server too.
func mariadbCause() Judgement {
	return Judgement{
		Name: "mariadb.cause",
		Reads: []string{"installed", "state", "bind", "bind_here", "initialised", "empty", "openstack", "wrong_owner", "free_mib",
			"inodes", "read_only", "unmounted", "bad_option", "port_taken", "cluster_waits", "damaged", "last_error", "galera", "unapplied", "wsrep"},
		HostOutputs: []string{"verdict"},
		Outputs:     []string{"sick", "with_option", "with_disk", "with_owner", "with_address", "with_port", "with_data", "with_copy", "waiting", "stuck"},
		Judge:       judgeMariaDB,
	}
}

// leastFreeMiB is below what InnoDB needs to start and to extend its files once.
const leastFreeMiB = 100

func judgeMariaDB(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	lists := map[string][]string{}
	for _, h := range in.Hosts {
		verdict, level, reason := whyMariaDB(seen{h})
		out.Hosts[h.Name] = Verdict{Facts: map[string]steps.Value{"verdict": word(verdict)}, Level: level, Reason: reason}
		// A member that could not write what the others wrote leaves the cluster again as soon as it has joined (seen).
		if (seen{h}).number("unapplied") > 0 && verdict == "disk" && (seen{h}).text("galera") != "no" {
			lists["with_copy"] = append(lists["with_copy"], h.Name)
		}
		if let := mariadbLet[verdict]; let != "" {
			lists[let] = append(lists[let], h.Name)
			lists["sick"] = append(lists["sick"], h.Name)
		}
	}
	for _, name := range mariadbCause().Outputs {
		out.Lets[name] = names(lists[name])
	}
	return out
}

var mariadbLet = map[string]string{
	"option": "with_option", "disk": "with_disk", "owner": "with_owner", "address": "with_address", "port": "with_port",
	"uninitialised": "with_data", "inconsistent": "with_copy", "cluster": "waiting", "read_only": "stuck", "unmounted": "stuck", "data": "stuck", "damaged": "stuck", "unknown": "stuck",
}

func whyMariaDB(s seen) (verdict, level string, reason i18n.Text) {
	running := s.text("state") == "active"
	short := s.known("free_mib") && s.number("free_mib") < leastFreeMiB || s.number("inodes") >= 100
	last := ""
	if s.known("last_error") {
		last = " " + s.text("last_error")
	}
	switch {
	case !s.known("installed"):
		return "unseen", Odd, say("Not looked at: the host does not answer.", "호스트가 응답하지 않아 확인하지 못했습니다.")
	case s.text("installed") == "no":
		return "none", OK, say("MariaDB is not installed here.", "MariaDB가 설치되지 않은 호스트입니다.")
	case s.known("bad_option"):
		reason = say("It does not know this option: "+s.text("bad_option")+".", "서버가 모르는 옵션이 있습니다: "+s.text("bad_option"))
		if running {
			return "option", Odd, say(reason.En+" It still runs; its next start fails.", reason.Ko+". 지금은 실행 중이지만 다음 시작은 실패합니다.")
		}
		return "option", Bad, reason
	case s.text("read_only") == "yes":
		return "read_only", Bad, say("The file system of the data is read-only. The kernel's log says why; fsck comes before MariaDB.",
			"데이터 파일 시스템이 읽기 전용입니다. 커널 로그에서 원인을 보고 fsck를 먼저 합니다.")
	case !running && s.known("unmounted"):
		return "unmounted", Bad, say("The disk of the data is not mounted: "+s.text("unmounted")+" stands in /etc/fstab. Mount it; nothing is lost.",
			"데이터 디스크가 마운트되지 않았습니다: "+s.text("unmounted")+" (/etc/fstab에 있음). 마운트하면 되며 데이터는 그대로입니다.")
	case short:
		return "disk", Bad, say("The disk of the data is full.", "데이터 디스크가 가득 찼습니다.")
	case !running && len(s.list("wrong_owner")) > 0:
		return "owner", Bad, say("Files of the data do not belong to mysql: "+strings.Join(s.list("wrong_owner"), ", "),
			"데이터 파일의 소유자가 mysql이 아닙니다: "+strings.Join(s.list("wrong_owner"), ", "))
	case s.text("initialised") == "no" && (len(s.list("openstack")) > 0 || s.text("empty") == "no"):
		if len(s.list("openstack")) > 0 {
			return "data", Bad, say("The system tables are gone, and there are OpenStack databases: "+strings.Join(s.list("openstack"), ", ")+". Nothing here may be initialised.",
				"시스템 테이블이 없고 OpenStack 데이터베이스가 남아 있습니다: "+strings.Join(s.list("openstack"), ", ")+". 초기화하면 안 됩니다.")
		}
		return "uninitialised", Bad, say("The data directory has no system tables and no OpenStack database.", "데이터 디렉터리에 시스템 테이블도 OpenStack 데이터베이스도 없습니다.")
	case s.text("initialised") == "no":
		return "uninitialised", Bad, say("The data directory is empty.", "데이터 디렉터리가 비어 있습니다.")
	case s.text("bind_here") == "no":
		reason = say("bind-address "+s.text("bind")+" is not on this host.", "bind-address "+s.text("bind")+" 주소가 이 호스트에 없습니다.")
		if running {
			return "address", Bad, say(reason.En+" MariaDB runs, and nobody reaches it.", reason.Ko+" MariaDB는 실행 중이지만 아무도 접속할 수 없습니다.")
		}
		return "address", Bad, reason
	case !running && s.known("port_taken"):
		return "port", Bad, say("Another program holds port 3306: "+s.text("port_taken"), "다른 프로그램이 3306 포트를 사용 중입니다: "+s.text("port_taken"))
	case running && s.text("wsrep") == "Inconsistent":
		return "inconsistent", Bad, say("It runs, and has left its cluster: its data is not that of the others.", "실행 중이지만 데이터가 다른 노드와 달라 클러스터에서 나온 상태입니다(Inconsistent).")
	case running:
		return "fine", OK, say("It runs, on an address of this host.", "이 호스트의 주소에서 정상 실행 중입니다.")
	case s.text("damaged") == "yes":
		return "damaged", Bad, say("InnoDB says that its files are damaged. Keep them; do not start it with innodb_force_recovery on the only copy."+last,
			"InnoDB 파일이 손상됐다고 합니다. 파일을 보존하고, 유일한 사본에 innodb_force_recovery를 쓰지 않습니다."+last)
	case s.text("cluster_waits") == "yes":
		return "cluster", Odd, say("Nothing is wrong on this host: it waits for its cluster.", "이 호스트에는 문제가 없으며 클러스터를 기다리고 있습니다.")
	}
	return "unknown", Bad, say("None of the known causes. The last error:"+last, "알려진 원인이 아닙니다. 마지막 오류:"+last)
}
