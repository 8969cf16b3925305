package run

import (
	"errors"
	"net"
	"os/user"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// peer says who is at the other end (SO_PEERCRED, unix(7)).
func peer(conn *net.UnixConn) (By, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return By{}, err
	}
	var cred *unix.Ucred
	var inner error
	err = raw.Control(func(fd uintptr) {
		cred, inner = unix.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED)
	})
	if err = errors.Join(err, inner); err != nil {
		return By{}, err
	}
	by := By{UID: int(cred.Uid), PID: int(cred.Pid)}
	if u, err := user.LookupId(strconv.Itoa(by.UID)); err == nil {
		by.User = u.Username
	}
	return by, nil
}
