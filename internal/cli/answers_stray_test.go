package cli

import (
	"strings"
	"syscall"
	"testing"
)

// TestAnswersCheckStrays: a file that does not look like what its name says is checked as
// that, and told line by line; a named pipe that nobody writes to ends the command, too.
func TestAnswersCheckStrays(t *testing.T) {
	answersHome(t)
	for name, text := range map[string]string{
		"my.globals.yml":  "kolla_internal_vip_address=192.0.2.30\n",
		"Globals.yml":     "- a\n- b\n",
		"my-globals.yml":  "\xff\xfek\x00o\x00:\x00 \x00a\x00\n\x00",
		"b.passwords.yml": "database_password = x\n",
		"site-multinode":  "control\n",
		"settings.yaml":   "a: [}\n",
	} {
		put(t, name, text)
		if out, errs, status := cmdline(t, "", "answers", "check", name); status != 2 || !strings.Contains(out, name+":1:") {
			t.Errorf("%s: %d %s%s", name, status, out, errs)
		}
		if out, errs, status := cmdline(t, "", "answers", "check", "--json", name); status != 2 || !strings.Contains(out, `"severity":"error"`) {
			t.Errorf("%s: %d %s%s", name, status, out, errs)
		}
	}
	if err := syscall.Mkfifo("pipe", 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status := cmdline(t, "", "answers", "check", "pipe"); status != 2 || !strings.Contains(errs, "--format") {
		t.Errorf("%d %s", status, errs)
	}
}
