package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang     Lang
	Problems Problems
	Lab      Lab
	Steps    Steps
	Hosts    Hosts
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	c := &Catalogue{Lang: l, Problems: problemsEn(), Lab: labEn()}
	if l == Korean {
		c.Problems = problemsKo()
		c.Lab = labKo()
	}
	c.Steps = stepsIn(l)
	c.Hosts = hostsIn(l)
	return c
}
