package lab

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// inNetns calls do on a thread that is in the lab's network namespace; sockets made there
// stay there. The thread is not used again.
func (l *Lab) inNetns(do func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		fd, err := unix.Open(l.netnsPath(), unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if err != nil {
			done <- fmt.Errorf("cannot open the lab's network: %w", err)
			return
		}
		defer unix.Close(fd)
		if err := unix.Setns(fd, unix.CLONE_NEWNET); err != nil {
			done <- fmt.Errorf("cannot enter the lab's network: %w", err)
			return
		}
		done <- do()
	}()
	return <-done
}

// Dial connects from inside the lab. The address is numeric: a name would be looked up on
// another thread, outside.
func (l *Lab) Dial(ctx context.Context, address string) (net.Conn, error) {
	var conn net.Conn
	err := l.inNetns(func() (err error) {
		conn, err = (&net.Dialer{}).DialContext(ctx, "tcp4", address)
		return err
	})
	return conn, err
}

func (l *Lab) relayLife() string { return filepath.Join(l.Dir(), "relay") }

// relayUp starts the relay unless it runs. Hosts ask it for packages at the mirror's own
// name, which their hosts file points at it; it asks the mirror from the machine's network.
// So a host reaches one outside service and nothing else, and the machine forwards nothing.
func (l *Lab) relayUp(r *record) error {
	if len(r.Mirrors) == 0 {
		return nil
	}
	life, err := takeLife(l.relayLife())
	if err != nil || life == nil {
		return err
	}
	return l.daemon(life, filepath.Join(l.Dir(), "relay.log"), "__relay")
}

// Relay is the relay's process; it ends with SIGTERM, or with the lab.
func (l *Lab) Relay(ctx context.Context) error {
	if err := liveHere(); err != nil {
		return err
	}
	r, err := l.load()
	if err != nil {
		return err
	}
	var ln net.Listener
	if err := l.inNetns(func() (err error) {
		ln, err = net.Listen("tcp4", r.Subnet+".1:80")
		return err
	}); err != nil {
		return fmt.Errorf("cannot listen for package requests: %w", err)
	}
	server := &http.Server{Handler: relay(r.Mirrors, aptProxy(ctx)), ReadHeaderTimeout: time.Minute}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.Serve(ln); err != http.ErrServerClosed {
		return fmt.Errorf("cannot relay package requests: %w", err)
	}
	return nil
}

// relay answers for the mirrors' names and no others.
func relay(ms []mirror, proxy func(*http.Request) (*url.URL, error)) http.Handler {
	to := map[string]*url.URL{}
	for _, m := range ms {
		if u, err := url.Parse(m.URL); err == nil && to[u.Hostname()] == nil {
			to[u.Hostname()] = &url.URL{Scheme: u.Scheme, Host: u.Host}
		}
	}
	rp := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			up := to[p.In.URL.Hostname()]
			p.Out.URL.Scheme, p.Out.URL.Host, p.Out.Host = up.Scheme, up.Host, up.Host
		},
		Transport: &http.Transport{Proxy: proxy, DisableCompression: true, MaxIdleConnsPerHost: 16,
			ResponseHeaderTimeout: time.Minute, IdleConnTimeout: time.Minute,
			DialContext: (&net.Dialer{Timeout: 15 * time.Second}).DialContext},
		ErrorLog: log.New(io.Discard, "", 0),
		ErrorHandler: func(w http.ResponseWriter, req *http.Request, err error) {
			log.Printf("%s: %v", req.URL.Path, err)
			http.Error(w, "the lab's relay got no answer from the package mirror", http.StatusBadGateway)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		host := req.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if to[host] == nil || req.Method != http.MethodGet && req.Method != http.MethodHead {
			http.Error(w, "the lab's relay reaches the package mirror only", http.StatusForbidden)
			return
		}
		req.URL.Host = host
		rp.ServeHTTP(w, req)
	})
}

// aptProxy is the proxy that the machine's apt uses, or that of the environment.
func aptProxy(ctx context.Context) func(*http.Request) (*url.URL, error) {
	out, err := run(ctx, "apt-config", "--format", "%v%n", "dump", "Acquire::http::Proxy")
	if u, perr := url.Parse(strings.TrimSpace(out)); err == nil && perr == nil && u.Host != "" {
		return http.ProxyURL(u)
	}
	return http.ProxyFromEnvironment
}
