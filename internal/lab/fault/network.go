package fault

import (
	"context"
	"fmt"
	"time"

	"stackhand/internal/lab/set"
)

// networkFaults are those of the network nodes.
func networkFaults() []Fault {
	nets := set.NetworkNodes()
	return []Fault{
		{Name: "lbaas-duplicate-namespace", Set: set.Network, Hosts: []string{nets[1], nets[2]}, breaks: twice, symptom: answeredTwice, within: 20 * time.Second, mend: backHome},
		{Name: "proxy-arp-lost", Set: set.Network, breaks: rebooted, symptom: noProxyARP, within: 2 * time.Minute},
	}
}

func oddNetworkFaults() []Fault {
	nets := set.NetworkNodes()
	return []Fault{
		{Name: "lbaas-agent-does-nothing", Set: set.Network, Hosts: []string{nets[1], nets[2]}, breaks: deaf, symptom: answeredTwice, within: 20 * time.Second, mend: hears},
	}
}

// twice moves the balancer to another node while the agent of its own does not run and so
// does not take its namespace away: neutron-server believes the agent dead.
func twice(ctx context.Context, s *scene) error {
	from := s.Balancers(ctx)
	if len(from) != 1 || from[0] == s.host {
		return fmt.Errorf("the balancer is on %v", from)
	}
	if err := s.run(ctx, from[0], `systemctl stop neutron-lbaasv2-agent && rm "/var/lib/neutron/assigned/$1"`, set.Balancer); err != nil {
		return err
	}
	return s.run(ctx, s.host, `touch "/var/lib/neutron/assigned/$1" && systemctl restart neutron-lbaasv2-agent`, set.Balancer)
}

// agentProgram is what the agent of the set runs when it starts.
const agentProgram = "/usr/local/lib/practice/lbaasv2-agent"

// deaf moves the balancer as twice does, and leaves its first node with an agent that runs and does nothing,
// as one does that cannot ask neutron-server.
func deaf(ctx context.Context, s *scene) error {
	from := s.Balancers(ctx)
	if err := twice(ctx, s); err != nil {
		return err
	}
	return s.run(ctx, from[0], `cp -p "$1" "$1.kept" && printf '#!/bin/sh\nexit 0\n' >"$1" && systemctl start neutron-lbaasv2-agent`, agentProgram)
}

func hears(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, set.NetworkNodes()...); err != nil {
		return err
	}
	if err := s.Each(ctx, set.NetworkNodes(), `[ ! -e "$1.kept" ] || mv "$1.kept" "$1"`, agentProgram); err != nil {
		return err
	}
	return backHome(ctx, s)
}

// backHome assigns the balancer to its first node again, and to no other.
func backHome(ctx context.Context, s *scene) error {
	if err := s.l.PowerOn(ctx, set.NetworkNodes()...); err != nil {
		return err
	}
	for i, n := range set.NetworkNodes() {
		do := `rm -f "/var/lib/neutron/assigned/$1"`
		if i == 0 {
			do = `touch "/var/lib/neutron/assigned/$1"`
		}
		if err := s.run(ctx, n, do, set.Balancer); err != nil {
			return err
		}
	}
	return s.Each(ctx, set.NetworkNodes(), `systemctl restart neutron-lbaasv2-agent`)
}

// answeredTwice: two namespaces with one MAC, and two answers to one ARP request.
func answeredTwice(ctx context.Context, s *scene) string {
	if b := s.Balancers(ctx); len(b) != 2 {
		return fmt.Sprintf("the balancer is on %v", b)
	}
	if n := s.ARPReplies(ctx, set.BalancerVIP); n != 2 {
		return fmt.Sprintf("%d answers to an ARP request", n)
	}
	return ""
}

// rebooted takes the power of all network nodes and gives it back: the agents make their
// namespaces again, with the kernel's proxy_arp.
func rebooted(ctx context.Context, s *scene) error {
	if err := s.l.PowerCut(ctx, set.NetworkNodes()...); err != nil {
		return err
	}
	return s.l.PowerOn(ctx, set.NetworkNodes()...)
}

func noProxyARP(ctx context.Context, s *scene) string {
	for _, n := range set.NetworkNodes() {
		if v := s.ProxyARP(ctx, n); v != "0" {
			return fmt.Sprintf("%s: proxy_arp is %q", n, v)
		}
	}
	if m := s.RouterMasters(ctx); len(m) != 1 {
		return fmt.Sprintf("the router is held by %v", m)
	}
	if out := s.Try(ctx, set.Client, `ip netns exec outside ping -c 1 -W 1 "$1"`, set.GuestAddress); out != "" {
		return "outside: the guest answers"
	}
	return ""
}
