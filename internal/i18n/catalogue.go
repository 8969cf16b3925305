package i18n

// Catalogue is all areas in one language. Areas are added here, one line each.
type Catalogue struct {
	Lang     Lang
	Problems Problems
	UI       UI
}

// For returns the catalogue of a language.
func For(l Lang) *Catalogue {
	if l == Korean {
		return &Catalogue{Lang: l, Problems: problemsKo(), UI: uiKo()}
	}
	return &Catalogue{Lang: English, Problems: problemsEn(), UI: uiEn()}
}
