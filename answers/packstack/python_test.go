package packstack

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"
	"time"
)

// asRead is a file as a real RawConfigParser reads it.
type asRead struct {
	Error  string            `json:"error"`
	Values map[string]string `json:"values"` // hex of [general] with its fallback
}

// pythonScript reads files given as JSON hex lines on stdin; one answer a line. It works in
// both Pythons. Bytes of Python 2 and UTF-8 of Python 3 both come back as hex.
const pythonScript = `
import sys, json, binascii, tempfile, os, io
two = sys.version_info[0] == 2
if two:
    import ConfigParser as configparser
else:
    import configparser
    import locale
name = os.path.join(tempfile.mkdtemp(), "answers")
for line in iter(sys.stdin.readline, ""):
    with io.open(name, "wb") as f:
        f.write(binascii.unhexlify(line.strip()))
    out = {"error": "", "values": {}}
    p = configparser.RawConfigParser()
    try:
        if two:
            p.read(name)
        else:
            p.read(name, encoding="utf-8")
        if not p.has_section("general"):
            out["error"] = "NoSectionError"
        else:
            for k in p.options("general"):
                if k == "__name__":
                    continue
                v = p.get("general", k)
                if not two:
                    k, v = k.encode("utf-8"), v.encode("utf-8")
                out["values"][binascii.hexlify(k).decode()] = binascii.hexlify(v).decode()
    except Exception as e:
        out["error"] = type(e).__name__
    sys.stdout.write(json.dumps(out) + "\n")
    sys.stdout.flush()
os.remove(name)
os.rmdir(os.path.dirname(name))
`

// python runs a real interpreter over files; it skips the test where there is none.
func python(t *testing.T, p Python, files []string) []asRead {
	t.Helper()
	names := map[Python][]string{Python2: {"python2.7", "python2"}, Python3: {"python3.6", "python3"}}[p]
	want := map[Python]string{Python2: "2.7", Python3: "3."}[p]
	for _, name := range names {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Minute)
		defer cancel()
		out, err := exec.CommandContext(ctx, name, "-c", "import sys; print('.'.join(map(str, sys.version_info[:2])))").Output()
		if err != nil || !strings.HasPrefix(string(out), want) {
			continue
		}
		var in bytes.Buffer
		for _, f := range files {
			fmt.Fprintf(&in, "%x\n", f)
		}
		cmd := exec.CommandContext(ctx, name, "-c", pythonScript)
		cmd.Stdin = &in
		text, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var all []asRead
		dec := json.NewDecoder(bytes.NewReader(text))
		for dec.More() {
			var r asRead
			if err := dec.Decode(&r); err != nil {
				t.Fatal(err)
			}
			all = append(all, r)
		}
		if len(all) != len(files) {
			t.Fatalf("%d files, %d answers", len(files), len(all))
		}
		return all
	}
	t.Skipf("there is no Python %s here", want)
	return nil
}

// ours is the same reading of ours.
func ours(p Python, file string) asRead {
	d := Parse([]byte(file), "f")
	r := asRead{Values: map[string]string{}}
	if !d.Readable(p) {
		r.Error = "refused"
		return r
	}
	for name, all := range d.as(p).options {
		section, key, _ := strings.Cut(name, "\x00")
		if section != sectionName && section != defaultSection {
			continue
		}
		v, ok := d.as(p).get(sectionName, key)
		if ok && len(all) > 0 && key != "__name__" {
			r.Values[fmt.Sprintf("%x", key)] = fmt.Sprintf("%x", v.value)
		}
	}
	return r
}

func differ(t *testing.T, p Python, files []string) {
	t.Helper()
	bad := 0
	for i, want := range python(t, p, files) {
		got := ours(p, files[i])
		if (got.Error != "") != (want.Error != "") || got.Error == "" && !reflect.DeepEqual(got.Values, want.Values) {
			t.Errorf("Python %d reads %q otherwise:\nit: %v\nwe: %v (%v)", p, files[i], want, got, Parse([]byte(files[i]), "").as(p).refused)
			if bad++; bad > 5 {
				t.FailNow()
			}
		}
	}
}

// hostile are files that the two parsers read in ways that surprise.
func hostile() []string {
	return []string{
		"", "\n", "[general]", "[general]\n", "[General]\nA=1\n", "A=1\n[general]\n", "\ufeff[general]\nA=1\n", "# c\n\n[general]\nA=1",
		"[general]\nA=1\nA=2\n", "[general]\nA=1\n[general]\nB=2\n", "[general]\na=1\nA=2\n", "[general]\nA=1\n[general]\nA=2\n",
		"[general]\nA=1\n  B=2\n", "[general]\n  A=1\nB=2\n", "[general]\n  A=1\n  B=2\n", "[general]\nA=1\n\n  b\n", "[general]\nA=1\n# c\n  b\n", "[general]\nA=1\n  # c\nB=2\n", "[general]\nA=1\n  ; c\n  d\n",
		"[general]\nA=\n  b\n  c\n\nB=1\n", "[general]\n\n  A=1\n", "[general]\n\tA=1\n\t B=2\n",
		"[general]\nA=1 ;c\n", "[general]\nA=1;c\n", "[general]\nA=;c\n", "[general]\nA=;c \n", "[general]\r\nA=;c\r\n", "[general]\nA=a;b ;c\n", "[general]\nA=a\t;c\n", "[general]\nA=1 #c\n",
		"[general]\nA=\"\"\n", "[general]\nA=\"x\"\n", "[general]\nA=''\n", "[general]\nA=\"\" ;c\n", "[general]\nA = 1 \n", "[general]\nA:1\n", "[general]\nA : = 1\n", "[general]\nA=b:c=d\n",
		"[general]\nrem A=1\n", "[general]\nREM\n", "[general]\nrem=1\n", "[general]\nrem = 1\n", "[general]\nremark=1\n", "[general]\nA=1\n rem b\n",
		"[general]\nA\n", "[general]\nA\nB=1\n", "[general]\n=1\n", "[general]\n:1\nB=2\n", "[general]\n=1\n=2\n", "[general]\n=1\n b\n",
		"[general]\r\nA=1\r\nB=2\r\n", "[general]\rA=1\rB=2\r", "[general]\nA=1\rB=2\n", "[general]\nA=1\r\n\r\n b\r\n", "[general]\r\rA=1\r\n",
		"[DEFAULT]\nA=1\n[general]\nB=2\n", "[DEFAULT]\nA=1\n[general]\nA=2\n", "[DEFAULT]\nA=1\n[DEFAULT]\nC=1\n[general]\n", "[DEFAULT]\nA=1\nA=2\n[general]\n", "[general]\nA=1\n[other]\nA=2\n", "[other]\nA=1\n",
		"[general]x\nA=1\n", "[general\nA=1\n", "[]\nA=1\n", "[general]\n[]=1\n", " [general]\nA=1\n", "[general]\nA=1\n [other]\nB=2\n", "[ general ]\nA=1\n",
		"[general]\nA=\x85x\x85\n", "[general]\nA=\u00a0x\u00a0\n", "[general]\nA=\x1cx\x1c\n", "[general]\n\x1c A=1\n", "[general]\nA=\x0bx\x0c\n", "[general]\n\x0bA=1\n", "[general]\nA=\xff\n", "# \xff\n[general]\n", "[general]\nA=\u2028x\u3000\n", "[general]\nA=가\n", "# 가\n[general]\nA=1\n",
		"[general]\n\u0130=1\n", "[general]\nK=1\n\u212a=2\n", "[general]\nA=\x00\n", "[general]\n\x00=1\n", "[general]\nA=%(x)s %%\n", "[general]\nA=1\n=\n  x\n", "[general]\nA=1\nB\n  x\n", "[general]\n A=1\n  b\n c=2\n",
	}
}

// generated makes files out of pieces that matter to the parsers.
func generated(seed uint64, n int) []string {
	r := rand.New(rand.NewPCG(seed, 1))
	pieces := []string{"A", "b", "KEY", "rem", "REM", "=", ":", " ", "  ", "\t", ";", "#", "\"\"", "\"", "x", "1", "%", "[general]", "[DEFAULT]", "[o]", "[", "\r", "\x0b", "\u00a0", "가", "\x1c", "%{", "'", ","}
	ends := []string{"\n", "\n", "\n", "\n", "\r\n", "\r", "\n\n"}
	files := make([]string, n)
	for i := range files {
		var b strings.Builder
		if r.IntN(10) > 0 {
			b.WriteString("[general]\n")
		}
		for range r.IntN(12) {
			switch r.IntN(4) {
			case 0:
				fmt.Fprintf(&b, "K%d=%d", r.IntN(30), r.IntN(100))
			case 1:
				fmt.Fprintf(&b, "%s%c%s", pieces[r.IntN(3)], "=:"[r.IntN(2)], pieces[r.IntN(len(pieces))])
			default:
				for range r.IntN(6) {
					b.WriteString(pieces[r.IntN(len(pieces))])
				}
			}
			b.WriteString(ends[r.IntN(len(ends))])
		}
		files[i] = b.String()
		// Newer Pythons take a header up to its last "]"; Packstack's take the first.
		for strings.Count(files[i], "]") > 0 && manyBrackets(files[i]) {
			files[i] = strings.Replace(files[i], "[o]", "", 1)
			files[i] = strings.Replace(files[i], "[DEFAULT]", "", 1)
			if j := strings.LastIndex(files[i], "[general]"); manyBrackets(files[i]) && j > 0 {
				files[i] = files[i][:j] + files[i][j+len("[general]"):]
			}
		}
	}
	return files
}

func manyBrackets(file string) bool {
	for _, l := range split(file) {
		if strings.Count(l.text, "]") > 1 {
			return true
		}
	}
	return false
}

func TestPython3ReadsTheSame(t *testing.T) {
	differ(t, Python3, append(hostile(), generated(3, 1000)...))
}

// record writes testdata/python2.json anew, which wants a Python 2.7.
var record = flag.Bool("record", false, "record what Python 2.7 reads")

// recorded are files in hex with what Python 2.7.18 read from them: it is on few machines.
func TestPython2AsRecorded(t *testing.T) {
	const name = "testdata/python2.json"
	type one struct {
		File string `json:"file"`
		asRead
	}
	if *record {
		files := append(hostile(), generated(5, 400)...)
		all := make([]one, 0, len(files))
		for i, r := range python(t, Python2, files) {
			all = append(all, one{hex.EncodeToString([]byte(files[i])), r})
		}
		var b bytes.Buffer
		for _, o := range all {
			line, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			b.Write(append(line, '\n'))
		}
		if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for dec := json.NewDecoder(bytes.NewReader(data)); dec.More(); n++ {
		var o one
		if err := dec.Decode(&o); err != nil {
			t.Fatal(err)
		}
		file, err := hex.DecodeString(o.File)
		if err != nil {
			t.Fatal(err)
		}
		got := ours(Python2, string(file))
		if (got.Error != "") != (o.Error != "") || got.Error == "" && !reflect.DeepEqual(got.Values, o.Values) {
			t.Errorf("Python 2 reads %q otherwise:\nit: %v\nwe: %v", file, o.asRead, got)
		}
	}
	if n < 400 {
		t.Errorf("only %d files", n)
	}
}

func TestPython2ReadsTheSame(t *testing.T) {
	differ(t, Python2, append(hostile(), generated(2, 1000)...))
}
