package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang      Lang
	Problems  Problems
	CLI       CLI
	Lab       Lab
	Steps     Steps
	Words     Words
	Questions Questions
	Plain     Plain
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	c := &Catalogue{Lang: l, Problems: problemsEn(), CLI: cliEn(), Lab: labEn()}
	c.Words, c.Questions, c.Plain = wordsEn(), questionsEn(), plainEn()
	if l == Korean {
		c.Problems = problemsKo()
		c.CLI = cliKo()
		c.Lab = labKo()
		c.Words, c.Questions, c.Plain = wordsKo(), questionsKo(), plainKo()
	}
	c.Steps = stepsIn(l)
	return c
}
