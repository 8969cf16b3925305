package runbooks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"stackhand/steps"
)

// The cause is found from the words of a message that somebody types, as from the whole of it.
func TestInstanceErrorCards(t *testing.T) {
	for message, cause := range map[string]string{
		"did not finish being created even after we waited 187 seconds or 61 attempts": "volume",
		"Quota exceeded": "quota", "Maximum number of volumes allowed (10) exceeded for quota 'volumes'.": "quota",
		"Timed out waiting for a reply": "rpc", "Failed to allocate the network(s)": "vif", "Binding failed for port 6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10": "vif",
		"No valid host was found": "host", "-": "unknown", "NULL": "unknown",
	} {
		db := typed(t, "instance-error", "faults", map[string]string{"faults": guest1 + "|cmp1|" + message})
		out := judged(t, "instance.error", map[string]map[string]steps.Value{"db1": db}, nil)
		if list(t, out, "causes") != cause || list(t, out, "summary_"+cause) != guest1 || list(t, out, "instances") != guest1 {
			t.Errorf("%s: %q of %q", message, list(t, out, "causes"), list(t, out, "instances"))
		}
		if waited := out.Lets["waited"].V; cause == "volume" && waited != 187 {
			t.Errorf("waited %v", waited)
		}
	}
	db := typed(t, "instance-error", "faults", map[string]string{"faults": guest1 + "|cmp1|Quota exceeded, " + guest2 + "|NULL|No valid host was found."})
	cmp := typed(t, "instance-error", "limits", map[string]string{"limits": "block_device_allocate_retries 60 stale, block_device_allocate_retries_interval default stale, rpc_response_timeout 120 fresh"})
	out := judged(t, "instance.error", map[string]map[string]steps.Value{"db1": db, "cmp1": cmp}, nil)
	if list(t, out, "instances") != guest1+" "+guest2 || list(t, out, "stale_on") != "cmp1" || verdict(out, "cmp1") != "stale" {
		t.Errorf("%+v", out)
	}
	for _, c := range []struct{ step, box, right, wrong string }{
		{"faults", "faults", "-", "none; " + guest1[:8] + "|cmp1|Quota exceeded; " + guest1 + "|cmp1; " + guest1 + " cmp1 Quota exceeded; " + guest1 + "|cmp1|쿼터"},
		{"limits", "limits", "-", "block_device_allocate_retries 60; rpc_response_timeout 60 old; retries 60 fresh; block_device_allocate_retries x fresh"},
		{"quotas", "quotas", "cinder 4f2a90c1 volumes=10/10", "volumes=10/10; cinder 4f2a90c1 10/10; cinder volumes=10/10; cinder 4f2a90c1 volumes=10; glance 4f2a90c1 volumes=1/2"},
		{"quotas", "quotas", "nova 4f2a90c1d2e34f5aa6b7c8d9e0f10213 instances=10/default cores=20/-1, neutron 4f2a90c1 ports=500/500", "nova 4f2a90c1 disks=1/2"},
		{"after", "console_errors", "no", "-; " + guest1 + "; No"},
	} {
		if _, ok := box(t, "instance-error", c.step, c.box).Take(c.right); !ok {
			t.Errorf("%s: %q is not taken", c.step, c.right)
		}
		for wrong := range strings.SplitSeq(c.wrong, "; ") {
			if _, ok := box(t, "instance-error", c.step, c.box).Take(wrong); ok {
				t.Errorf("%s: %q is taken", c.step, wrong)
			}
		}
	}
}

// Nobody is sent to a console for a limit that no instance came up against, or for quotas that were none of the reasons.
func TestInstanceErrorAsksWhoCounts(t *testing.T) {
	const volume = "|db3|Volume did not finish being created even after we waited 187 seconds or 61 attempts"
	for _, c := range []struct {
		fault  string
		limits []string
		quotas bool
	}{
		{"", nil, false},
		{"|db3|No valid host was found.", nil, false},
		{volume, []string{"db3"}, false},
		{strings.Replace(volume, "db3", "db3.example.org", 1), []string{"db3"}, false},
		{strings.Replace(volume, "db3", "db33", 1), nil, false},
		{"|db2|MessagingTimeout", []string{"db2"}, false},
		{"|db2|Quota exceeded for cores", nil, true},
		{"|db2|VolumeLimitExceeded: Maximum number of volumes allowed (10) exceeded", nil, true},
	} {
		facts := map[string]map[string]any{"db1": {"faults": []any{}}}
		if c.fault != "" {
			facts["db1"]["faults"] = []any{guest1 + c.fault}
		}
		f := newFlow(t, "instance-error", "database", facts)
		var asked []string
		for _, name := range []string{"db1", "db2", "db3"} {
			ok, err := f.step("limits").Hand.When.About(name, f.sc)
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				asked = append(asked, name)
			}
			if ok, err := f.step("quotas").Hand.When.About(name, f.sc); err != nil || ok != c.quotas {
				t.Errorf("%s: quotas of %s: %t, %v", c.fault, name, ok, err)
			}
		}
		if !slices.Equal(asked, c.limits) {
			t.Errorf("%s: limits of %v", c.fault, asked)
		}
	}
	f := newFlow(t, "instance-error", "database", nil) // the operator went on without
	for _, step := range []string{"limits", "quotas"} {
		if ok, err := f.step(step).Hand.When.About("db1", f.sc); err != nil || ok {
			t.Errorf("%s: %t, %v", step, ok, err)
		}
	}
}

// What is typed afterwards proves what a look over SSH proves.
func TestInstanceErrorProof(t *testing.T) {
	for said, want := range map[string]bool{"yes": false, "no": true} {
		facts := map[string]map[string]any{"db1": plain(typed(t, "instance-error", "after", map[string]string{"console_errors": said}))}
		f := newFlow(t, "instance-error", "database", facts)
		f.sc.Lets["instances"] = []any{guest1}
		if ok, err := f.step("proven").Prove[0].That.Bool(f.sc); err != nil || ok != want {
			t.Errorf("%s: %t, %v", said, ok, err)
		}
	}
	for _, c := range []struct {
		after any
		want  bool
	}{{[]any{guest2}, true}, {[]any{guest1}, false}} {
		f := newFlow(t, "instance-error", "database", map[string]map[string]any{"db2": {"errors_after": c.after}})
		f.sc.Lets["instances"] = []any{guest1}
		if ok, err := f.step("proven").Prove[0].That.Bool(f.sc); err != nil || ok != c.want {
			t.Errorf("%v: %t, %v", c.after, ok, err)
		}
	}
}

// A volume that is typed is what a volume that was read is.
func TestInstanceDataCards(t *testing.T) {
	const v = "6d3a11d0-71a2-4d0b-a2a4-6f0d1f2b5a10"
	for said, let := range map[string]string{
		"1 in-use 0 " + guest1 + " -": "endangered", "0 available 0 " + guest1 + " -": "kept", "1 in-use 1 " + guest1 + " -": "saved",
		"1 in-use 1 " + guest1 + " attached": "rescued", "0 gone 0 " + guest1 + " -": "broken", "1 error_deleting 0 " + guest1 + " -": "broken", "1 reserved 0 " + guest1 + " -": "busy",
	} {
		out := judged(t, "instance.data", map[string]map[string]steps.Value{"db1": typed(t, "instance-data", "volumes", map[string]string{"volumes": v + " " + said})}, nil)
		for _, name := range []string{"endangered", "kept", "saved", "broken", "busy", "rescued"} {
			if got := list(t, out, name); (got == v) != (name == let) {
				t.Errorf("%s: %s is %q", said, name, got)
			}
		}
		if got := list(t, out, "victims"); (got == guest1) == (let == "broken" || let == "rescued") {
			t.Errorf("%s: of %q", said, got)
		}
	}
	for _, wrong := range []string{"", "none", v, v[:8] + " 1 in-use 0 " + guest1 + " -", v + " NULL in-use 0 " + guest1 + " -", v + " 1 in-use 0 " + guest1, v + " 1 in-use 0 " + guest1 + " yes", v + "';-- 1 in-use 0 " + guest1 + " -"} {
		if _, ok := box(t, "instance-data", "volumes", "volumes").Take(wrong); ok {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// The data of one project is not given to another, whoever has read whose the instances are.
func TestInstanceDataOwned(t *testing.T) {
	const one, other = "4f2a90c1d2e34f5aa6b7c8d9e0f10213", "4f2a90c1d2e34f5aa6b7c8d9e0f10214"
	for _, c := range []struct{ state, target, old, want string }{
		{"active", one, one, "true true"}, {"active", one, other, "true false"}, {"building", one, one, "false true"}, {"unknown", "-", "none", "false false"}, {"active", one, "none", "true false"},
	} {
		facts := map[string]map[string]any{"db1": plain(typed(t, "instance-data", "target", map[string]string{"target_state": c.state, "target_project": c.target, "old_project": c.old}))}
		f := newFlow(t, "instance-data", "database", facts)
		var got []bool
		for _, proof := range f.step("owned").Prove {
			ok, err := proof.That.Bool(f.sc)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, ok)
		}
		if said := strings.Trim(fmt.Sprint(got), "[]"); said != c.want {
			t.Errorf("%+v: %s", c, said)
		}
	}
	for name, wrong := range map[string]string{"target_state": "ACTIVE", "target_project": "4f2a", "old_project": "-"} {
		refuses(t, "instance-data", "target", name, wrong)
	}
}
