package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang      Lang
	Problems  Problems
	Words     Words
	Questions Questions
	Plain     Plain
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	if l == Korean {
		return &Catalogue{
			Lang:      l,
			Problems:  problemsKo(),
			Words:     wordsKo(),
			Questions: questionsKo(),
			Plain:     plainKo(),
		}
	}
	return &Catalogue{
		Lang:      English,
		Problems:  problemsEn(),
		Words:     wordsEn(),
		Questions: questionsEn(),
		Plain:     plainEn(),
	}
}
