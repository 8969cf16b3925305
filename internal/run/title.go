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
	known := func(name string) (string, bool) {
		switch name {
		case "item":
			return strings.Join(items, ", "), len(items) > 0
		case "host_name":
			return strings.Join(hosts, ", "), len(hosts) > 0
		}
		if v, ok := s.Lets[PathOf(st.ID)+name]; ok {
			return Reading{Value: steps.Value{V: v}}.Text(i18n.For(i18n.English)), true
		}
		if v, ok := s.Run.Params[name]; ok && PathOf(st.ID) == "" {
			return v, true
		}
		return "", false
	}
	at := placeholder()
	fill := func(text string) string {
		return at.ReplaceAllStringFunc(text, func(m string) string {
			part := at.FindStringSubmatch(m)
			if v, ok := known(part[2]); ok {
				return part[1] + v
			}
			return m
		})
	}
	st.Title = i18n.Text{En: fill(st.Title.En), Ko: fill(st.Title.Ko)}
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
