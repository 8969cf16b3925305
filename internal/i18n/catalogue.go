package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang      Lang
	Problems  Problems
	CLI       CLI
	Lab       Lab
	Words     Words
	Questions Questions
	Plain     Plain
	Report    Report
	UI        UI
	Steps     Steps
	Hosts     Hosts
	Help      Help
	Answers   Answers
	Answering Answering
	Diagnose  Diagnose
	Runbook   Runbook

	AnswerScreens AnswerScreens
	Summary       Summary
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	if l == Korean {
		return &Catalogue{
			Lang: l, Problems: problemsKo(), Steps: stepsIn(l), Hosts: hostsIn(l), Help: helpIn(l), Answers: answersIn(l), Answering: answeringIn(l), Diagnose: diagnoseIn(l), Runbook: runbookIn(l), AnswerScreens: answerScreensIn(l), Summary: summaryIn(l),
			CLI:       cliKo(),
			Lab:       labKo(),
			Words:     wordsKo(),
			Questions: questionsKo(),
			Plain:     plainKo(),
			Report:    reportKo(),
			UI:        uiKo(),
		}
	}
	return &Catalogue{
		Lang: English, Problems: problemsEn(), Steps: stepsIn(English), Hosts: hostsIn(English), Help: helpIn(English), Answers: answersIn(English), Answering: answeringIn(English), Diagnose: diagnoseIn(English), Runbook: runbookIn(English), AnswerScreens: answerScreensIn(English), Summary: summaryIn(English),
		CLI:       cliEn(),
		Lab:       labEn(),
		Words:     wordsEn(),
		Questions: questionsEn(),
		Plain:     plainEn(),
		Report:    reportEn(),
		UI:        uiEn(),
	}
}
