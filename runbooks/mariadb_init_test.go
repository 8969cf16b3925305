package runbooks_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// An initialisation that was cut off and is tried again overwrites nothing of what the first attempt moved aside.
func TestInitialiseTwice(t *testing.T) {
	d := newDB(t)
	d.put("bin/mariadb-install-db", "#!/bin/sh\nfor a; do case $a in --datadir=*) echo new >\"${a#--datadir=}/ibdata1\" ;; esac; done\n[ -e '"+d.dir+"/twice' ]\n")
	script := newFlow(t, "mariadb-will-not-start", "database", nil).step("initialise").Script.All
	run := func() error {
		cmd := exec.CommandContext(t.Context(), "sh", "-c", script)
		cmd.Env = []string{"PATH=" + d.dir + "/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "run_id=run", "data=" + d.data}
		return cmd.Run()
	}
	if run() == nil {
		t.Error("it was not cut off")
	}
	d.put("twice", "")
	if err := run(); err != nil {
		t.Fatal(err)
	}
	found := false
	files, err := filepath.Glob(d.data + ".run/ibdata1*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		found = found || string(text) == "rows"
	}
	if !found {
		t.Errorf("the old data is not among %q", files)
	}
}
