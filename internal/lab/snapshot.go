package lab

import (
	"time"

	"stackhand/internal/problem"
)

// A snapshot is a copy of the disks of all hosts of a lab, taken while they are off.
//
//	LAB/snapshots/NAME/snapshot.json, HOST/upper or HOST/disk.img
//
// Restoring one puts the disks back; those that were there become the snapshot before-NAME.

// Problem codes of snapshots.
const (
	HostsOn         problem.Code = "lab.snapshot.on"      // hosts
	NoSnapshot      problem.Code = "lab.snapshot.missing" // name, known
	SnapshotThere   problem.Code = "lab.snapshot.taken"   // name, at
	SnapshotConfirm problem.Code = "lab.snapshot.confirm" // name, hosts, at, kept
	SnapshotOther   problem.Code = "lab.snapshot.other"   // name
)

// Snapshot is a saved state of all disks.
type Snapshot struct {
	Name    string    `json:"name"`
	At      time.Time `json:"at"`
	Hosts   []string  `json:"hosts"`
	Version string    `json:"version"` // of the image that the disks lie on
	Real    bool      `json:"real_power_loss,omitempty"`
}
