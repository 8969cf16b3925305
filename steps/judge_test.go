package steps

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"stackhand/internal/job"
)

func TestTake(t *testing.T) {
	for _, tc := range []struct {
		name     string
		read     Read
		out, err string
		exit     int
		want     Value
	}{
		{"whole", Read{}, " on\n", "", 0, Value{V: "on"}},
		{"group", Read{Match: `(?m)^uuid:\s+(\S+)`}, "seqno: 1\nuuid: abc\n", "", 0, Value{V: "abc"}},
		{"whole match", Read{Match: `\d+`}, "a 12 b", "", 0, Value{V: "12"}},
		{"int", Read{Match: `seqno:\s+(-?\d+)`, As: "int"}, "seqno: -1", "", 0, Value{V: -1}},
		{"float", Read{As: "float"}, "1.5", "", 0, Value{V: 1.5}},
		{"bool", Read{As: "bool"}, "ON", "", 0, Value{V: true}},
		{"lines", Read{As: "lines"}, "a\n\n b \n", "", 0, Value{V: []any{"a", "b"}}},
		{"lines by pattern", Read{Match: `id=(\d)`, As: "lines"}, "id=1 id=2", "", 0, Value{V: []any{"1", "2"}}},
		{"no lines", Read{As: "lines"}, "", "", 0, Value{V: []any{}}},
		{"no lines of a failure", Read{As: "lines"}, "", "", 1, Value{Absent: WhyFailed}},
		{"exit", Read{From: "exit", As: "int"}, "", "", 3, Value{V: 3}},
		{"stderr", Read{From: "stderr"}, "out", "err", 0, Value{V: "err"}},
		{"empty", Read{}, " \n", "", 0, Value{Absent: WhyEmpty}},
		{"empty group", Read{Match: `a:(.*)`}, "a: ", "", 0, Value{Absent: WhyEmpty}},
		{"no match", Read{Match: `b`}, "a", "", 0, Value{Absent: WhyNoMatch}},
		{"bad type", Read{As: "int"}, "five", "", 0, Value{Absent: WhyBadType}},
		{"too large", Read{As: "int"}, "99999999999999999999", "", 0, Value{Absent: WhyBadType}},
		{"failed", Read{}, "half", "boom", 1, Value{Absent: WhyFailed}},
		{"failed but there", Read{Match: `h(al)f`}, "half", "boom", 1, Value{V: "al"}},
		{"failed and not there", Read{Match: `x`}, "half", "boom", 1, Value{Absent: WhyFailed}},
	} {
		got := tc.read.Take([]byte(tc.out), []byte(tc.err), tc.exit)
		if !reflect.DeepEqual(got, tc.want) {
			t.Errorf("%s: %#v, want %#v", tc.name, got, tc.want)
		}
		// Through the journal and back it is the same.
		b, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		var back Value
		if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(back, got) {
			t.Errorf("%s: back from %s: %#v (%v)", tc.name, b, back, err)
		}
	}
	var big Value
	if err := json.Unmarshal([]byte(`{"v":9223372036854775807}`), &big); err != nil || big.V != 9223372036854775807 {
		t.Errorf("a large seqno: %v (%v)", big, err)
	}
}

func TestJudge(t *testing.T) {
	zero, three, on := 0, 3, "on"
	out := func(stdout, stderr string, exit int) job.Output {
		return job.Output{Stdout: []byte(stdout), Stderr: []byte(stderr), Exit: exit}
	}
	for _, tc := range []struct {
		name            string
		want            Want
		out             job.Output
		values          map[string]Value
		ok              bool
		expected, found string
	}{
		{"nothing wanted", Want{}, out("fine\n", "", 0), nil, true, "exit 0", "exit 0: fine"},
		{"nothing wanted, failed", Want{}, out("a\n", "x\nno such unit\n", 3), nil, false, "exit 0", "exit 3: no such unit"},
		{"exit", Want{Exit: &three}, out("", "", 3), nil, true, "exit 3", "exit 3"},
		{"match", Want{Match: "(?m)^Primary$"}, out("x\nPrimary\n", "", 0), nil, true, "/(?m)^Primary$/", `"Primary"`},
		{"match, not", Want{Match: "Primary"}, out("non-Prim\n", "", 0), nil, false, "/Primary/", `"non-Prim"`},
		{"match, empty", Want{Match: "Primary"}, out("", "", 0), nil, false, "/Primary/", `""`},
		{"match, failed", Want{Match: "Primary"}, out("", "access denied\n", 1), nil, false, "/Primary/", "exit 1: access denied"},
		{"match and exit", Want{Match: "Pri", Exit: &zero}, out("Primary", "", 1), nil, false, "exit 0, /Pri/", `exit 1: Primary, "Pri"`},
		{"no match", Want{NoMatch: "failed"}, out("all well", "", 0), nil, true, "no /failed/", `"all well"`},
		{"no match, there", Want{NoMatch: "fail.."}, out("a\nunit failed", "", 0), nil, false, "no /fail../", `"failed"`},
		{"no match, cut", Want{NoMatch: "failed"}, job.Output{Stdout: []byte("abc"), Cut: true}, nil, false, "no /failed/", "output cut, 3 bytes seen"},
		{"equals", Want{Equals: &on}, out(" on \n", "", 0), nil, true, `= "on"`, `"on"`},
		{"equals, not", Want{Equals: &on}, out("off", "", 0), nil, false, `= "on"`, `"off"`},
		{"expr", Want{Expr: Expr{Text: "rows >= before.rows"}}, out("", "", 0), map[string]Value{"rows": {V: 12}}, true, "rows >= before.rows", "rows = 12"},
		{"expr with fields", Want{Expr: Expr{Text: ".rows >= before.rows"}}, out("", "", 0), map[string]Value{"rows": {V: 9}}, false, ".rows >= before.rows", "rows = 9"},
		{"expr, absent", Want{Expr: Expr{Text: "rows < 5"}}, out("", "", 0), map[string]Value{"rows": {Absent: WhyNoMatch}}, false, "rows < 5", "rows absent (no-match), rows is not known: no-match"},
		{"expr, no truth", Want{Expr: Expr{Text: "rows"}}, out("", "", 0), map[string]Value{"rows": {V: 1}}, false, "rows", "rows = 1, true or false is wanted here, this gives a number"},
		{"control characters", Want{}, out("", "\x1b[31mred\x07\u202e\n", 1), nil, false, "exit 0", "exit 1: [31mred"},
	} {
		sc := testScope()
		ok, expected, found := tc.want.Judge(tc.out, tc.values, sc)
		if ok != tc.ok || expected != tc.expected || found != tc.found {
			t.Errorf("%s: %v, expected %q, found %q", tc.name, ok, expected, found)
		}
	}
	_, _, found := Want{}.Judge(out(strings.Repeat("가", 5000), "", 0), nil, Scope{})
	if n := len([]rune(found)); n > mostShown+20 {
		t.Errorf("found has %d characters", n)
	}
}
