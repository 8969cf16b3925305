package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang      Lang
	Problems  Problems
	Lab       Lab
	Steps     Steps
	Words     Words
	Questions Questions
	Plain     Plain
	Report    Report
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	c := &Catalogue{Lang: l, Problems: problemsEn(), Lab: labEn()}
	c.Words, c.Questions, c.Plain, c.Report = wordsEn(), questionsEn(), plainEn(), reportEn()
	if l == Korean {
		c.Problems = problemsKo()
		c.Lab = labKo()
		c.Words, c.Questions, c.Plain, c.Report = wordsKo(), questionsKo(), plainKo(), reportKo()
	}
	c.Steps = stepsIn(l)
	return c
}
