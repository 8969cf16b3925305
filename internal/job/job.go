// Package job is what runs on a host: probes, which only read and end with the call, and
// jobs, which live on until they end, whoever watches. It has the data that the engine and
// internal/remote exchange, and the table that says what became of a job. It may import
// nothing but the standard library.
package job

import "time"

// Probe is a shell text that only reads. It arrives on stdin of a fixed command; its
// children have an empty stdin.
type Probe struct {
	Script string        // POSIX shell, parameters and secrets already in it as quoted, unexported variables
	Limit  time.Duration // 0: 30 s
	Most   int           // bytes kept of each stream; 0: 1 MiB
	Sudo   bool          // as root
}

// Output is what a probe gave. A probe that ran and failed has a non-zero Exit and no error.
type Output struct {
	Stdout, Stderr []byte
	Exit           int  // exit status; 128+n when a signal ended it
	Cut            bool // more was printed than was kept
}

// Spec is a job to be put on a host.
type Spec struct {
	ID      string            // run id + "-" + seq of its intent: [a-z0-9-]+, never used again
	Run     string            // the run, which must hold the host's claim
	Script  string            // POSIX shell, or with a #! line
	Secrets map[string][]byte // files under /run/stackhand/ID/, never in the script
	Boot    string            // when set: start only if this is still the host's boot_id
	Sudo    bool
}

// Look is what was found of a job on its host, raw.
type Look struct {
	Prepared  bool   // ID/ is there
	SHA       string // of the script found, hex
	Exit      bool   // ID/exit is there and whole
	Code      int
	Bytes     int64 // of out, as exit says
	Boot      string
	Unit      bool   // the transient service is active, or still stopping
	Running   bool   // ID/running is there
	RunBoot   string // boot_id that ID/running names
	Alive     bool   // the pid in ID/running lives, with the start time noted there
	Stop      bool   // a stop was requested
	Claim     bool   // ID/claim is there
	Revoked   bool   // the claim was taken so that nothing may start
	ClaimAge  time.Duration
	Size      int64 // of out now
	ClaimBoot string
}

// State is what became of a job.
type State string

// The states of a job. Only Running and Starting are no end; that a host is silent is none
// either, and tells nothing about its jobs.
//
//	absent ──prepare──> prepared ──claim──> starting ──> running ──> done
//	                       │                   │            ├──> stopped   (asked to)
//	                       └──> revoked        └──> revoked ├──> lost      (died without a word)
//	                       (never began: may be made anew)  └──> rebooted  (the host went down under it)
const (
	Absent   State = "absent"   // nothing on the host
	Prepared State = "prepared" // files there, nobody may have started it yet
	Starting State = "starting" // claimed less than NeverBegan ago, nothing seen of it yet
	Running  State = "running"
	Done     State = "done"
	Stopped  State = "stopped"
	Lost     State = "lost"
	Rebooted State = "rebooted"
	Revoked  State = "revoked" // never began, and now never will
	Unbegun  State = "unbegun" // claimed, nothing seen after NeverBegan: to be revoked before anything else
)

// NeverBegan is how long a claim without any other sign is still a start under way.
const NeverBegan = 10 * time.Second

// Judge says what became of a job from what was found, in the order that the design gives
// ("A job on a host"): the first line that fits wins.
func Judge(l Look) State {
	switch {
	case !l.Prepared:
		return Absent
	case l.Exit:
		return Done // even if the host was rebooted since
	case l.Revoked:
		return Revoked
	case l.Running && l.RunBoot != l.Boot,
		l.Claim && !l.Running && l.ClaimBoot != "" && l.ClaimBoot != l.Boot:
		return Rebooted
	case l.Unit, l.Running && l.Alive:
		return Running
	case l.Stop:
		return Stopped
	case l.Running:
		return Lost
	case l.Claim && l.ClaimAge >= NeverBegan:
		return Unbegun
	case l.Claim:
		return Starting
	}
	return Prepared
}
