package set

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// galeraReady looks at the database first, which answers at once, and at the brokers last.
func galeraReady(ctx context.Context, h *Hosts) string {
	if s := DatabaseReady(ctx, h); s != "" {
		return s
	}
	return BrokersReady(ctx, h)
}

// NodeState is what a Galera node says of itself.
type NodeState struct {
	Cluster   string // wsrep_cluster_status: Primary, non-Primary; "" when it does not answer
	State     string // wsrep_local_state_comment
	Size      int
	Ready     bool
	UUID      string
	Committed int64
}

// Node asks a database node over its own socket.
func (h *Hosts) Node(ctx context.Context, host string) NodeState {
	out := h.Try(ctx, host, `timeout 5 mysql -NBe "SHOW STATUS WHERE Variable_name IN ('wsrep_cluster_status', 'wsrep_local_state_comment',
'wsrep_cluster_size', 'wsrep_ready', 'wsrep_cluster_state_uuid', 'wsrep_last_committed')"`)
	var n NodeState
	for line := range strings.Lines(out) {
		k, v, _ := strings.Cut(strings.TrimSpace(line), "\t")
		switch k {
		case "wsrep_cluster_status":
			n.Cluster = v
		case "wsrep_local_state_comment":
			n.State = v
		case "wsrep_cluster_size":
			n.Size, _ = strconv.Atoi(v) // 0 is as good as unreadable
		case "wsrep_ready":
			n.Ready = v == "ON"
		case "wsrep_cluster_state_uuid":
			n.UUID = v
		case "wsrep_last_committed":
			n.Committed, _ = strconv.ParseInt(v, 10, 64)
		}
	}
	return n
}

// Whole tells whether a node is a member in order of a cluster of that size.
func (n NodeState) Whole(size int) bool {
	return n.Cluster == "Primary" && n.State == "Synced" && n.Ready && n.Size == size
}

// DatabaseReady says what is missing until a client gets its rows through the virtual
// address, or "".
func DatabaseReady(ctx context.Context, h *Hosts) string {
	for _, db := range Databases() {
		if n := h.Node(ctx, db); !n.Whole(len(Databases())) {
			return fmt.Sprintf("%s: Galera %q %q of %d", db, n.Cluster, n.State, n.Size)
		}
	}
	if holders := h.Holders(ctx); len(holders) != 1 {
		return fmt.Sprintf("virtual address: held by %v", holders)
	}
	if out := h.Try(ctx, Client, `timeout 5 mysql -NBe 'SELECT COUNT(*) FROM nova.instances'`); out == "" || out == "0" {
		return Client + ": no rows through the virtual address"
	}
	return ""
}

// Holders are the hosts that hold the virtual address of the database.
func (h *Hosts) Holders(ctx context.Context) []string {
	var found []string
	for _, db := range Databases() {
		if out := h.Try(ctx, db, `ip -o -4 addr show dev eth0 to "$1"`, h.Lab.VirtualAddress(VirtualDatabase)); out != "" {
			found = append(found, db)
		}
	}
	return found
}

// BrokersReady says what is missing until all three brokers run as one cluster and take messages, or "".
// It asks each broker, for in a partition each believes the others are gone.
func BrokersReady(ctx context.Context, h *Hosts) string {
	for _, db := range Databases() {
		if h.Try(ctx, db, `systemctl is-active rabbitmq-server`) != "active" {
			return db + ": RabbitMQ is not active"
		}
	}
	for _, db := range Databases() {
		out := h.TryFor(ctx, 30*time.Second, db, `timeout 25 rabbitmqctl -q eval '{length(rabbit_mnesia:cluster_nodes(running)), rabbit_alarm:get_alarms()}.'`)
		if out != fmt.Sprintf("{%d,[]}", len(Databases())) {
			return db + ": sees running brokers and alarms " + out
		}
	}
	return ""
}

// Brokers is how many running brokers a broker sees, itself among them; 0 when it does not answer.
func (h *Hosts) Brokers(ctx context.Context, host string) int {
	out := h.TryFor(ctx, 30*time.Second, host, `timeout 25 rabbitmqctl -q eval 'length(rabbit_mnesia:cluster_nodes(running)).'`)
	n, _ := strconv.Atoi(out) // not a number: it complained
	return n
}
