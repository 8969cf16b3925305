package run

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"stackhand/steps"
)

func (RunStarted) EventType() string    { return "run.started" }
func (EngineStarted) EventType() string { return "engine.started" }
func (HostState) EventType() string     { return "host.state" }
func (UnitReady) EventType() string     { return "unit.ready" }
func (UnitSkipped) EventType() string   { return "unit.skipped" }
func (UnitHeld) EventType() string      { return "unit.held" }
func (UnitEnded) EventType() string     { return "unit.ended" }
func (Fact) EventType() string          { return "fact" }
func (Let) EventType() string           { return "let" }
func (Verdict) EventType() string       { return "verdict" }
func (Question) EventType() string      { return "question" }
func (Answer) EventType() string        { return "answer" }
func (JobIntent) EventType() string     { return "job.intent" }
func (JobClaimed) EventType() string    { return "job.claimed" }
func (JobEnded) EventType() string      { return "job.ended" }
func (JobStop) EventType() string       { return "job.stop" }
func (Check) EventType() string         { return "check" }
func (Edit) EventType() string          { return "edit" }
func (FileChanged) EventType() string   { return "file.changed" }
func (Fetched) EventType() string       { return "fetched" }
func (Leak) EventType() string          { return "leak" }
func (LogTruncated) EventType() string  { return "log.truncated" }
func (RunParked) EventType() string     { return "run.parked" }
func (RunEnded) EventType() string      { return "run.ended" }

// newBody returns an empty body of the type, or nil for a type that this version does not know.
func newBody(name string) any {
	switch name {
	case "run.started":
		return &RunStarted{}
	case "engine.started":
		return &EngineStarted{}
	case "host.state":
		return &HostState{}
	case "unit.ready":
		return &UnitReady{}
	case "unit.skipped":
		return &UnitSkipped{}
	case "unit.held":
		return &UnitHeld{}
	case "unit.ended":
		return &UnitEnded{}
	case "fact":
		return &Fact{}
	case "let":
		return &Let{}
	case "verdict":
		return &Verdict{}
	case "question":
		return &Question{}
	case "answer":
		return &Answer{}
	case "job.intent":
		return &JobIntent{}
	case "job.claimed":
		return &JobClaimed{}
	case "job.ended":
		return &JobEnded{}
	case "job.stop":
		return &JobStop{}
	case "check":
		return &Check{}
	case "edit":
		return &Edit{}
	case "file.changed":
		return &FileChanged{}
	case "fetched":
		return &Fetched{}
	case "leak":
		return &Leak{}
	case "log.truncated":
		return &LogTruncated{}
	case "run.parked":
		return &RunParked{}
	case "run.ended":
		return &RunEnded{}
	}
	return nil
}

// UnmarshalJSON reads the value as facts are read, so that it is after a restart what it was
// before: numbers keep their digits.
func (l *Let) UnmarshalJSON(b []byte) error {
	var raw struct {
		Step  string          `json:"step"`
		Name  string          `json:"name"`
		Value json.RawMessage `json:"value"`

		Absent string `json:"absent"`
	}
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	var v steps.Value
	if raw.Value != nil {
		if err := v.UnmarshalJSON(slices.Concat([]byte(`{"v":`), raw.Value, []byte("}"))); err != nil {
			return err
		}
	}
	*l = Let{raw.Step, raw.Name, v.V, raw.Absent}
	return nil
}

// line is an event as it is written.
type line struct {
	V    int             `json:"v"`
	Seq  int64           `json:"seq"`
	Time time.Time       `json:"time"`
	Type string          `json:"type"`
	Data json.RawMessage `json:"data"`
}

// MarshalJSON writes {"v","seq","time","type","data"}.
func (e Event) MarshalJSON() ([]byte, error) {
	data, err := json.Marshal(e.Body)
	if err != nil {
		return nil, fmt.Errorf("cannot write event %d: %w", e.Seq, err)
	}
	return json.Marshal(line{e.V, e.Seq, e.Time.UTC(), e.Body.EventType(), data})
}

// UnmarshalJSON reads an event; a type or version that it does not know is an error.
func (e *Event) UnmarshalJSON(b []byte) error {
	var l line
	if err := json.Unmarshal(b, &l); err != nil {
		return err
	}
	if l.V != Version {
		return fmt.Errorf("event %d has version %d, this program reads version %d", l.Seq, l.V, Version)
	}
	body := newBody(l.Type)
	if body == nil {
		return fmt.Errorf("event %d has the unknown type %q", l.Seq, l.Type)
	}
	if err := json.Unmarshal(l.Data, body); err != nil {
		return fmt.Errorf("event %d (%s): %w", l.Seq, l.Type, err)
	}
	*e = Event{l.V, l.Seq, l.Time, deref(body)}
	return nil
}

// deref turns the pointer that JSON filled into the value that readers switch on.
func deref(p any) Body {
	switch b := p.(type) {
	case *RunStarted:
		return *b
	case *EngineStarted:
		return *b
	case *HostState:
		return *b
	case *UnitReady:
		return *b
	case *UnitSkipped:
		return *b
	case *UnitHeld:
		return *b
	case *UnitEnded:
		return *b
	case *Fact:
		return *b
	case *Let:
		return *b
	case *Verdict:
		return *b
	case *Question:
		return *b
	case *Answer:
		return *b
	case *JobIntent:
		return *b
	case *JobClaimed:
		return *b
	case *JobEnded:
		return *b
	case *JobStop:
		return *b
	case *Check:
		return *b
	case *Edit:
		return *b
	case *FileChanged:
		return *b
	case *Fetched:
		return *b
	case *Leak:
		return *b
	case *LogTruncated:
		return *b
	case *RunParked:
		return *b
	case *RunEnded:
		return *b
	}
	return nil
}
