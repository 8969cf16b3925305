package steps

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Large and hostile files end soon, whatever they are made of.
func TestHostileFilesEnd(t *testing.T) {
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	head := "id: a\nkind: install\ntitle: {en: A, ko: B}\n"
	params := "params:\n" + many(150, func(i int) string { return fmt.Sprintf("  - {name: p%d}\n", i) })
	for name, src := range map[string]string{
		"too large":       strings.Repeat("x", mostBytes+1),
		"open brackets":   strings.Repeat("[", 1<<20),
		"open braces":     strings.Repeat("{a: ", 1<<18),
		"deep blocks":     many(2000, func(i int) string { return strings.Repeat(" ", i) + "a:\n" }),
		"many parameters": head + "params:\n" + many(20000, func(i int) string { return fmt.Sprintf("  - {name: p%d}\n", i) }) + "steps: [{id: s, probe: x}]\n",
		"many steps":      head + params + "steps:\n" + many(900, func(i int) string { return fmt.Sprintf("  - {id: s%d, on: all, probe: 'echo $p%d'}\n", i, i) }),
		"many keys":       head + "steps:\n  - {" + many(10000, func(i int) string { return fmt.Sprintf("k%d: x, ", i) }) + "}\n",
		"placeholders":    head + params + "steps:\n  - {id: s, manual: {en: '" + strings.Repeat("{p1}{x}{", 100_000) + "'}}\n",
		"long script":     head + "steps:\n  - id: s\n    on: all\n    run: |\n" + strings.Repeat("      x=$(y \"$z\" | w) && [ a ] || { b; }\n", 20_000),
		"nested script":   head + "steps:\n  - {id: s, on: all, probe: '" + strings.Repeat("$(", 20_000) + "'}\n",
		"long expression": head + "steps:\n  - {id: s, on: all, when: '" + strings.Repeat("(", 8000) + "', probe: x}\n",
		"long pattern":    head + "steps:\n  - {id: s, on: all, probe: x, read: {a: '" + strings.Repeat("(a{100}", 8) + strings.Repeat("){100}", 8) + "'}}\n",
	} {
		start := time.Now()
		p, found := Parse("f.yaml", []byte(src))
		all := append(found, p.Lint(testSite())...)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("%s: took %v", name, took)
		} else {
			t.Logf("%s: %v, %d findings", name, took, len(all))
		}
		if len(all) == 0 {
			t.Errorf("%s: nothing wrong?", name)
		}
	}
}
