package i18n

// signatureTexts are what lint says about signatures.yaml and scan.yaml.
func signatureTexts() map[string]Text {
	return map[string]Text{
		"signature.none":       {"no signature in it", "시그니처가 하나도 없습니다"},
		"signature.id":         {"id {id}: it must be lower case letters, digits and hyphens", "id {id}: 소문자, 숫자, 하이픈만 쓸 수 있습니다"},
		"signature.twice":      {"id {id} is there already, in line {first}", "id {id}: 이미 {first}행에 있습니다"},
		"signature.missing":    {"{id}: {what} is missing", "{id}: 빠진 항목 {what}"},
		"signature.language":   {"{what}: both en and ko are needed", "{what}: en과 ko가 모두 필요합니다"},
		"signature.runbook":    {"{id}: there is no runbook {runbook}", "{id}: 없는 런북 {runbook}"},
		"signature.verdict":    {"{id}: verdict {value} must be outage or harmless", "{id}: verdict {value} 값은 outage 또는 harmless여야 합니다"},
		"signature.over":       {"{id}: over names {over}, which is no other signature", "{id}: over에 적은 {over} 시그니처가 없습니다"},
		"signature.word":       {"has: {word} must have at least {least} characters, single blanks only, at most 200 bytes", "has: {word} 값은 {least}자 이상, 공백은 하나씩, 200바이트 이하여야 합니다"},
		"signature.pattern":    {"pattern {pattern}: {what}", "패턴 {pattern}: {what}"},
		"signature.blanks":     {"pattern {pattern}: write single blanks, without \\s and without quantifiers but ?, so that it also fits wrapped lines", "패턴 {pattern}: 줄이 나뉘어도 맞도록 \\s 없이 공백 하나로 쓰고, 공백에는 ? 외의 반복을 쓰지 마십시오"},
		"signature.everything": {"pattern {pattern} fits everything", "패턴 {pattern}: 모든 줄에 맞습니다"},
		"signature.field":      {"field {field} is not known; known are: {known}", "모르는 필드 {field}. 쓸 수 있는 필드: {known}"},
		"signature.example":    {"{id} does not fit its own example: {line}", "{id}: 자신의 예에 맞지 않습니다: {line}"},
		"signature.both":       {"an example of {id} also fits {other}, of another runbook: {line}", "{id}의 예가 다른 런북의 {other}에도 맞습니다: {line}"},
		"scan.value":           {"{what}: {value} does not do: {why}", "{what}: {value} 값을 쓸 수 없습니다: {why}"},
	}
}
