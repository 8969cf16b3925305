package cli

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"stackhand/answers/kolla"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/site"
	"stackhand/ui"
)

// interfacesText lists a host's interfaces and their addresses; both print one a line
// (ip-link(8), ip-address(8), -oneline).
const interfacesText = "ip -o link show && echo -- && ip -o addr show && echo end"

// patience with hosts that are asked for their interfaces.
const patience = 15 * time.Second

// askInterfaces asks all hosts of a site side by side; silent are those that did not answer.
func askInterfaces(ctx context.Context, s *site.Site, ask remote.Asker) (found map[string][]kolla.Interface, silent []string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found = map[string][]kolla.Interface{}
	hostInterfaces(ctx, remote.Options{Site: s, Ask: ask}, func(h ui.HostInterfaces) {
		if h.Problem != nil {
			silent = append(silent, h.Host)
			return
		}
		found[h.Host] = h.Interfaces
	})
	slices.Sort(silent)
	return found, silent
}

// hostInterfaces asks the hosts of a site side by side and tells each as it answers, one call
// of tell at a time. It only reads.
func hostInterfaces(ctx context.Context, o remote.Options, tell func(ui.HostInterfaces)) {
	pool := remote.NewPool(o)
	defer pool.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, h := range o.Site.Hosts {
		wg.Go(func() {
			row := ui.HostInterfaces{Host: h.Name}
			var err error
			if row.Interfaces, err = interfacesOf(ctx, pool, h.Name); err != nil {
				if row.Problem = problem.Of(err); row.Problem == nil {
					row.Problem = problem.New("remote.host", h.Name, err, "what", "interfaces")
				}
			}
			mu.Lock()
			defer mu.Unlock()
			tell(row)
		})
	}
	wg.Wait()
}

func interfacesOf(ctx context.Context, pool *remote.Pool, name string) ([]kolla.Interface, error) {
	host, err := pool.Host(name)
	if err != nil {
		return nil, err
	}
	out, err := host.Probe(ctx, job.Probe{Script: interfacesText})
	if err != nil {
		return nil, err
	}
	list := parseInterfaces(string(out.Stdout))
	if len(list) == 0 {
		return nil, errors.New("the list of interfaces is not complete")
	}
	return list, nil
}

// mostInterfaces of a host; a compute host has a few for each instance.
const mostInterfaces = 10000

// parseInterfaces reads what interfacesText prints; nothing where that was cut short.
func parseInterfaces(text string) []kolla.Interface {
	var list []kolla.Interface
	links, addresses, ok := strings.Cut(text, "\n--\n")
	if !ok || !strings.HasSuffix(strings.TrimSpace(addresses), "end") {
		return nil
	}
	for line := range strings.Lines(links) { // 2: eth0@if5: <BROADCAST,UP,LOWER_UP> mtu 1500 …
		words := strings.Fields(line)
		if len(words) < 3 || !strings.HasSuffix(words[1], ":") || len(list) >= mostInterfaces {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimSuffix(words[1], ":"), "@")
		flags := strings.Split(strings.Trim(words[2], "<>"), ",")
		list = append(list, kolla.Interface{Name: name, Up: slices.Contains(flags, "UP")})
	}
	for line := range strings.Lines(addresses) { // 2: eth0    inet 192.0.2.11/24 brd …
		words := strings.Fields(line)
		if len(words) < 4 || words[2] != "inet" && words[2] != "inet6" {
			continue
		}
		p, err := netip.ParsePrefix(words[3])
		if err != nil || p.Addr().IsLinkLocalUnicast() {
			continue
		}
		if i := slices.IndexFunc(list, func(i kolla.Interface) bool { return i.Name == words[1] }); i >= 0 {
			list[i].Addresses = append(list[i].Addresses, p)
		}
	}
	return list
}
