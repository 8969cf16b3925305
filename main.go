// Stackhand installs an OpenStack cloud step by step over SSH, and brings a broken one back.
package main

import (
	"os"

	"stackhand/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
