// Look shows the screens over a stage, for people who change them:
//
//	go run ./ui/testdata/look [-lang ko] [-ascii] [-bad] [-key] [-pace 300ms] [-root DIR]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"stackhand/internal/i18n"
	"stackhand/ui"
	"stackhand/ui/internal/stage"
)

func main() {
	lang := flag.String("lang", "en", "en or ko")
	ascii := flag.Bool("ascii", false, "only ASCII signs")
	bad := flag.Bool("bad", false, "a host cannot be reached")
	key := flag.Bool("key", false, "a host shows an unknown key")
	pace := flag.Duration("pace", 300*time.Millisecond, "how long things take")
	root := flag.String("root", "", "directory of the runs; empty: a new one")
	flag.Parse()
	if *root == "" {
		dir, err := os.MkdirTemp("", "look-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer os.RemoveAll(dir)
		*root = dir
	}
	ctx, cancel := context.WithCancel(context.Background())
	b := &stage.Backend{Root: *root, Pace: *pace, Bad: *bad, Key: *key}
	err := ui.Run(ctx, ui.Options{Backend: b, Lang: i18n.Lang(*lang), ASCII: *ascii})
	cancel()
	b.Wait()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
