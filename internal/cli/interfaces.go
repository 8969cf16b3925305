package cli

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"stackhand/answers/kolla"
	"stackhand/internal/job"
	"stackhand/internal/remote"
	"stackhand/internal/site"
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
	pool := remote.NewPool(remote.Options{Site: s, Ask: ask})
	defer pool.Close()
	found = map[string][]kolla.Interface{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, h := range s.Hosts {
		wg.Go(func() {
			var list []kolla.Interface
			host, err := pool.Host(h.Name)
			if err == nil {
				var out job.Output
				if out, err = host.Probe(ctx, job.Probe{Script: interfacesText}); err == nil {
					list = parseInterfaces(string(out.Stdout))
				}
			}
			mu.Lock()
			defer mu.Unlock()
			if len(list) == 0 {
				silent = append(silent, h.Name)
				return
			}
			found[h.Name] = list
		})
	}
	wg.Wait()
	slices.Sort(silent)
	return found, silent
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
