//go:build linux

package lab

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// The relay reaches the mirrors that it was made for, to read, and nothing else.
func TestRelayReachesMirrorsOnly(t *testing.T) {
	asked := ""
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Host + r.URL.RequestURI()
		_, _ = io.WriteString(w, "pool")
	}))
	defer up.Close()
	direct := func(*http.Request) (u *url.URL, err error) { return nil, nil }
	h := relay([]mirror{{"bookworm", up.URL + "/debian"}}, direct)
	for _, tc := range []struct {
		method, host, path string
		want               int
		body               string
	}{
		{"GET", "127.0.0.1", "/debian/pool/a%2bb_1~2.deb?x=1", 200, "pool"},
		{"GET", "127.0.0.1:80", "/debian/x", 200, "pool"},
		{"GET", "other.example", "/debian/x", 403, ""},
		{"POST", "127.0.0.1", "/debian/x", 403, ""},
		{"CONNECT", "127.0.0.1", "/", 403, ""},
	} {
		asked = ""
		req := httptest.NewRequest(tc.method, tc.path, nil)
		req.Host = tc.host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != tc.want || tc.body != "" && w.Body.String() != tc.body {
			t.Errorf("%s %s%s: %d %q, want %d %q", tc.method, tc.host, tc.path, w.Code, w.Body, tc.want, tc.body)
		}
		if want := up.Listener.Addr().String() + tc.path; tc.want == 200 && asked != want {
			t.Errorf("%s%s: asked for %s, want %s", tc.host, tc.path, asked, want)
		}
		if tc.want != 200 && asked != "" {
			t.Errorf("%s %s: the mirror was asked for %s", tc.method, tc.host, asked)
		}
	}
}
