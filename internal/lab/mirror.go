package lab

import (
	"bytes"
	"context"
	"fmt"
	"net/url"
	"os/exec"
	"slices"
	"strings"

	"stackhand/internal/problem"
)

// release is the Debian that practice hosts run.
const release = "bookworm"

// mirror is one package archive as the machine's own apt knows it.
type mirror struct {
	Suite string `json:"suite"` // bookworm, bookworm-updates, bookworm-security
	URL   string `json:"url"`   // without a slash at the end
}

// inside is the address as hosts of the lab use it: plain http to the same name, which
// their hosts file sends to the relay.
func (m mirror) inside() string {
	u, err := url.Parse(m.URL)
	if err != nil {
		return m.URL // readMirrors parsed it before
	}
	return "http://" + u.Hostname() + u.Path
}

// sources writes a sources.list.
func sources(ms []mirror, address func(mirror) string) string {
	var b strings.Builder
	for _, m := range ms {
		fmt.Fprintf(&b, "deb %s %s main\n", address(m), m.Suite)
	}
	return b.String()
}

// readMirrors asks the machine's apt where its Debian comes from.
func readMirrors(ctx context.Context) ([]mirror, error) {
	out, err := exec.CommandContext(ctx, "apt-get", "indextargets", "--format",
		"$(CREATED_BY) $(COMPONENT) $(RELEASE) $(REPO_URI)").Output()
	if err != nil {
		return nil, problem.New(NoMirror, "", err, "release", release)
	}
	ms := parseMirrors(out)
	if len(ms) == 0 {
		return nil, problem.New(NoMirror, "", nil, "release", release)
	}
	return ms, nil
}

// parseMirrors picks the main archives of the release. Without the release itself the
// answer is none.
func parseMirrors(out []byte) []mirror {
	wanted := []string{release, release + "-updates", release + "-security"}
	var ms []mirror
	for line := range bytes.Lines(out) {
		f := strings.Fields(string(line))
		if len(f) != 4 || f[0] != "Packages" || f[1] != "main" || !slices.Contains(wanted, f[2]) {
			continue
		}
		u, err := url.Parse(f[3])
		if err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
			continue
		}
		m := mirror{f[2], strings.TrimRight(f[3], "/")}
		if !slices.ContainsFunc(ms, func(o mirror) bool { return o.Suite == m.Suite }) {
			ms = append(ms, m)
		}
	}
	if !slices.ContainsFunc(ms, func(m mirror) bool { return m.Suite == release }) {
		return nil
	}
	return ms
}

// mirrorHosts are the names that hosts send to the relay, in order, each once.
func mirrorHosts(ms []mirror) []string {
	var names []string
	for _, m := range ms {
		if u, err := url.Parse(m.URL); err == nil && !slices.Contains(names, u.Hostname()) {
			names = append(names, u.Hostname())
		}
	}
	return names
}
