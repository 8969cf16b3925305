package secret

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
)

func TestEnsureGivesEverybodyTheSameValue(t *testing.T) {
	home := t.TempDir()
	var wg sync.WaitGroup
	got := make([]string, 8)
	for i := range got {
		wg.Go(func() {
			s, err := Open(home, "east")
			if err != nil {
				t.Error(err)
				return
			}
			got[i], err = s.Ensure("db_password", func() (string, error) { return strings.Repeat(string(rune('a'+i)), 20), nil })
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for _, v := range got {
		if v != got[0] || v == "" {
			t.Fatalf("two values for one name: %q", got)
		}
	}
	s, _ := Open(home, "east")
	if info, err := os.Stat(s.Path()); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	if v, ok := s.Get("db_password"); !ok || v != got[0] {
		t.Fatalf("after reading again: %q", v)
	}
}

func TestTypedSecretsStayInMemory(t *testing.T) {
	home := t.TempDir()
	s, _ := Open(home, "east")
	s.Put("db_password", "typed-by-hand")
	if _, err := s.Ensure("other", func() (string, error) { return "generated", nil }); err != nil {
		t.Fatal(err)
	}
	data, _ := os.ReadFile(s.Path())
	if strings.Contains(string(data), "typed-by-hand") {
		t.Fatal("a typed secret was written down")
	}
	if again, _ := Open(home, "east"); len(again.All()) != 1 {
		t.Fatalf("after reading again: %d names", len(again.All()))
	}
}

func TestRefusesWhatOthersMayReadAndWhatIsBroken(t *testing.T) {
	home := t.TempDir()
	s, _ := Open(home, "east")
	if _, err := s.Ensure("a", func() (string, error) { return "secret-value", nil }); err != nil {
		t.Fatal(err)
	}
	os.Chmod(s.Path(), 0o644)
	if _, err := Open(home, "east"); err == nil {
		t.Error("a world-readable store was opened")
	}
	os.Chmod(s.Path(), 0o600)
	os.WriteFile(s.Path(), []byte(`{"a": "secret-value"`), 0o600)
	if _, err := Open(home, "east"); err == nil || strings.Contains(err.Error(), "secret-value") {
		t.Errorf("a broken store: %v", err)
	}
	if _, err := Open(home, "../east"); err == nil {
		t.Error("a name with a path was taken")
	}
	if _, err := s.Ensure("b", func() (string, error) { return "", errors.New("no entropy") }); err == nil {
		t.Error("an error of the generator was lost")
	}
}
