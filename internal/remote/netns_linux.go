package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

var errNetns = errors.New("cannot enter the network namespace")

// dialNetns dials TCP out of the network namespace of that name (ip-netns(8)). A name is
// resolved where the process is: practice hosts need no DNS.
func dialNetns(ctx context.Context, netns, address string) (net.Conn, error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, err
	}
	ips, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		var c net.Conn
		if c, err = dialNetnsAddress(ctx, netns, netip.AddrPortFrom(ip.Unmap(), uint16(port))); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func dialNetnsAddress(ctx context.Context, netns string, to netip.AddrPort) (net.Conn, error) {
	family := unix.AF_INET
	var address unix.Sockaddr = &unix.SockaddrInet4{Port: int(to.Port()), Addr: to4(to.Addr())}
	if to.Addr().Is6() {
		family = unix.AF_INET6
		address = &unix.SockaddrInet6{Port: int(to.Port()), Addr: to.Addr().As16()}
	}
	fd, err := socketIn(netns, family)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "netns "+netns+" "+to.String())
	defer f.Close()
	if err := connect(ctx, fd, address); err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: net.TCPAddrFromAddrPort(to), Err: os.NewSyscallError("connect", err)}
	}
	return net.FileConn(f)
}

// socketIn makes a socket inside a namespace. A socket stays in the namespace of the thread
// that made it, so only that one call is made there; the thread is never given back and ends
// with its goroutine.
func socketIn(netns string, family int) (int, error) {
	type result struct {
		fd  int
		err error
	}
	made := make(chan result, 1)
	go func() {
		runtime.LockOSThread()
		ns, err := os.Open(filepath.Join("/run/netns", filepath.Base(netns)))
		if err != nil {
			made <- result{-1, fmt.Errorf("%w: %w", errNetns, err)}
			return
		}
		defer ns.Close()
		if err := unix.Setns(int(ns.Fd()), unix.CLONE_NEWNET); err != nil {
			made <- result{-1, fmt.Errorf("%w: %w", errNetns, err)}
			return
		}
		fd, err := unix.Socket(family, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
		made <- result{fd, err}
	}()
	r := <-made
	return r.fd, r.err
}

// connect connects a non-blocking socket and honours the context.
func connect(ctx context.Context, fd int, to unix.Sockaddr) error {
	err := unix.Connect(fd, to)
	if err == nil || !errors.Is(err, unix.EINPROGRESS) && !errors.Is(err, unix.EINTR) {
		return err
	}
	const turn = 20 * time.Millisecond
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, int(turn.Milliseconds()))
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		if n <= 0 {
			continue
		}
		failed, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_ERROR)
		if err != nil {
			return err
		}
		if failed != 0 {
			return unix.Errno(failed)
		}
		return nil
	}
}

func to4(a netip.Addr) (b [4]byte) {
	if a.Is4() {
		b = a.As4()
	}
	return b
}
