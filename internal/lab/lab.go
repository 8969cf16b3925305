// Package lab makes practice hosts: real Linux hosts on one machine, each a set of
// namespaces with systemd as PID 1, sshd, an address, a boot_id, an uptime and a disk of
// its own. Power can be cut and given back, the network cable pulled; the disk stays.
//
// It may import internal/site, to write a site.yaml, and internal/problem; no other room.
//
// # How it hangs together
//
//	netns NAME            a bridge with SUBNET.1 and a port for each host; no leg in the machine's own network
//	relay (a process)     listens on SUBNET.1:80 inside, asks the machine's package mirror from outside
//	supervisor (one for   boots its host, boots it again when it reboots, and ends when it is powered off;
//	each host)            a session of its own, so that hosts outlive the command that made them
//	cgroup NAME           .../.stackhand for supervisors and relay, .../HOST for all of a host: a power cut
//	                      is a write to cgroup.kill, and so is the end of the whole lab
//
// A host's namespaces, mounts and veth exist only as long as its processes do; the network
// namespace of the lab and the cgroups are the only things that a dead lab leaves in the
// kernel, and Down finds them by the lab's name.
//
//	BASE/                 $STACKHAND_LAB, or $XDG_CACHE_HOME/stackhand/lab, or ~/.cache/stackhand/lab
//	  images/             root file systems, shared by all labs, read-only
//	  NAME/               one lab
//	    lab.json          what it is made of
//	    site.yaml id_ed25519 known_hosts
//	    hosts/HOST/       its disk (upper, or disk.img), host key, console.log, supervisor.log, state.json
package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/renameio/v2"

	"stackhand/internal/problem"
)

// DefaultName is the lab that commands mean when they name none.
const DefaultName = "stackhand-lab"

// Problem codes; texts are in internal/i18n.
const (
	NotLinux      problem.Code = "lab.machine.system" // system
	NotRoot       problem.Code = "lab.machine.root"   // no arguments
	NoRights      problem.Code = "lab.machine.rights" // missing
	NoTool        problem.Code = "lab.machine.tool"   // tool, package
	NoCgroup      problem.Code = "lab.machine.cgroup" // no arguments
	BadPath       problem.Code = "lab.path.unusable"  // path
	BadName       problem.Code = "lab.name.invalid"   // name
	NameTaken     problem.Code = "lab.name.taken"     // name, path
	NoLab         problem.Code = "lab.lab.missing"    // name
	NoHost        problem.Code = "lab.host.missing"   // known
	HostOff       problem.Code = "lab.host.off"       // no arguments
	BootFailed    problem.Code = "lab.host.boot"      // log
	NoAnswer      problem.Code = "lab.host.silent"    // seconds
	NotDown       problem.Code = "lab.host.lingering" // seconds
	OtherImage    problem.Code = "lab.image.other"    // image, wanted
	NoMirror      problem.Code = "lab.image.mirror"   // release
	ImageFailed   problem.Code = "lab.image.build"    // image, log
	ImageBusy     problem.Code = "lab.image.busy"     // image
	ImageGone     problem.Code = "lab.image.gone"     // image
	LabOff        problem.Code = "lab.lab.off"        // name
	UnknownImage  problem.Code = "lab.image.unknown"  // image, known
	CommandFailed problem.Code = "lab.command.failed" // command
	LeftBehind    problem.Code = "lab.down.left"      // what
	Full          problem.Code = "lab.lab.full"       // most
	OtherPower    problem.Code = "lab.disk.other"     // no arguments
	OtherSet      problem.Code = "lab.set.other"      // set, wanted
)

// Config says which lab is meant and what works for it. Empty fields have defaults.
type Config struct {
	Name string // DefaultName; [a-z][a-z0-9-]*, at most 40 bytes
	Base string // the directory of all labs and images; Base()
	// Subnet is the first three bytes of its addresses, "10.77.0"; a lab of another name
	// gets another one of 10.77.0.0/16. It matters only when the lab is made. Two labs may
	// have the same: they do not see each other.
	Subnet string
	// Executable is the stackhand binary that supervises hosts; the running one.
	Executable string
	// Notify is told what is going on, for somebody who waits; may be nil.
	Notify func(Note)
}

// Note is something that happened while somebody waited.
type Note struct {
	Kind  NoteKind
	Host  string
	Image string
	Took  time.Duration
}

// NoteKind names a Note.
type NoteKind string

// The kinds of notes.
const (
	NoteImageBuild NoteKind = "image.build" // an image is being built: a minute
	NoteImageWait  NoteKind = "image.wait"  // somebody else builds it
	NoteImageReady NoteKind = "image.ready"
	NotePowerOn    NoteKind = "power.on"
	NoteReady      NoteKind = "ready" // sshd lets us in
	NoteCable      NoteKind = "cable" // on, but not waited for: its network cable is pulled
)

// Lab is one lab. Its methods may be called by several goroutines and processes: what
// changes it takes the lab's lock.
type Lab struct {
	name, base, exe string
	subnet          string
	notify          func(Note)
}

// record is lab.json: what a lab is made of.
type record struct {
	Name      string       `json:"name"`
	Subnet    string       `json:"subnet"`
	Image     string       `json:"image"`   // name
	Version   string       `json:"version"` // of the image, so that a changed recipe does not pull the floor away
	RealPower bool         `json:"real_power_loss,omitempty"`
	DiskMiB   int          `json:"disk_mib,omitempty"`
	Mirrors   []mirror     `json:"mirrors,omitempty"`
	Hosts     []hostRecord `json:"hosts"`
	Set       string       `json:"set,omitempty"`
	Virtual   []Virtual    `json:"virtual,omitempty"`
}

type hostRecord struct {
	Name  string   `json:"name"`
	Octet int      `json:"octet"` // last byte of its address
	Roles []string `json:"roles,omitempty"`
}

// Host is one practice host.
type Host struct {
	Name    string
	Address string
}

// Base returns the directory of all labs: $STACKHAND_LAB, or stackhand/lab in the cache
// directory of whoever calls.
func Base() (string, error) {
	if dir := os.Getenv("STACKHAND_LAB"); dir != "" {
		return filepath.Abs(dir)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cannot find a directory for the lab: %w", err)
	}
	return filepath.Join(cache, "stackhand", "lab"), nil
}

var (
	labName  = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	hostName = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$`)
	subnets  = regexp.MustCompile(`^10\.77\.(25[0-4]|2[0-4][0-9]|1?[0-9]?[0-9])$`)
)

// Open names a lab; it touches nothing. The lab need not exist yet: Up makes it.
func Open(c Config) (*Lab, error) {
	if c.Name == "" {
		c.Name = DefaultName
	}
	if !labName.MatchString(c.Name) || c.Name == "images" {
		return nil, problem.New(BadName, "", nil, "name", c.Name)
	}
	if c.Base == "" {
		base, err := Base()
		if err != nil {
			return nil, err
		}
		c.Base = base
	}
	base, err := filepath.Abs(c.Base)
	if err != nil {
		return nil, fmt.Errorf("cannot find the lab's directory: %w", err)
	}
	if strings.ContainsAny(base, ",:\\\"'\n") { // overlayfs takes its directories in one string of options
		return nil, problem.New(BadPath, "", nil, "path", base)
	}
	if c.Subnet == "" {
		c.Subnet = "10.77.0"
		if c.Name != DefaultName {
			h := fnv.New32a()
			_, _ = h.Write([]byte(c.Name)) // never fails
			c.Subnet = fmt.Sprintf("10.77.%d", 1+h.Sum32()%250)
		}
	}
	if !subnets.MatchString(c.Subnet) {
		return nil, problem.New(BadName, "", nil, "name", c.Subnet)
	}
	if c.Notify == nil {
		c.Notify = func(Note) {}
	}
	return &Lab{name: c.Name, base: base, exe: c.Executable, subnet: c.Subnet, notify: c.Notify}, nil
}

// Labs returns the names of the labs that have a directory under base.
func Labs(base string) ([]string, error) {
	found, err := filepath.Glob(filepath.Join(base, "*", "lab.json"))
	if err != nil {
		return nil, err
	}
	for i := range found {
		found[i] = filepath.Base(filepath.Dir(found[i]))
	}
	return found, nil
}

// Name is the lab's name and that of its network namespace (/run/netns/NAME).
func (l *Lab) Name() string { return l.name }

// Dir is the lab's directory.
func (l *Lab) Dir() string { return filepath.Join(l.base, l.name) }

// SitePath is the site.yaml that Up writes.
func (l *Lab) SitePath() string { return filepath.Join(l.Dir(), "site.yaml") }

// KeyPath is the private key that logs in to all hosts as root.
func (l *Lab) KeyPath() string { return filepath.Join(l.Dir(), "id_ed25519") }

// KnownHostsPath has the hosts' keys.
func (l *Lab) KnownHostsPath() string { return filepath.Join(l.Dir(), "known_hosts") }

// Hosts returns the lab's hosts, in the order they were named; none for a lab never made.
func (l *Lab) Hosts() []Host {
	r, err := l.load()
	if err != nil {
		return nil
	}
	hosts := make([]Host, len(r.Hosts))
	for i, h := range r.Hosts {
		hosts[i] = Host{h.Name, r.address(h.Name)}
	}
	return hosts
}

// Set is what the lab's hosts were made for, or "".
func (l *Lab) Set() string {
	r, err := l.load()
	if err != nil {
		return ""
	}
	return r.Set
}

// VirtualAddress is the address of that name, or "".
func (l *Lab) VirtualAddress(name string) string {
	r, err := l.load()
	if err != nil {
		return ""
	}
	for _, v := range r.Virtual {
		if v.Name == name {
			return fmt.Sprintf("%s.%d", r.Subnet, v.Octet)
		}
	}
	return ""
}

func (l *Lab) hostDir(host string) string { return filepath.Join(l.Dir(), "hosts", host) }
func (l *Lab) recordPath() string         { return filepath.Join(l.Dir(), "lab.json") }

func (r *record) address(host string) string {
	for _, h := range r.Hosts {
		if h.Name == host {
			return fmt.Sprintf("%s.%d", r.Subnet, h.Octet)
		}
	}
	return ""
}

func (r *record) host(name string) *hostRecord {
	for i := range r.Hosts {
		if r.Hosts[i].Name == name {
			return &r.Hosts[i]
		}
	}
	return nil
}

func (r *record) names() []string {
	names := make([]string, len(r.Hosts))
	for i, h := range r.Hosts {
		names[i] = h.Name
	}
	return names
}

// add gives each new name the next address. Addresses run from .11 to .99.
func (r *record) add(names []string, roles map[string][]string) error {
	const first, last = 11, 99
	for _, n := range names {
		if !hostName.MatchString(n) || n == "localhost" || n == "gateway" {
			return problem.New(BadName, "", nil, "name", n)
		}
		if r.host(n) != nil {
			continue
		}
		octet := first + len(r.Hosts)
		if octet > last {
			return problem.New(Full, "", nil, "most", fmt.Sprint(last-first+1))
		}
		r.Hosts = append(r.Hosts, hostRecord{Name: n, Octet: octet, Roles: roles[n]})
	}
	return nil
}

// load reads lab.json.
func (l *Lab) load() (*record, error) {
	b, err := os.ReadFile(l.recordPath())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, problem.New(NoLab, "", nil, "name", l.name)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the lab's record: %w", err)
	}
	r := &record{}
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", l.recordPath(), err)
	}
	if !subnets.MatchString(r.Subnet) {
		return nil, fmt.Errorf("cannot read %s: subnet %q", l.recordPath(), r.Subnet)
	}
	for _, h := range r.Hosts {
		if !hostName.MatchString(h.Name) || h.Octet < 2 || h.Octet > 254 {
			return nil, fmt.Errorf("cannot read %s: host %q", l.recordPath(), h.Name)
		}
	}
	return r, nil
}

func (l *Lab) save(r *record) error { return writeJSON(l.recordPath(), r) }

// known returns the record and complains about hosts that the lab does not have.
func (l *Lab) known(hosts ...string) (*record, error) {
	r, err := l.load()
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		if r.host(h) == nil {
			return nil, problem.New(NoHost, h, nil, "known", strings.Join(r.names(), ", "))
		}
	}
	return r, nil
}

// DefaultHosts names n hosts: ctl1, cmp1, cmp2 …
func DefaultHosts(n int) []string {
	var names []string
	for i := range n {
		if i == 0 {
			names = append(names, "ctl1")
		} else {
			names = append(names, fmt.Sprintf("cmp%d", i))
		}
	}
	return names
}

func writeJSON(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	if err := renameio.WriteFile(path, append(b, '\n'), 0o600); err != nil {
		return fmt.Errorf("cannot write %s: %w", path, err)
	}
	return nil
}

func unique(names []string) []string {
	var out []string
	for _, n := range names {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	return out
}
