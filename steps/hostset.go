package steps

import (
	"errors"
	"fmt"
	"strings"
)

// ErrNoHosts says that a host set is empty although something was to be done there.
var ErrNoHosts = errors.New("no host of the site belongs to it")

// Resolve gives the names of the hosts in the site's order, each once. A role that no host
// has, and an expression that gives none, are an error (ErrNoHosts in its chain); a role
// that the procedure needs only as "0+", and a where that leaves nobody, are an empty list.
func (h HostSet) Resolve(sc Scope) ([]string, error) {
	if sc.Site == nil {
		return nil, errors.New("cannot tell the hosts: no site")
	}
	in := map[string]bool{}
	if h.Expr.Given() {
		v, err := h.Expr.Eval(sc)
		if err != nil {
			return nil, err
		}
		list, ok := v.([]any)
		if !ok {
			list = []any{v}
		}
		for _, e := range list {
			name, ok := e.(string)
			if !ok || sc.Site.Host(name) == nil {
				return nil, h.Expr.fail(fmt.Errorf("hosts are wanted here, %v is none of the site", e))
			}
			in[name] = true
		}
		if len(in) == 0 {
			return nil, h.Expr.fail(ErrNoHosts)
		}
	} else {
		for _, role := range h.Roles {
			for _, host := range sc.Site.Role(role) {
				in[host.Name] = true
			}
		}
		if len(in) == 0 && !h.mayBeEmpty(sc.Procedure) {
			return nil, fmt.Errorf("cannot tell the hosts of %s: %w", strings.Join(h.Roles, ", "), ErrNoHosts)
		}
	}
	names := []string{}
	for i := range sc.Site.Hosts {
		name := sc.Site.Hosts[i].Name
		if !in[name] {
			continue
		}
		if h.Where.Given() {
			sc.Host = name
			env := sc.env()
			keep, err := h.Where.about(env["host"], env)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			if !keep {
				continue
			}
		}
		names = append(names, name)
	}
	return names, nil
}

// mayBeEmpty tells whether the procedure says of all the set's roles that none may be there.
func (h HostSet) mayBeEmpty(p *Procedure) bool {
	if p == nil {
		return false
	}
	for _, role := range h.Roles {
		if p.Needs[role] != "0+" {
			return false
		}
	}
	return true
}
