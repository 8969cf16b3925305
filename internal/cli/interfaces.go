package cli

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"sync"

	"stackhand/answers/kolla"
	"stackhand/internal/job"
	"stackhand/internal/problem"
	"stackhand/internal/remote"
	"stackhand/internal/site"
	"stackhand/ui"
)

// interfacesText tells a host's network devices and their addresses. It takes no root.
const interfacesText = `for d in /sys/class/net/*; do
  [ -r "$d/operstate" ] && IFS= read -r state <"$d/operstate" && echo "link=${d##*/} $state"
done
ip -o addr show 2>/dev/null | while read -r n dev family address rest; do echo "address=${dev%%@*} $address"; done
echo end=1
`

// hostInterfaces asks the hosts of a site for their interfaces, all at once, and tells each as
// it answers, one call of found at a time. It only reads.
func hostInterfaces(ctx context.Context, s *site.Site, o remote.Options, found func(ui.HostInterfaces)) {
	o.Site = s
	pool := remote.NewPool(o)
	defer pool.Close()
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range s.Hosts {
		name := s.Hosts[i].Name
		wg.Go(func() {
			row := ui.HostInterfaces{Host: name}
			var err error
			if row.Interfaces, err = interfacesOf(ctx, pool, name); err != nil {
				if row.Problem = problem.Of(err); row.Problem == nil {
					row.Problem = problem.New("remote.host", name, err, "what", "interfaces")
				}
			}
			mu.Lock()
			defer mu.Unlock()
			found(row)
		})
	}
	wg.Wait()
}

func interfacesOf(ctx context.Context, pool *remote.Pool, name string) ([]kolla.Interface, error) {
	h, err := pool.Host(name)
	if err != nil {
		return nil, err
	}
	out, err := h.Probe(ctx, job.Probe{Script: interfacesText})
	if err != nil {
		return nil, err
	}
	return parseInterfaces(out.Stdout)
}

// parseInterfaces reads what interfacesText prints. What is no name or no address is left out.
func parseInterfaces(text []byte) ([]kolla.Interface, error) {
	var all []kolla.Interface
	ended := false
	for line := range strings.Lines(string(text)) {
		key, v, _ := strings.Cut(strings.TrimSpace(line), "=")
		name, rest, _ := strings.Cut(v, " ")
		switch key {
		case "link":
			if name == "" || len(name) > 15 || len(all) > 1024 || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
				continue
			}
			all = append(all, kolla.Interface{Name: name, Up: rest == "up" || rest == "unknown"})
		case "address":
			p, err := netip.ParsePrefix(rest)
			for i := range all {
				if err == nil && all[i].Name == name {
					all[i].Addresses = append(all[i].Addresses, p)
				}
			}
		case "end":
			ended = true
		}
	}
	if !ended {
		return nil, errors.New("the list of interfaces is not complete")
	}
	return all, nil
}
