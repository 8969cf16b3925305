package steps

import (
	"errors"
	"fmt"

	"stackhand/internal/site"
)

// hostList is `hosts` in expressions: a list of hosts by role.
type hostList struct {
	site *site.Site
	by   map[string]*hostObject
}

// hostObject is one host in expressions. Its fields are read by fnGet and by nothing else.
type hostObject struct {
	name  string
	host  *site.Host
	scope *Scope
}

// factSet is facts by name: `before`, and the values that a check has just read.
type factSet map[string]Value

// addressSet is a host's addresses by network.
type addressSet struct {
	host string
	by   map[string]string
}

// hostFields are the fields that every host has; facts cannot have these names.
var hostFields = map[string]bool{"name": true, "roles": true, "address": true, "reachable": true, "platform": true, "bmc": true}

func (l *hostList) role(role string) []any {
	found := []any{}
	for _, h := range l.site.Role(role) {
		found = append(found, l.by[h.Name])
	}
	return found
}

func (h *hostObject) field(name string) (any, error) {
	switch name {
	case "name":
		return h.name, nil
	case "roles":
		return normal(h.host.Roles), nil
	case "address":
		return addressSet{h.name, h.host.Addresses}, nil
	case "reachable":
		return h.scope.reachable(h.name), nil
	case "bmc":
		return h.host.BMC, nil
	case "platform":
		if p := h.scope.Platforms[h.name]; p != "" {
			return p, nil
		}
		return nil, &AbsentError{h.name, name, WhyNotRead}
	}
	v := h.scope.fact(h.name, name)
	if v.Absent != "" {
		return nil, &AbsentError{h.name, name, v.Absent}
	}
	return normal(v.V), nil
}

// lookup is a field's value, and why it is absent.
func (fs factSet) lookup(name string) Value {
	v, ok := fs[name]
	if !ok || v.Absent == "" && v.V == nil {
		return Value{Absent: WhyNotRead}
	}
	return v
}

// fnGet is every `a.b` and `a[b]` of an expression.
func fnGet(args ...any) (any, error) {
	if len(args) != 2 {
		return nil, errors.New("a field is wanted")
	}
	switch of := args[0].(type) {
	case *hostList:
		role, ok := args[1].(string)
		if !ok {
			return nil, errors.New("hosts has roles: hosts.ROLE or hosts.all")
		}
		return of.role(role), nil
	case *hostObject:
		if name, ok := args[1].(string); ok {
			return of.field(name)
		}
		return nil, errors.New("a host has fields by name")
	case addressSet:
		network, _ := args[1].(string)
		if a := of.by[network]; a != "" {
			return a, nil
		}
		return nil, &AbsentError{of.host, "address." + network, WhyNoAddress}
	case factSet:
		name, _ := args[1].(string)
		v := of.lookup(name)
		if v.Absent != "" {
			return nil, &AbsentError{"", name, v.Absent}
		}
		return normal(v.V), nil
	case map[string]any:
		name, _ := args[1].(string)
		v, ok := of[name]
		if !ok {
			return nil, fmt.Errorf("there is no %v here", args[1])
		}
		return v, nil
	}
	list, ok := normal(args[0]).([]any)
	if !ok {
		return nil, fmt.Errorf("%s has no field %v", kindName(args[0]), args[1])
	}
	i, ok := normal(args[1]).(int)
	if !ok {
		return nil, fmt.Errorf("a list has no field %v; take one with [0], or filter(), map() over it", args[1])
	}
	if i < 0 {
		i += len(list)
	}
	if i < 0 || i >= len(list) {
		return nil, fmt.Errorf("the list has %d, number %v is not among them", len(list), args[1])
	}
	return list[i], nil
}

// fnEqual is every ==; things of different kinds are an error, for "5" == 5 is a mistake and
// no "false". A host equals its name.
func fnEqual(args ...any) (any, error) { return equal(args[0], args[1]) }

func equal(a, b any) (bool, error) {
	a, b = normal(a), normal(b)
	if a == nil || b == nil {
		return a == nil && b == nil, nil
	}
	if h, ok := a.(*hostObject); ok {
		a = h.name
	}
	if h, ok := b.(*hostObject); ok {
		b = h.name
	}
	switch x := a.(type) {
	case string:
		if y, ok := b.(string); ok {
			return x == y, nil
		}
	case bool:
		if y, ok := b.(bool); ok {
			return x == y, nil
		}
	case int:
		switch y := b.(type) {
		case int:
			return x == y, nil
		case float64:
			return float64(x) == y, nil
		}
	case float64:
		switch y := b.(type) {
		case int:
			return x == float64(y), nil
		case float64:
			return x == y, nil
		}
	case []any:
		y, ok := b.([]any)
		if !ok {
			break
		}
		if len(x) != len(y) {
			return false, nil
		}
		for i := range x {
			if same, err := equal(x[i], y[i]); err != nil || !same {
				return false, err
			}
		}
		return true, nil
	}
	return false, fmt.Errorf("%s is compared with %s", kindName(a), kindName(b))
}

// fnIn is every `in`: an element of a list, a key of a map.
func fnIn(args ...any) (any, error) {
	if m, ok := args[1].(map[string]any); ok {
		name, ok := args[0].(string)
		_, has := m[name]
		return ok && has, nil
	}
	list, ok := normal(args[1]).([]any)
	if !ok {
		return nil, fmt.Errorf("in wants a list, this is %s", kindName(args[1]))
	}
	for _, e := range list {
		if same, err := equal(args[0], e); err != nil || same {
			return same, err
		}
	}
	return false, nil
}

// fnSome is around the list of all() and none(): over nothing, both would be true of anything.
func fnSome(args ...any) (any, error) {
	list, ok := normal(args[0]).([]any)
	if !ok {
		return nil, fmt.Errorf("%v() wants a list, this is %s", args[1], kindName(args[0]))
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%v() over an empty list says nothing", args[1])
	}
	return list, nil
}

// fnRound is around what filter(), map() … do for each; an expression that goes round too
// often is no expression about some hosts.
func fnRound() func(args ...any) (any, error) {
	rounds := 0
	return func(args ...any) (any, error) {
		if rounds++; rounds > mostExprRounds {
			return nil, errors.New("it goes round too often")
		}
		return args[0], nil
	}
}

// of returns the fact that known() or why() asks about.
func of(what, name any) (Value, error) {
	n, ok := name.(string)
	if !ok {
		return Value{}, errors.New("the fact's name is wanted as a text")
	}
	switch w := what.(type) {
	case *hostObject:
		v, err := w.field(n)
		if a := (*AbsentError)(nil); errors.As(err, &a) {
			return Value{Absent: a.Why}, nil
		}
		return Value{V: v}, err
	case factSet:
		return w.lookup(n), nil
	}
	return Value{}, fmt.Errorf("a host is wanted, this is %s", kindName(what))
}

// fnKnown is known(host, "fact"): whether the value is there; and known(hosts, "fact"): the
// values of those where it is.
func fnKnown(args ...any) (any, error) {
	if len(args) != 2 {
		return nil, errors.New(`known(host, "fact") takes two`)
	}
	list, ok := normal(args[0]).([]any)
	if !ok {
		v, err := of(args[0], args[1])
		return v.Absent == "", err
	}
	values := []any{}
	for _, e := range list {
		v, err := of(e, args[1])
		if err != nil {
			return nil, err
		}
		if v.Absent == "" {
			values = append(values, normal(v.V))
		}
	}
	return values, nil
}

// fnWhy is why(host, "fact"): the reason why it is absent, "" when it is known.
func fnWhy(args ...any) (any, error) {
	if len(args) != 2 {
		return nil, errors.New(`why(host, "fact") takes two`)
	}
	v, err := of(args[0], args[1])
	return v.Absent, err
}

// fnUnique is unique(list): each value once, in the order of their first appearance.
func fnUnique(args ...any) (any, error) {
	if len(args) != 1 {
		return nil, errors.New("unique(list) takes one")
	}
	list, ok := normal(args[0]).([]any)
	if !ok {
		return nil, fmt.Errorf("unique() wants a list, this is %s", kindName(args[0]))
	}
	out := []any{}
next:
	for _, e := range list {
		for _, have := range out {
			same, err := equal(e, have)
			if err != nil {
				return nil, err
			}
			if same {
				continue next
			}
		}
		out = append(out, e)
	}
	return out, nil
}

// plainValue is a value for outside: hosts by name.
func plainValue(v any) any {
	switch v := normal(v).(type) {
	case *hostObject:
		return v.name
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = plainValue(e)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = plainValue(e)
		}
		return out
	default:
		return v
	}
}

// fnWaived is waived(host) or waived("name"), with the id of the waive step where only that
// one counts.
func fnWaived(waived func(name, step string) bool) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		if len(args) != 1 && len(args) != 2 {
			return nil, errors.New("waived(host) takes one, or two with the step")
		}
		step := ""
		if len(args) == 2 {
			var ok bool
			if step, ok = args[1].(string); !ok {
				return nil, errors.New("the waive step's id is wanted as a text")
			}
		}
		name, err := text(args[0])
		if err != nil {
			return nil, err
		}
		return waived != nil && waived(name, step), nil
	}
}
