//go:build !linux

package lab

import (
	"context"
	"net"
	"os"
	"os/exec"
)

// Off Linux there is no lab: every method says so.

func isolate(*exec.Cmd)          {}
func (l *Lab) on(string) bool    { return false }
func (l *Lab) WipeImages() error { return CanRun() }

func (l *Lab) buildLock(context.Context, string) (*os.File, error) { return nil, CanRun() }
func (l *Lab) Up(context.Context, Options) error                   { return CanRun() }
func (l *Lab) Down(context.Context, bool) error                    { return CanRun() }
func (l *Lab) PowerOn(context.Context, ...string) error            { return CanRun() }
func (l *Lab) PowerOff(context.Context, ...string) error           { return CanRun() }
func (l *Lab) PowerCut(context.Context, ...string) error           { return CanRun() }
func (l *Lab) Status(context.Context) ([]HostStatus, error)        { return nil, CanRun() }
func (l *Lab) WaitSSH(context.Context, ...string) error            { return CanRun() }
func (l *Lab) Run(context.Context, string, string, ...string) (string, error) {
	return "", CanRun()
}
func (l *Lab) SSH(string, ...string) ([]string, error)    { return nil, CanRun() }
func (l *Lab) Inside(string, ...string) ([]string, error) { return nil, CanRun() }
func (l *Lab) ProcessID(string) int                       { return 0 }
func (l *Lab) Supervise(context.Context, string) error    { return CanRun() }
func (l *Lab) Init(context.Context, string) error         { return CanRun() }
func (l *Lab) Relay(context.Context) error                { return CanRun() }

func (l *Lab) Snapshots() ([]Snapshot, error)                                { return nil, CanRun() }
func (l *Lab) SaveSnapshot(context.Context, string, bool) error              { return CanRun() }
func (l *Lab) RestoreSnapshot(context.Context, string, bool) (string, error) { return "", CanRun() }
func (l *Lab) SavePrepared(context.Context, string) error                    { return CanRun() }
func (l *Lab) RestorePrepared(context.Context, string) (bool, error)         { return false, CanRun() }
func (l *Lab) Prepare(context.Context, Options) error                        { return CanRun() }
func (l *Lab) AddDisk(context.Context, string, string, int) error            { return CanRun() }
func (l *Lab) RemoveDisk(context.Context, string) error                      { return CanRun() }
func (l *Lab) Dial(context.Context, string) (net.Conn, error)                { return nil, CanRun() }
