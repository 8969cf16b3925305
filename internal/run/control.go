package run

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// Command is one line that a viewer sends over control.sock.
type Command struct {
	// Do says what: "answer" a question with Value and Reason; "secret": answer an AskSecret
	// question with Secret; "stop" the job of Unit (Hard: kill); "drop" Host out of the run;
	// "skip" Unit, which must not be running, with Reason; "park": the engine leaves and the
	// run waits; "cancel": the run ends. All are idempotent.
	Do       string `json:"do"`
	Question int64  `json:"question,omitempty"`
	Value    string `json:"value,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Host     string `json:"host,omitempty"`
	Unit     Unit   `json:"unit,omitzero"`
	Hard     bool   `json:"hard,omitempty"`
	Secret   string `json:"secret,omitempty"` // only ever on the socket
	Script   string `json:"script,omitempty"` // with the answer "edit": the script to run instead
	// Hosts are, with the answer "edit", those that the script is for; the question's own is
	// always one of them.
	Hosts []string `json:"hosts,omitempty"`
	// Values are, with the answer "hand", what was read back, by the names of the question's boxes.
	Values map[string]string `json:"values,omitempty"`
}

// Reply to a command. A refused one carries a code, shown through i18n.
type Reply struct {
	OK    bool   `json:"ok"`
	Seq   int64  `json:"seq,omitempty"`   // of the event that the command became
	Error string `json:"error,omitempty"` // ReplyStale …
	// Detail is what a parser said, in English.
	Detail string `json:"detail,omitempty"`
}

// Why a command is refused.
const (
	ReplyStale   = "stale"   // the question is settled already, by a different answer
	ReplyUnknown = "unknown" // no such question, unit or host
	ReplyInvalid = "invalid" // the answer is none of those that the question takes
	ReplyReason  = "reason"  // a reason is required
	ReplyBusy    = "busy"    // not possible while the unit is running
	ReplyScript  = "script"  // the edited script is no shell; Detail says where
	ReplySecret  = "secret"  // the answer holds a secret, and answers are journalled
	ReplyJournal = "journal" // it could not be written down: not for want of room
	ReplyDisk    = "disk"    // it could not be written down
)

const (
	mostCommand   = 1 << 20
	commandWithin = 30 * time.Second
)

// Send gives the engine one command and waits for its reply.
func (d *Dir) Send(ctx context.Context, c Command) (Reply, error) {
	conn, err := d.dial()
	if err != nil {
		return Reply{}, fmt.Errorf("cannot reach the engine of run %s: %w", d.ID(), err)
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	var r Reply
	err = json.NewEncoder(conn).Encode(c)
	if err == nil {
		err = json.NewDecoder(io.LimitReader(conn, mostCommand)).Decode(&r)
	}
	if err != nil {
		return Reply{}, fmt.Errorf("cannot reach the engine of run %s: %w", d.ID(), errors.Join(ctx.Err(), err))
	}
	return r, nil
}

// Serve answers commands on control.sock until ctx ends. The caller holds the run's lock, so
// a socket that is there already belongs to a dead engine.
func (d *Dir) Serve(ctx context.Context, handle func(context.Context, Command, By) Reply) (wait func(), err error) {
	path, done, err := d.socket()
	if err != nil {
		return nil, fmt.Errorf("cannot open the control socket: %w", err)
	}
	defer done()
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("cannot open the control socket: %w", err)
	}
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err == nil {
		err = os.Chmod(path, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("cannot open the control socket: %w", err)
	}
	l.SetUnlinkOnClose(false) // the path may be of /proc and gone by then; the next engine removes it
	var wg sync.WaitGroup
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() { l.Close(); close(closed) })
	wg.Go(func() {
		defer func() { // whoever has waited for us finds nobody who still answers
			if stop() {
				l.Close()
			} else {
				<-closed
			}
		}()
		for {
			conn, err := l.AcceptUnix()
			if err != nil {
				if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
					return
				}
				continue
			}
			wg.Go(func() { d.serveOne(ctx, conn, handle) })
		}
	})
	return wg.Wait, nil
}

func (d *Dir) serveOne(ctx context.Context, conn *net.UnixConn, handle func(context.Context, Command, By) Reply) {
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(commandWithin)) // before the next line, which may set an earlier one
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	by, err := peer(conn)
	if err != nil || by.UID != os.Geteuid() && by.UID != 0 {
		return
	}
	in := bufio.NewReader(io.LimitReader(conn, mostCommand))
	text, err := in.ReadBytes('\n')
	var c Command
	if err != nil || json.Unmarshal(text, &c) != nil {
		return
	}
	json.NewEncoder(conn).Encode(handle(ctx, c, by))
}
