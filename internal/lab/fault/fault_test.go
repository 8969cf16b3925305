package fault

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"stackhand/internal/i18n"
	"stackhand/internal/lab"
	"stackhand/internal/lab/labtest"
	"stackhand/internal/lab/set"
	"stackhand/internal/problem"
)

// cheap are the faults that are made and healed within seconds; STACKHAND_LONG=1 makes all.
var cheap = []string{"galera-one-alive", "db-host-blocked", "db-unreachable", "half-dead-host", "half-dead-read-only", "half-dead-stuck", "lbaas-duplicate-namespace", "proxy-arp-lost"}

// served are the faults with which the set looks whole: its services go on.
var served = []string{"half-dead-host", "half-dead-stuck", "db-firewall", "amqp-account-refused", "amqp-no-rights", "amqp-proxied", "amqp-firewall"}

func TestEveryFaultHasWords(t *testing.T) {
	for _, l := range []i18n.Lang{i18n.English, i18n.Korean} {
		words := i18n.For(l).Lab.Practice.Faults
		for _, n := range EveryName() {
			if words[n] == "" {
				t.Errorf("%s: no line for %s", l, n)
			}
		}
		if len(words) != len(EveryName()) {
			t.Errorf("%s: %d lines for %d faults", l, len(words), len(EveryName()))
		}
	}
}

func TestGaleraFaults(t *testing.T)  { testFaults(t, set.Galera) }
func TestNetworkFaults(t *testing.T) { testFaults(t, set.Network) }

// testFaults makes all faults of a set in one lab: each is there after Break, is refused a
// second time, and is gone after Heal, with the rows that clients were promised.
func testFaults(t *testing.T, name string) {
	if err := lab.CanRun("mmdebstrap"); err != nil {
		t.Skipf("no practice hosts here: %v", err)
	}
	long := os.Getenv("STACKHAND_LONG") != ""
	l, stop, err := labtest.MakeSet(name, set.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	for _, f := range Every() {
		if f.Set != name || !long && !slices.Contains(cheap, f.Name) {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 15*time.Minute) // several labs on few cores
			defer cancel()
			if now, _ := Now(l); now != nil { // of a fault before that failed: the next begins afresh
				labtest.Reset(t, l)
				if err := Forget(l); err != nil {
					t.Fatal(err)
				}
			}
			start := time.Now()
			rec, err := Break(ctx, l, f.Name, "")
			if err != nil {
				t.Fatal(err)
			}
			broken := time.Since(start)
			if f.Name != "galera-heals-itself" && f.Name != "galera-slow-sst" { // these pass by themselves
				if missing, err := Check(ctx, l, f.Name); err != nil || missing != "" {
					t.Errorf("the fault did not stay: %s %v", missing, err)
				}
				if missing, err := set.Ready(ctx, l); (err != nil || missing == "") && !slices.Contains(served, f.Name) {
					t.Errorf("the set is whole with the fault: %v", err)
				}
			}
			if _, err := Break(ctx, l, f.Name, ""); !problem.Is(err, Present) {
				t.Errorf("a second time: %v", err)
			}
			start = time.Now()
			if err := Heal(ctx, l, f.Name); err != nil {
				t.Fatal(err)
			}
			t.Logf("broken in %.1f s, healed in %.1f s", broken.Seconds(), time.Since(start).Seconds())
			missing := ""
			err = set.Of(l).Until(ctx, 2*time.Minute, func() bool { // one look may take longer than its limit
				missing, err = set.Ready(ctx, l)
				return err == nil && missing == ""
			})
			if err != nil {
				t.Errorf("not whole after Heal: %s %v", missing, err)
			}
			if rec.Rows > 0 {
				out, err := l.Run(ctx, set.Client, `mysql -NBe 'SELECT COUNT(*) FROM nova.instances'`)
				if n, cerr := strconv.Atoi(strings.TrimSpace(out)); err != nil || cerr != nil || n < rec.Rows {
					t.Errorf("%q rows after Heal, clients were told of %d: %v", out, rec.Rows, err)
				}
			}
			if err := Heal(ctx, l, f.Name); !problem.Is(err, NotPresent) {
				t.Errorf("healed again: %v", err)
			}
		})
	}
}

// What cannot be made is refused before anything is touched.
func TestRefusals(t *testing.T) {
	l, err := lab.Open(lab.Config{Name: "none", Base: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Break(t.Context(), l, "no-such-fault", ""); !problem.Is(err, Unknown) {
		t.Errorf("unknown: %v", err)
	}
	if _, err := Break(t.Context(), l, "proxy-arp-lost", ""); !problem.Is(err, OtherSet) {
		t.Errorf("no such set: %v", err)
	}
	if err := Heal(t.Context(), l, "proxy-arp-lost"); !problem.Is(err, NotPresent) {
		t.Errorf("nothing to heal: %v", err)
	}
}
