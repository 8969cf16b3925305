package redact

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// TestGuess: secrets of hosts that nobody named go, in the ways configuration says them, also cut
// anywhere by the reader; what only looks alike stays, and JSON stays JSON.
func TestGuess(t *testing.T) {
	const s = "S3cr3tValue"
	gone := []string{
		"    auth_pass " + s, "rabbit_password = " + s, "password=" + s, "admin_password: " + s, "metadata_proxy_shared_secret = " + s, `wsrep_sst_auth="root:` + s + `"`,
		"transport_url = rabbit://openstack:" + s + "@192.0.2.1:5672,openstack:" + s + "@192.0.2.2:5672/", "connection = mysql+pymysql://nova:" + s + "@192.0.2.10/nova?charset=utf8",
		"    stats auth admin:" + s, "user x insecure-password " + s, "GRANT ALL ON *.* TO 'x'@'%' IDENTIFIED BY '" + s + "'", "+default_pass = " + s, "requirepass " + s, `  "secret_key": "` + s + `",`,
	}
	kept := []string{"disconnect_on_expired_password\tOFF", "# passwords should be enclosed with ticks", "password=[secret db_password]", "http://192.0.2.1:5000/v3", "The password: it is asked for.", "2022-08-11 03:12:44,120 a:b@c", "SELECT 1", "bind-address = 192.0.2.1"}
	gone = append(gone, `{"key": "-----BEGIN PRIVATE KEY-----\n`+s+`\n-----END PRIVATE KEY-----\n", "next": 1}`, "key: -----BEGIN PGP PRIVATE KEY BLOCK-----"+s+"-----END PGP PRIVATE KEY BLOCK----- -----BEGIN EC PRIVATE KEY-----", s+"-----END EC PRIVATE KEY-----")
	text := strings.Join(append(append([]string{}, gone...), kept...), "\n") + "\n-----BEGIN RSA PRIVATE KEY-----\n" + s + "\n" + s + "\n-----END RSA PRIVATE KEY-----\nafter"
	for size := 1; size < 40; size += 7 {
		var out bytes.Buffer
		w := Guess(&out, true)
		for b := []byte(text); len(b) > 0; {
			n := min(size, len(b))
			if _, err := w.Write(b[:n]); err != nil {
				t.Fatal(err)
			}
			b = b[n:]
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		got := out.String()
		if strings.Contains(got, s) || strings.Count(got, "\n") != strings.Count(text, "\n") || !strings.HasSuffix(got, "after") {
			t.Fatalf("pieces of %d:\n%s", size, got)
		}
		if !strings.Contains(got, `-----END PRIVATE KEY-----\n", "next": 1}`+"\n") {
			t.Error("what stands behind a key is gone")
		}
		for _, k := range kept[:4] {
			if !strings.Contains(got, k+"\n") {
				t.Errorf("%q is not as it was", k)
			}
		}
		if !strings.Contains(got, kept[6]+"\n"+kept[7]) {
			t.Error("plain lines are not as they were")
		}
	}
	var out bytes.Buffer
	w := Guess(&out, false)
	line, err := json.Marshal(map[string]string{"diff": "-x\n+auth_pass " + s + "\n+password = \"" + s + "\"\n", "say": "The password: it is asked for."})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(append(line, '\n'))
	w.Close()
	var back map[string]string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || strings.Contains(out.String(), s) || back["say"] != "The password: it is asked for." {
		t.Errorf("%v %s", err, out.String())
	}
}
