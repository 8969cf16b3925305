package run

import (
	"slices"
	"strings"
)

// NeedsReason tells which answers are decisions against the procedure, which the engine takes
// with a reason only.
func (q Question) NeedsReason(value string) bool {
	switch q.Kind {
	case AskChoose, AskValue:
		return false
	case AskWaive, AskGuard:
		return value == q.Typed || value == "skip"
	case AskLost:
		return value == "done" || value == "skip"
	}
	return value == "skip"
}

// Free tells whether a question takes a text of the operator's own, which is journalled.
func (q Question) Free() bool { return q.Kind == AskValue || q.Kind == AskManual && q.Type != "" }

// Refuses tells why an answer cannot be taken (ReplyInvalid), "" when it can.
func (q Question) Refuses(value string) string {
	switch {
	case q.Free() && q.Kind == AskManual:
		if strings.TrimSpace(value) == "" || value == "done" { // a box is filled
			return ReplyInvalid
		}
		return ""
	case q.Typed != "" && (value == q.Typed || value != "yes" && slices.Contains(q.Options, value)):
		return ""
	case q.Typed != "": // what is confirmed by a typed text is confirmed by that only
		return ReplyInvalid
	case len(q.Options) > 0 && !slices.Contains(q.Options, value):
		return ReplyInvalid
	}
	return ""
}
