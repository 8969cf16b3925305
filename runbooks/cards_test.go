package runbooks_test

import (
	"os/exec"
	"strings"
	"testing"

	"stackhand/runbooks"
	"stackhand/steps"
)

// TestCardsAreShell: what a card has typed at a host's console is a script that bash can read.
func TestCardsAreShell(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash here")
	}
	n := 0
	for _, id := range append([]string{"galera-recovery"}, mine...) {
		p, err := steps.Load(runbooks.Library(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Steps {
			if s.Hand == nil {
				continue
			}
			n++
			cmd := exec.Command(bash, "-n")
			cmd.Stdin = strings.NewReader(strings.Join(s.Hand.Type, "\n"))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s, step %s: %v: %s", p.ID, s.ID, err, out)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d cards", n)
	}
}
