package judgements

import (
	"cmp"
	"slices"
	"strings"

	"stackhand/steps"
)

// lbaasDuplicate finds balancers whose namespace is on more than one network node (row R2, correction 60).
//
// It reads the balancers of lbaas-look.sh ("ID PORT MAC ADDRESS alive|dead"; as somebody reads them at a console
// "ID alive|dead", where the first characters of the ID do) and bindings, lines "agent ID HOST" and
// "port ID HOST" of what neutron has written down (of the ID the first characters do), from with. Both namespaces carry the same port and MAC, so
// the MAC tells nothing; who owns the balancer is said, in this order, by the agent that neutron gave it to, by the
// port's binding, by being the only one whose haproxy lives, and by being the only one whose agent runs (neutron
// moves a balancer away from an agent that is silent). Otherwise there is no owner: the operator says (owner, from with), and
// what they say counts for those balancers only.
//
// verdict of a host: owner (of all doubled balancers that it has), surplus (of some), unclear, fine, unseen.
// surplus: the ids that are too many there.
func lbaasDuplicate() Judgement {
	return Judgement{
		Name: "lbaas.duplicate", Reads: []string{"balancers", "agent"}, Args: []string{"bindings"},
		HostOutputs: []string{"verdict", "surplus", "kept"},
		Outputs:     []string{"doubles", "addresses", "unclear", "owners", "surplus_on"},
		Judge:       judgeBalancers,
	}
}

// lbaasOwners is the same with what the operator said: who keeps a balancer, and who loses one. A balancer that the node
// named does not have stays where it is.
func lbaasOwners() Judgement {
	return Judgement{
		Name: "lbaas.owners", Reads: []string{"balancers", "agent"}, Args: []string{"bindings", "owner"},
		HostOutputs: []string{"verdict", "surplus", "kept"},
		Outputs:     []string{"keeping", "losing", "ownerless"},
		Judge: func(in Input) Output {
			out := judgeBalancers(in)
			out.Lets = map[string]steps.Value{"keeping": out.Lets["owners"], "losing": out.Lets["surplus_on"], "ownerless": out.Lets["unclear"]}
			return out
		},
	}
}

type balancer struct {
	on, alive, agents []string
	address           string
}

func judgeBalancers(in Input) Output {
	out := Output{Hosts: map[string]Verdict{}, Lets: map[string]steps.Value{}}
	found := map[string]*balancer{}
	var ids []string
	whole := wholeIDs(in.Hosts)
	for _, h := range in.Hosts {
		for _, row := range (seen{h}).list("balancers") {
			f := strings.Fields(row)
			if len(f) == 2 {
				f = []string{whole(f[0]), "-", "-", "-", f[1]}
			}
			if len(f) != 5 {
				continue
			}
			if found[f[0]] == nil {
				found[f[0]] = &balancer{}
				ids = append(ids, f[0])
			}
			b := found[f[0]]
			b.on = append(b.on, h.Name)
			if (seen{h}).text("agent") == "active" {
				b.agents = append(b.agents, h.Name)
			}
			if f[4] == "alive" {
				b.alive = append(b.alive, h.Name)
			}
			if a, _, ok := strings.Cut(f[3], "/"); ok {
				b.address = a
			}
		}
	}
	bindings := texts(in.Args["bindings"])
	said, _ := in.Args["owner"].(string)
	var doubles, addresses, unclear, owners, surplusOn []string
	surplus, kept := map[string][]string{}, map[string][]string{}
	for _, id := range ids {
		b := found[id]
		if len(b.on) < 2 {
			continue
		}
		doubles = append(doubles, id)
		if b.address != "" {
			addresses = add(addresses, b.address)
		}
		owner := ""
		for _, candidate := range []string{boundTo(bindings, "agent", id), boundTo(bindings, "port", id), only(b.alive), only(b.agents), said} {
			if owner == "" && slices.ContainsFunc(b.on, func(h string) bool { return sameHost(h, candidate) }) {
				owner = candidate
			}
		}
		if owner == "" {
			unclear = append(unclear, id)
			continue
		}
		for _, h := range b.on {
			if sameHost(h, owner) {
				kept[h] = append(kept[h], id)
				owners = add(owners, h)
			} else {
				surplus[h] = append(surplus[h], id)
				surplusOn = add(surplusOn, h)
			}
		}
	}
	for _, h := range in.Hosts {
		out.Hosts[h.Name] = balancerVerdict(seen{h}, surplus[h.Name], kept[h.Name], unclear)
	}
	for name, list := range map[string][]string{"doubles": doubles, "addresses": addresses, "unclear": unclear, "owners": owners, "surplus_on": surplusOn} {
		out.Lets[name] = names(list)
	}
	return out
}

// wholeIDs returns what makes an id whole of which somebody typed the first characters: the one
// that another node has. Where there is none, or more than one, it stays as it was typed.
func wholeIDs(hosts []Host) func(string) string {
	var all []string
	for _, h := range hosts {
		for _, row := range (seen{h}).list("balancers") {
			if f := strings.Fields(row); len(f) == 5 {
				all = add(all, f[0])
			}
		}
	}
	return func(typed string) string {
		fitting := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !strings.HasPrefix(id, typed) })
		return cmp.Or(only(fitting), typed)
	}
}

func balancerVerdict(s seen, surplus, kept, unclear []string) Verdict {
	v := Verdict{Level: OK, Reason: say("No balancer here is anywhere else.", "이 노드의 balancer는 다른 노드에 없습니다."),
		Facts: map[string]steps.Value{"verdict": word("fine"), "surplus": names(surplus), "kept": names(kept)}}
	has := func(id string) bool {
		return slices.ContainsFunc(s.list("balancers"), func(row string) bool {
			f := strings.Fields(row)
			return len(f) > 0 && (f[0] == id || len(f) == 2 && strings.HasPrefix(id, f[0]))
		})
	}
	switch {
	case !s.known("balancers"):
		v.Level, v.Reason, v.Facts["verdict"] = Odd, say("Not looked at. A node that is cut off may still answer to ARP.", "확인하지 못했습니다. 고립된 노드도 ARP에 응답할 수 있습니다."), word("unseen")
	case len(surplus) > 0:
		v.Level, v.Reason, v.Facts["verdict"] = Bad, say("Has balancers that belong to another node: "+strings.Join(surplus, ", "),
			"다른 노드의 balancer가 남아 있습니다: "+strings.Join(surplus, ", ")), word("surplus")
	case len(kept) > 0:
		v.Reason, v.Facts["verdict"] = say("Owns its balancers; they are on another node as well.", "이 노드가 balancer의 주인이며, 같은 것이 다른 노드에도 있습니다."), word("owner")
	case slices.ContainsFunc(unclear, has):
		v.Level, v.Reason, v.Facts["verdict"] = Bad, say("Has a balancer that another node has too; nothing says whose it is.",
			"다른 노드에도 있는 balancer가 있으며, 주인을 알 수 없습니다."), word("unclear")
	}
	return v
}

// boundTo is the host that lines "agent ID HOST" and "port ID HOST" name for a balancer. Of the id, there or
// here, somebody may have typed the first characters only: then all lines that fit must name one host.
func boundTo(lines []string, kind, id string) (whole string) {
	var likely []string
	for _, l := range lines {
		f := strings.Fields(l)
		switch {
		case len(f) != 3 || f[0] != kind:
		case f[1] == id:
			whole = f[2]
		case strings.HasPrefix(f[1], id) || strings.HasPrefix(id, f[1]):
			likely = add(likely, f[2])
		}
	}
	return cmp.Or(whole, only(likely))
}

// sameHost compares a host's name in the site with what neutron calls it, which may have a domain.
func sameHost(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	short := func(s string) string { s, _, _ = strings.Cut(s, "."); return strings.ToLower(s) }
	return short(a) == short(b)
}

func only(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return ""
}
