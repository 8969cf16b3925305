package run

import (
	"testing"

	"stackhand/internal/i18n"
)

// TestTitleIsFilled: a title says the host that was found, once it was found, and only what
// its own procedure knows.
func TestTitleIsFilled(t *testing.T) {
	title := func(en string) i18n.Text { return i18n.Text{En: en, Ko: en} }
	plan := []PlannedStep{
		{ID: "a", Title: title("From {newest} with ${shell} on {host_name}")}, {ID: "sub/b", Title: title("From {newest}, {port}")},
		{ID: "c", Title: title("Start {item}")}, {ID: "d", Title: title("From {newest}")}, {ID: "e", Title: title("Port {port}")},
	}
	s := Fold([]Event{
		{Seq: 1, Body: RunStarted{Run: "r", Plan: plan, Params: map[string]string{"port": "3306"}}},
		{Seq: 2, Body: Let{Step: "x", Name: "newest", Value: "db1"}},
		{Seq: 3, Body: Let{Step: "sub/x", Name: "newest", Value: []any{"db2", "db3"}}},
		{Seq: 4, Body: UnitReady{Step: "a", Units: []Unit{{Step: "a", Host: "h1"}, {Step: "a", Host: "h2"}}}},
		{Seq: 5, Body: UnitReady{Step: "sub/b", Units: []Unit{{Step: "sub/b"}}}},
		{Seq: 6, Body: UnitReady{Step: "c", Units: []Unit{{Step: "c", Item: "one"}, {Step: "c", Item: "two"}}}},
		{Seq: 7, Body: Let{Step: "x", Name: "newest", Value: "db9"}},
		{Seq: 8, Body: UnitReady{Step: "e", Units: []Unit{{Step: "e"}}}},
	})
	for id, want := range map[string]string{
		"a": "From db1 with ${shell} on h1, h2", "sub/b": "From db2, db3, …", "c": "Start one, two", "d": "From …", "e": "Port 3306",
	} {
		if got := s.Step(id).Name(i18n.English); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	for u, want := range map[Unit]string{
		{Step: "c", Item: "two"}: "Start two", {Step: "a", Host: "h2"}: "From db1 with ${shell} on h2", {Step: "d", Host: "h1"}: "From …", {Step: "none"}: "none",
	} {
		if got := s.UnitName(u, i18n.Korean); got != want {
			t.Errorf("%+v: %q, want %q", u, got, want)
		}
	}
}
