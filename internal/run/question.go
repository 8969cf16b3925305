package run

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
