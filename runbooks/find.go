package runbooks

import _ "embed" // signatures.yaml, scan.yaml

// Signatures is signatures.yaml: what a line of a log means and which runbook deals with it.
// The package signatures reads it.
//
//go:embed signatures.yaml
var Signatures []byte

// Scan is scan.yaml: what "stackhand diagnose --scan" looks at on the hosts. The package
// signatures reads it.
//
//go:embed scan.yaml
var Scan []byte
