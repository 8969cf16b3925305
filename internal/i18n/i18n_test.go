package i18n

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, tc := range []struct {
		env  map[string]string
		want Lang
	}{
		{map[string]string{}, English},
		{map[string]string{"LANG": "ko_KR.UTF-8"}, Korean},
		{map[string]string{"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, English},
		{map[string]string{"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, Korean},
	} {
		if got := Detect(func(k string) string { return tc.env[k] }); got != tc.want {
			t.Errorf("Detect(%v) = %s, want %s", tc.env, got, tc.want)
		}
	}
}

// Every text is there in both languages and takes the same arguments.
func TestCataloguesAgree(t *testing.T) {
	compare(t, "Catalogue", reflect.ValueOf(*For(English)), reflect.ValueOf(*For(Korean)))
}

func compare(t *testing.T, path string, en, ko reflect.Value) {
	t.Helper()
	switch en.Kind() {
	case reflect.Struct:
		for i := range en.NumField() {
			if name := en.Type().Field(i).Name; name != "Lang" {
				compare(t, path+"."+name, en.Field(i), ko.Field(i))
			}
		}
	case reflect.Map:
		for _, k := range en.MapKeys() {
			if !ko.MapIndex(k).IsValid() {
				t.Errorf("%s[%v]: not in Korean", path, k)
				continue
			}
			compare(t, fmt.Sprintf("%s[%v]", path, k), en.MapIndex(k), ko.MapIndex(k))
		}
	case reflect.String:
		if en.String() == "" || ko.String() == "" {
			t.Errorf("%s: empty (English %q, Korean %q)", path, en, ko)
		}
		if a, b := arguments(en.String()), arguments(ko.String()); !slices.Equal(a, b) {
			t.Errorf("%s: arguments differ: English %v, Korean %v", path, a, b)
		}
	default:
		t.Errorf("%s: a catalogue holds strings, maps and structs only, this is a %s", path, en.Kind())
	}
}

func arguments(s string) []string {
	found := regexp.MustCompile(`\{\w+\}`).FindAllString(s, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestSentencesOfAProcedure: what a procedure says in both languages stands in a problem in the one that is read.
func TestSentencesOfAProcedure(t *testing.T) {
	args := map[string]string{"procedure": "p", "why": "Nobody is there.", "why" + InKorean: "아무도 없습니다."}
	for _, lang := range []Lang{English, Korean} {
		c := For(lang)
		what, _ := c.Problem("engine.call.unproven", "", args)
		if !strings.Contains(what, map[Lang]string{English: "Nobody is there.", Korean: "아무도 없습니다."}[lang]) || strings.Contains(what, map[Lang]string{Korean: "Nobody", English: "아무도"}[lang]) {
			t.Errorf("%s: %s", lang, what)
		}
		if what, _ = c.Problem("not.known", "", args); strings.Contains(what, InKorean) {
			t.Errorf("%s: %s", lang, what)
		}
	}
}
