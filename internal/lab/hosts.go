package lab

import (
	"path/filepath"
	"time"
)

// Options are for Up. Those of a lab that is there already must agree with it.
type Options struct {
	Hosts     []string // names; empty: those the lab has, or ctl1, cmp1, cmp2
	Image     string   // Bare or Services; empty: what the lab has, or Bare
	RealPower bool     // a disk of its own for each host: a power cut loses what was not synced
	DiskMiB   int      // of that disk; 0: 4096

	// What follows counts when the lab is made.
	Set     string              // what the hosts are practised on for; see internal/lab/set
	Subnet  string              // as in Config; empty: that of Config
	Roles   map[string][]string // host -> its roles in site.yaml; those missing have roles by their names
	Virtual []Virtual           // virtual addresses, for site.yaml
}

// Virtual is an address that one of several hosts holds.
type Virtual struct {
	Name  string   `json:"name"`
	Octet int      `json:"octet"` // last byte of the address; hosts have 11 to 99
	Hosts []string `json:"hosts"`
}

// Power is whether a host has it.
//
//	off ──PowerOn──▶ on ──"reboot" in the host──▶ on (another boot)
//	 ▲                │
//	 └── "poweroff" in the host, PowerCut, the supervisor killed
type Power string

// The states of a host's power.
const (
	On  Power = "on"
	Off Power = "off"
)

// Ending is how a boot ended.
type Ending string

// How a boot ends. In a pid namespace reboot(2) ends PID 1 with SIGHUP for a restart and
// with SIGINT for halt and poweroff (reboot(2), "Behavior inside PID namespaces").
const (
	EndReboot   Ending = "reboot"
	EndPowerOff Ending = "poweroff"
	EndCut      Ending = "cut"
	EndKilled   Ending = "killed" // by something that was not us
	EndFailed   Ending = "failed" // never came up
)

// state is state.json of a host, written by its supervisor.
type state struct {
	Boots int       `json:"boots"`
	Since time.Time `json:"since"` // of this boot, or of the end
	Last  Ending    `json:"last,omitempty"`
}

func (l *Lab) statePath(host string) string { return filepath.Join(l.hostDir(host), "state.json") }
func (l *Lab) initPath(host string) string  { return filepath.Join(l.hostDir(host), "init.pid") }

// HostStatus is what is seen of a host.
type HostStatus struct {
	Host
	Power  Power
	Net    bool // its cable is in
	Boots  int
	Since  time.Time // of the boot, or of the power's end
	Last   Ending    // how the boot before ended; empty when there was none
	Answer bool      // sshd answers and we get in
}
