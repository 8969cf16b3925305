package set

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"stackhand/internal/lab"
)

// Ids and addresses of the set network, as in files/network/neutron.env.
const (
	Router       = "3f6a0c9d-7b1e-4d52-9a8c-2e5f4b7d6c10"
	RouterPort   = "a84c2f16-0d" // qr-: inside
	GatewayPort  = "5b0e9d3a-71" // qg-: outside
	Balancer     = "d1f7a3b9-6c2e-4850-b94d-0e8a7c5f3b26"
	BalancerVIP  = "203.0.113.160"
	BalancerMAC  = "fa:16:3e:5c:91:d7"
	GuestAddress = "203.0.113.140"
)

// NetworkNodes are the hosts of the set network that run agents; Client has two machines as
// namespaces: outside, and guest.
func NetworkNodes() []string { return []string{"net1", "net2", "net3"} }

func networkSet() definition {
	roles := map[string][]string{Client: {"client"}}
	for _, n := range NetworkNodes() {
		roles[n] = []string{"network"}
	}
	return definition{
		name:    Network,
		options: lab.Options{Hosts: append(NetworkNodes(), Client), Roles: roles},
		build:   buildNetwork,
		revive:  reviveNetwork,
		ready:   networkReady,
	}
}

func buildNetwork(ctx context.Context, h *Hosts) error {
	start := time.Now()
	g, gctx := errgroup.WithContext(ctx)
	for i, host := range append(NetworkNodes(), Client) {
		words := map[string]string{"host": host, "address": h.Address(host), "number": strconv.Itoa(i + 1),
			"ha": fmt.Sprintf("%d6f1b8e0-4a", i+1)}
		list := []file{
			{path: "/etc/neutron/practice.env", mode: "644", from: "network/neutron.env"},
			{path: "/usr/local/lib/practice/linuxbridge-agent", mode: "755", from: "network/linuxbridge-agent"},
		}
		if host == Client {
			list = append(list,
				file{path: "/usr/local/lib/practice/client", mode: "755", from: "network/client"},
				file{path: "/etc/systemd/system/practice-client.service", mode: "644", from: "network/practice-client.service"},
				file{path: "/etc/systemd/system/practice-guest.service", mode: "644", from: "network/practice-guest.service"},
				file{path: "/srv/guest/index.html", mode: "644", from: "network/index.html"})
		} else {
			list = append(list, file{path: "/root/set_proxy_arp.sh", mode: "755", from: "network/set_proxy_arp.sh"},
				file{path: "/etc/systemd/system/neutron-linuxbridge-agent.service", mode: "644", from: "network/neutron-linuxbridge-agent.service"})
			for _, a := range []string{"l3", "lbaasv2"} {
				list = append(list,
					file{path: "/usr/local/lib/practice/" + a + "-agent", mode: "755", from: "network/" + a + "-agent"},
					file{path: "/etc/systemd/system/neutron-" + a + "-agent.service", mode: "644", from: "network/neutron-" + a + "-agent.service"})
			}
		}
		g.Go(func() error { return h.put(gctx, host, words, list...) })
	}
	if err := g.Wait(); err != nil {
		return err
	}
	h.note("configure", start)
	start = time.Now()
	if _, err := h.Lab.Run(ctx, NetworkNodes()[0], `mkdir -p /var/lib/neutron/assigned && touch "/var/lib/neutron/assigned/$1"`, Balancer); err != nil {
		return err
	}
	g, gctx = errgroup.WithContext(ctx)
	g.Go(func() error {
		return h.Each(gctx, NetworkNodes(), `systemctl daemon-reload && systemctl --quiet enable --now neutron-linuxbridge-agent neutron-l3-agent neutron-lbaasv2-agent && /root/set_proxy_arp.sh`)
	})
	g.Go(func() error {
		return h.Each(gctx, []string{Client}, `systemctl daemon-reload && systemctl --quiet enable --now practice-client practice-guest`)
	})
	if err := g.Wait(); err != nil {
		return err
	}
	h.note("namespaces", start)
	return nil
}

// reviveNetwork does what an operator does after a reboot: the agents have made their
// namespaces again, proxy ARP is gone. The balancer stays with the first node that has it.
func reviveNetwork(ctx context.Context, h *Hosts) error {
	first := ""
	for _, n := range NetworkNodes() {
		if h.Try(ctx, n, `ls "/var/lib/neutron/assigned/$1"`, Balancer) == "" {
			continue
		}
		if first == "" {
			first = n
		} else if _, err := h.Lab.Run(ctx, n, `rm -f "/var/lib/neutron/assigned/$1"`, Balancer); err != nil {
			return err
		}
	}
	if first == "" {
		first = NetworkNodes()[0]
		if _, err := h.Lab.Run(ctx, first, `mkdir -p /var/lib/neutron/assigned && touch "/var/lib/neutron/assigned/$1"`, Balancer); err != nil {
			return err
		}
	}
	const agents = `systemctl start neutron-linuxbridge-agent && systemctl restart neutron-l3-agent neutron-lbaasv2-agent && /root/set_proxy_arp.sh`
	if err := h.Each(ctx, NetworkNodes(), agents); err != nil {
		return err
	}
	return h.Each(ctx, []string{Client}, `systemctl start practice-client practice-guest`)
}

// networkReady says what is missing until somebody outside reaches the guest and the
// balancer through the router, or "".
func networkReady(ctx context.Context, h *Hosts) string {
	for _, n := range NetworkNodes() {
		if !strings.Contains(h.Try(ctx, n, `ip netns list`), "qrouter-"+Router) {
			return n + ": no namespace of the router"
		}
		if s := h.ProxyARP(ctx, n); s != "1" {
			return n + ": proxy_arp is " + s
		}
	}
	if m := h.RouterMasters(ctx); len(m) != 1 {
		return fmt.Sprintf("router: held by %v", m)
	}
	if b := h.Balancers(ctx); len(b) != 1 {
		return fmt.Sprintf("balancer: on %v", b)
	}
	if h.Try(ctx, Client, `ip netns exec outside ping -c 1 -W 1 "$1"`, GuestAddress) == "" {
		return "outside: the guest does not answer"
	}
	if h.Try(ctx, Client, `ip netns exec outside curl -sf -m 2 "http://$1/"`, BalancerVIP) == "" {
		return "outside: the balancer does not answer"
	}
	return ""
}

// ProxyARP is proxy_arp of the router's outer port on a host.
func (h *Hosts) ProxyARP(ctx context.Context, host string) string {
	return h.Try(ctx, host, `ip netns exec "qrouter-$1" sysctl -n "net.ipv4.conf.qg-$2.proxy_arp"`, Router, GatewayPort)
}

// RouterMasters are the hosts whose router namespace holds the router's addresses.
func (h *Hosts) RouterMasters(ctx context.Context) []string {
	var found []string
	for _, n := range NetworkNodes() {
		if h.Try(ctx, n, `ip -n "qrouter-$1" -o -4 addr show dev "qr-$2"`, Router, RouterPort) != "" {
			found = append(found, n)
		}
	}
	return found
}

// Balancers are the hosts that have the balancer's namespace.
func (h *Hosts) Balancers(ctx context.Context) []string {
	var found []string
	for _, n := range NetworkNodes() {
		if strings.Contains(h.Try(ctx, n, `ip netns list`), "qlbaas-"+Balancer) {
			found = append(found, n)
		}
	}
	return found
}

// ARPReplies counts the answers that one ARP request for an address gets in the guest's network.
// (With -w, arping would leave at the first.)
func (h *Hosts) ARPReplies(ctx context.Context, address string) int {
	out := h.Try(ctx, Client, `ip netns exec guest timeout 4 arping -b -c 1 -I eth0 "$1" || true`, address)
	return strings.Count(out, "reply from")
}
