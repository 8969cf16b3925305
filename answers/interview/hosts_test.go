package interview

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestParseHosts(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"ctl1", "ctl1="},
		{"cmp[1-3]", "cmp1= cmp2= cmp3="},
		{"cmp[01-03,07]", "cmp01= cmp02= cmp03= cmp07="},
		{"cmp[08-11]", "cmp08= cmp09= cmp10= cmp11="},
		{"cmp[01:02]", "cmp01= cmp02="},
		{"rack[1-2]n[1-2]", "rack1n1= rack1n2= rack2n1= rack2n2="},
		{"cmp[1-2].example.com", "cmp1.example.com= cmp2.example.com="},
		{"192.0.2.[11-13]", "=192.0.2.11 =192.0.2.12 =192.0.2.13"},
		{"192.0.2.11, 192.0.2.12;192.0.2.13", "=192.0.2.11 =192.0.2.12 =192.0.2.13"},
		{"a b,c\nd\r\ne", "a= b= c= d= e="},
		{"ctl1 192.0.2.11\ncmp1 192.0.2.12", "ctl1=192.0.2.11 cmp1=192.0.2.12"},
		{"192.0.2.11 ctl1 ctl1.example.com # from /etc/hosts", "ctl1=192.0.2.11"},
		{"ctl1=192.0.2.11, cmp1 = 192.0.2.12", "ctl1=192.0.2.11 cmp1=192.0.2.12"},
		{"cmp[1-2] 192.0.2.[21-22]", "cmp1=192.0.2.21 cmp2=192.0.2.22"},
		{"2001:db8::11", "=2001:db8::11"},
		{"[2001:db8::11]", "=2001:db8::11"},
		{"ctl1 2001:DB8::0:11", "ctl1=2001:db8::11"},
		{"a a a", "a="},
		{"a b 192.0.2.1 c", "a= b=192.0.2.1 c="},
		{"a\na 192.0.2.1", "a=192.0.2.1"},
		{"# only a comment\n\n", ""},
		{"cmp[1-2], ctl1", "cmp1= cmp2= ctl1="},
	} {
		got, err := ParseHosts(c.text)
		var parts []string
		for _, h := range got {
			parts = append(parts, h.Name+"="+h.Address)
		}
		if err != nil || strings.Join(parts, " ") != c.want {
			t.Errorf("%q: %v, %v, want %s", c.text, parts, err, c.want)
		}
	}
}

func TestParseHostsRefuses(t *testing.T) {
	for _, c := range []struct {
		text, code string
		line       int
	}{
		{"cmp[1-", "hosts.bracket", 1},
		{"ok\ncmp1-3]", "hosts.bracket", 2},
		{"cmp[[1-2]]", "hosts.bracket", 1},
		{"cmp[a-c]", "hosts.range", 1},
		{"cmp[]", "hosts.range", 1},
		{"cmp[1-2-3]", "hosts.range", 1},
		{"cmp[-1]", "hosts.range", 1},
		{"cmp[9-1]", "hosts.backwards", 1},
		{"cmp[08-9]", "hosts.width", 1},
		{"cmp[01-100]", "hosts.width", 1},
		{"cmp[1-20000000]", "hosts.many", 1},
		{"a[1-99]b[1-99]", "hosts.many", 1},
		{"192.0.2.300", "hosts.address", 1},
		{"192.0.2", "hosts.address", 1},
		{"192.0.2.0/24", "hosts.address", 1},
		{"bad!name", "hosts.name", 1},
		{"-x", "hosts.name", 1},
		{"호스트", "hosts.name", 1},
		{"a 192.0.2.1\na 192.0.2.2", "hosts.two", 2},
		{"a 192.0.2.1\nb 192.0.2.1", "hosts.two", 2},
		{"cmp[1-3] 192.0.2.[1-2]", "hosts.count", 1},
		{"192.0.2.1 192.0.2.2 a", "hosts.pair", 1},
	} {
		_, err := ParseHosts(c.text)
		he, ok := err.(*HostError)
		if !ok || he.Code != c.code || he.Line != c.line {
			t.Errorf("%q: %+v, want %s in line %d", c.text, he, c.code, c.line)
		}
	}
}

func TestFold(t *testing.T) {
	for _, c := range []struct{ names, want string }{
		{"", ""}, {"a", "a"}, {"cmp1 cmp2", "cmp1 cmp2"}, {"cmp1 cmp2 cmp3", "cmp[1-3]"},
		{"cmp08 cmp09 cmp10", "cmp[08-10]"}, {"cmp8 cmp9 cmp10 ctl1", "cmp[8-10] ctl1"},
		{"a1 b2 c3", "a1 b2 c3"}, {"n1 n2 n3 n5 n6 n7", "n[1-3] n[5-7]"},
	} {
		if got := Fold(strings.Fields(c.names)); got != c.want {
			t.Errorf("%q: %q, want %q", c.names, got, c.want)
		}
	}
}

// What is folded is what it was when it is written out again.
func TestFoldAndBack(t *testing.T) {
	for from := 0; from < 120; from += 7 {
		for _, width := range []int{1, 2, 3} {
			var names []string
			for n := from; n < from+13; n++ {
				names = append(names, fmt.Sprintf("cmp%0*d", width, n))
			}
			got, err := ParseHosts(Fold(names))
			var back []string
			for _, h := range got {
				back = append(back, h.Name)
			}
			if err != nil || !slices.Equal(back, names) {
				t.Fatalf("%v: %s, %v", names, Fold(names), back)
			}
		}
	}
}

func FuzzParseHosts(f *testing.F) {
	for _, s := range []string{"cmp[01-03,07] 192.0.2.[1-4]", "a=192.0.2.1;b", "[2001:db8::1]", "a[1-9]b[1-9]", "][", "[1-2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		hosts, err := ParseHosts(text)
		if err != nil {
			return
		}
		var names []string
		for _, h := range hosts {
			if h.Name == "" && h.Address == "" || h.Name != "" && !hostName.MatchString(h.Name) || h.Address != "" && !isAddress(h.Address) {
				t.Fatalf("%q: %+v", text, h)
			}
			if h.Name != "" {
				names = append(names, h.Name)
			}
		}
		again, err := ParseHosts(Fold(names))
		if err != nil || len(again) != len(names) {
			t.Fatalf("%q: %v folded is %q, and that is %v, %v", text, names, Fold(names), again, err)
		}
	})
}
