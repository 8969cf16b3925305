package packstack

import (
	"regexp"
	"slices"
	"strings"

	"stackhand/answers"
)

// Refuses tells why Packstack itself would not take a value for an entry, or its file not
// carry it: the code of the finding with its arguments, or "". What only fails later, or
// together with other values, Check tells.
func Refuses(e *answers.Entry, v string) (code string, args []string) {
	if code := Carries(v); code != "" {
		return code, nil
	}
	if e.Generate != nil && (v == "" || v == Placeholder) {
		return "", nil // made
	}
	for _, name := range e.Validators {
		if code, args := validate(name, v, e.Choices); code != "" {
			return code, args
		}
	}
	if slices.Contains(e.Processors, "bool") && !slices.Contains([]string{"y", "yes", "true", "n", "no", "false"}, strings.ToLower(v)) {
		return "want.choice", []string{"choices", "y, n"}
	}
	if e.Key == "CONFIG_CINDER_VOLUMES_SIZE" && !regexp.MustCompile(`^\d+G$`).MatchString(v) {
		return "want.gigabytes", nil
	}
	return "", nil
}
