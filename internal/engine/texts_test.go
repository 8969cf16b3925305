package engine

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"

	"stackhand/internal/i18n"
	"stackhand/internal/job"
	"stackhand/internal/run"
)

func catalogues() []*i18n.Catalogue {
	return []*i18n.Catalogue{i18n.For(i18n.English), i18n.For(i18n.Korean)}
}

// TestEveryProblemHasTexts reads the codes out of the engine's source.
func TestEveryProblemHasTexts(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`"(engine\.[a-z.]+[a-z])"`).FindAllStringSubmatch(string(src), -1) {
			if m[1] == "engine.job" {
				continue
			}
			seen++
			for _, c := range catalogues() {
				if what := c.Problems[m[1]]; what.What == "" || what.Next == "" {
					t.Errorf("%s: %s has no text", f, m[1])
				}
			}
		}
	}
	for _, s := range []job.State{job.Lost, job.Rebooted} {
		for _, c := range catalogues() {
			if c.Problems["engine.job."+string(s)].What == "" {
				t.Errorf("engine.job.%s has no text", s)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d codes found", seen)
	}
}

// TestEditedScript: what the operator wrote runs, on that host only; and where it is gone, the
// old one does not run in its place.
func TestEditedScript(t *testing.T) {
	for _, lose := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, one("    run: mock exit-unless never\n    verify: [{probe: mock has done}]\n"), "a")
			asked := 0
			r.answer = func(q *run.QuestionView) run.Command {
				asked++
				switch {
				case asked == 1:
					return run.Command{Do: "answer", Value: "edit", Script: "mock ledger edited\nmock exit-unless never"}
				case asked == 2 && lose:
					if err := os.RemoveAll(filepath.Join(r.dir.Path(), "edits")); err != nil {
						t.Error(err)
					}
					return run.Command{Do: "answer", Value: "retry"}
				}
				return run.Command{Do: "answer", Value: "skip", Reason: "enough"}
			}
			st := ends(t, r, "done")
			jobs := len(st.Unit(run.Unit{Step: "work", Host: "a"}).Jobs)
			if jobs != 2 || r.w.hosts["a"].ledger["edited"] != 1 {
				t.Errorf("%d jobs, the edited script ran %d times", jobs, r.w.hosts["a"].ledger["edited"])
			}
		})
	}
}
