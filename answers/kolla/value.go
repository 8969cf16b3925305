package kolla

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Kind is the type that PyYAML gives a value.
type Kind string

// The kinds. Vault is text that ansible-vault encrypted (!vault): set, and not readable here.
const (
	Null   Kind = "null"
	String Kind = "string"
	Bool   Kind = "bool"
	Int    Kind = "int"
	Float  Kind = "float"
	Date   Kind = "date"
	List   Kind = "list"
	Map    Kind = "map"
	Vault  Kind = "vault"
)

// Value is a value as Kolla-Ansible gets it.
type Value struct {
	Kind Kind
	Text string  // String: itself; Int: in decimal; Float, Date: as written
	Bool bool    // Bool
	List []Value // List
	Map  []Pair  // Map, in the order of the file; the last of equal keys counts
}

// Pair is one key of a map.
type Pair struct {
	Key   string
	Value Value
}

// Str is a string.
func Str(s string) Value { return Value{Kind: String, Text: s} }

// YesNo is what Kolla's own files write for a switch: the string "yes" or "no".
func YesNo(b bool) Value {
	if b {
		return Str("yes")
	}
	return Str("no")
}

// Boolean is true or false.
func Boolean(b bool) Value { return Value{Kind: Bool, Bool: b} }

// Number is an integer.
func Number(n int) Value { return Value{Kind: Int, Text: strconv.Itoa(n)} }

// Truth is what Ansible's filter bool makes of a value: true for yes, on, true and 1 in any
// case; everything else is false (ansible/plugins/filter/core.py, to_bool).
func (v Value) Truth() bool {
	switch v.Kind {
	case Bool:
		return v.Bool
	case String:
		switch strings.ToLower(v.Text) {
		case "yes", "on", "1", "true":
			return true
		}
	case Int:
		return v.Text == "1"
	case Float:
		f, err := strconv.ParseFloat(strings.ReplaceAll(v.Text, "_", ""), 64)
		return err == nil && f == 1
	}
	return false
}

// Switch tells whether a value is one that people write for yes or no.
func (v Value) Switch() bool {
	switch v.Kind {
	case Bool:
		return true
	case Int:
		return v.Text == "0" || v.Text == "1"
	case String:
		switch strings.ToLower(v.Text) {
		case "yes", "no", "on", "off", "true", "false", "0", "1":
			return true
		}
	}
	return false
}

// String is the value as a template would show it, for findings; lists and maps are only named.
func (v Value) String() string {
	switch v.Kind {
	case Bool:
		if v.Bool {
			return "True"
		}
		return "False"
	case Null:
		return ""
	case List, Map, Vault:
		return "(" + string(v.Kind) + ")"
	}
	return v.Text
}

// At is a key of a map, Null where there is none.
func (v Value) At(key string) (Value, bool) {
	for i := len(v.Map) - 1; i >= 0; i-- {
		if v.Map[i].Key == key {
			return v.Map[i].Value, true
		}
	}
	return Value{Kind: Null}, false
}

// Equal tells whether two values are the same to their reader.
func (v Value) Equal(w Value) bool {
	if v.Kind != w.Kind || len(v.List) != len(w.List) || len(v.Map) != len(w.Map) {
		return false
	}
	switch v.Kind {
	case Bool:
		return v.Bool == w.Bool
	case List:
		for i := range v.List {
			if !v.List[i].Equal(w.List[i]) {
				return false
			}
		}
		return true
	case Map:
		for i := range v.Map {
			if v.Map[i].Key != w.Map[i].Key || !v.Map[i].Value.Equal(w.Map[i].Value) {
				return false
			}
		}
		return true
	case Null:
		return true
	}
	return v.Text == w.Text
}

// What an unquoted scalar is in YAML 1.1 (yaml.org/type), as PyYAML's resolver has it: a
// float needs a point, and its exponent a sign; YAML 1.2 and Go's libraries differ.
var (
	boolPattern  = regexp.MustCompile(`^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$`)
	nullPattern  = regexp.MustCompile(`^(?:~|null|Null|NULL|)$`)
	intPattern   = regexp.MustCompile(`^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$`)
	floatPattern = regexp.MustCompile(`^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$`)
	datePattern  = regexp.MustCompile(`^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$`)
)

// resolve gives an unquoted scalar its type; ok is false where PyYAML stops: "=", "<<", a day
// that no month has, a number without digits.
func resolve(text string) (v Value, ok bool) {
	if text == "" {
		return Value{Kind: Null}, true
	}
	if strings.IndexByte("yYnNtTfFoO~-+.0123456789=<", text[0]) < 0 {
		return Str(text), true
	}
	switch {
	case boolPattern.MatchString(text):
		switch strings.ToLower(text) {
		case "yes", "true", "on":
			return Boolean(true), true
		}
		return Boolean(false), true
	case nullPattern.MatchString(text):
		return Value{Kind: Null}, true
	case intPattern.MatchString(text):
		n, ok := integer(text)
		return Value{Kind: Int, Text: n}, ok
	case floatPattern.MatchString(text):
		return Value{Kind: Float, Text: text}, digits(text)
	case datePattern.MatchString(text):
		return Value{Kind: Date, Text: text}, date(text)
	case text == "=", text == "<<":
		return Value{}, false
	}
	return Str(text), true
}

// digits tells whether Python's float would take a float of YAML 1.1.
func digits(text string) bool {
	switch strings.ToLower(strings.TrimLeft(text, "+-")) {
	case ".inf", ".nan":
		return true
	}
	text = strings.TrimLeft(strings.ReplaceAll(text, "_", ""), "+-")
	return strings.IndexFunc(text, unicode.IsDigit) >= 0
}

// integer reads an integer of YAML 1.1 in bases 2, 8, 10, 16 and 60.
func integer(text string) (string, bool) {
	if len(text) > 400 { // nobody means such a number, and Python refuses the longest of them
		return "", false
	}
	text = strings.ReplaceAll(text, "_", "")
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign = "-"
	}
	text = strings.TrimLeft(text, "+-")
	n := new(big.Int)
	ok := true
	switch {
	case text == "0":
	case strings.HasPrefix(text, "0b"):
		_, ok = n.SetString(text[2:], 2)
	case strings.HasPrefix(text, "0x"):
		_, ok = n.SetString(text[2:], 16)
	case strings.HasPrefix(text, "0"):
		_, ok = n.SetString(text, 8)
	default:
		for i, part := range strings.Split(text, ":") {
			d, good := new(big.Int).SetString(part, 10)
			if !good {
				return "", false
			}
			if i > 0 {
				n.Mul(n, big.NewInt(60))
			}
			n.Add(n, d)
		}
	}
	if !ok {
		return "", false
	}
	if n.Sign() != 0 {
		return sign + n.String(), true
	}
	return "0", true
}

// date tells whether a date has a day that exists, and a time that a clock shows.
func date(text string) bool {
	day, clock := text, ""
	if i := strings.IndexAny(text, "Tt \t"); i >= 0 {
		day, clock = text[:i], strings.TrimLeft(text[i+1:], " \t")
	}
	d, err := time.Parse("2006-1-2", day)
	if err != nil || d.Year() == 0 {
		return false
	}
	if clock == "" {
		return true
	}
	part := strings.SplitN(clock, ":", 3)
	hour, _ := strconv.Atoi(part[0])
	minute, _ := strconv.Atoi(part[1])
	second, _ := strconv.Atoi(part[2][:2])
	if hour > 23 || minute > 59 || second > 59 {
		return false
	}
	rest := strings.TrimLeft(part[2][2:], ".0123456789")
	if zone := strings.TrimLeft(rest, " \t+-"); len(zone) > 0 && zone != "Z" {
		h, m, _ := strings.Cut(zone, ":")
		hours, _ := strconv.Atoi(h)
		minutes, _ := strconv.Atoi(m)
		return hours*60+minutes < 24*60
	}
	return true
}
