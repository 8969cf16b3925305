package run

import (
	"regexp"
	"strings"

	"stackhand/internal/i18n"
	"stackhand/steps"
)

// A title may name what is known only once the run is on its way: `Start a NEW cluster from
// {newest}`. It is filled when the units of its step are fixed, and stays so.

// placeholder finds {name}, and not ${name}.
func placeholder() *regexp.Regexp { return regexp.MustCompile(`(^|[^$])\{([a-z_][a-z0-9_]*)\}`) }

// fillTitle puts in what the run knows: lets and answers of the step's own procedure,
// parameters, and the items and hosts of its units.
func (s *State) fillTitle(st *StepView, units []Unit) {
	if !strings.Contains(st.Title.En+st.Title.Ko, "{") {
		return
	}
	var items, hosts []string
	for _, u := range units {
		items, hosts = once(items, u.Item), once(hosts, u.Host)
	}
	st.titleOf = fill(st.Title, func(name string) (string, bool) {
		if name == "item" || name == "host_name" {
			return "", false // each unit's own
		}
		if v, ok := s.Lets[PathOf(st.ID)+name]; ok {
			return Reading{Value: steps.Value{V: v}}.Text(i18n.For(i18n.English)), true
		}
		if v, ok := s.Run.Params[name]; ok && PathOf(st.ID) == "" {
			return v, true
		}
		return "", false
	})
	st.Title = fill(st.titleOf, theirs(strings.Join(items, ", "), strings.Join(hosts, ", ")))
}

// theirs are the names that stand for the items and hosts of units.
func theirs(item, host string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		switch name {
		case "item":
			return item, item != ""
		case "host_name":
			return host, host != ""
		}
		return "", false
	}
}

// fill puts what is known into a text.
func fill(t i18n.Text, known func(string) (string, bool)) i18n.Text {
	at := placeholder()
	one := func(text string) string {
		return at.ReplaceAllStringFunc(text, func(m string) string {
			part := at.FindStringSubmatch(m)
			if v, ok := known(part[2]); ok {
				return part[1] + v
			}
			return m
		})
	}
	return i18n.Text{En: one(t.En), Ko: one(t.Ko)}
}

// UnitName is the title of a unit's step with the unit's own item and host in it, where that of the step
// (StepView.Name) has those of all its units; the step's id when it has no title.
func (s *State) UnitName(u Unit, l i18n.Lang) string {
	st := s.Step(u.Step)
	switch {
	case st == nil:
		return u.Step
	case st.titleOf.Empty():
		return st.Name(l)
	}
	return unfilled(fill(st.titleOf, theirs(u.Item, u.Host)).In(l))
}

func once(list []string, s string) []string {
	if s == "" {
		return list
	}
	for _, l := range list {
		if l == s {
			return list
		}
	}
	return append(list, s)
}

// unfilled is a title with what is not known yet left open.
func unfilled(title string) string {
	if !strings.Contains(title, "{") {
		return title
	}
	return placeholder().ReplaceAllString(title, "$1…")
}
