package cli

import "stackhand/internal/lab/set"

// Drill is a fault with the runbook against it and the answers of somebody who read what was
// shown. Line mode and the full screen give the same.
type Drill struct {
	Fault, Set, Runbook string
	Decide              []string
}

// Drills are those that TestDrillsGalera and TestDrillsNetwork lead in line mode, for the tests
// outside of the package.
func Drills() (all []Drill) {
	for _, c := range galeraDrills() {
		all = append(all, Drill{c.fault, set.Galera, c.runbook, c.decide})
	}
	for _, c := range networkDrills() {
		all = append(all, Drill{c.fault, set.Network, c.runbook, c.decide})
	}
	return all
}
