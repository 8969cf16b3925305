package i18n

// Problems says what failed and what to do next, by problem code (internal/problem).
// A text may use {host} and the arguments that its code documents.
type Problems map[string]ProblemText

// ProblemText is one problem as an operator reads it.
type ProblemText struct {
	What string // what failed
	Next string // what to do next
}

func problemsEn() Problems {
	p := Problems{}
	for code, t := range problemTexts() {
		p[code] = ProblemText{What: t[0].En, Next: t[1].En}
	}
	return p
}

func problemsKo() Problems {
	p := Problems{}
	for code, t := range problemTexts() {
		p[code] = ProblemText{What: t[0].Ko, Next: t[1].Ko}
	}
	return p
}

// problemTexts joins the areas' tables; each room that makes problems has one in a file of
// its own (problems_remote.go …): code -> {what failed, what to do next}.
func problemTexts() map[string][2]Text {
	all := map[string][2]Text{}
	for _, area := range []map[string][2]Text{labProblems(), practiceProblems(), engineProblems(), remoteProblems(), siteProblems(), cliProblems(), answersProblems(), draftProblems()} {
		for code, t := range area {
			all[code] = t
		}
	}
	return all
}
