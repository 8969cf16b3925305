package i18n

// Steps is the procedure language as it speaks to people: what lint finds, and the fixed
// words of the paper copy.
type Steps struct {
	Findings map[string]string // by the finding's code
}

func stepsIn(l Lang) Steps {
	s := Steps{Findings: map[string]string{}}
	for _, area := range []map[string]Text{stepsFileTexts(), stepsValueTexts()} {
		for code, t := range area {
			s.Findings[code] = t.In(l)
		}
	}
	return s
}

// stepsFileTexts are findings about the shape of a procedure's file.
func stepsFileTexts() map[string]Text {
	return map[string]Text{
		"yaml.syntax":     {"not readable as YAML: {what}", "YAML로 읽을 수 없습니다: {what}"},
		"yaml.large":      {"larger than {most} MiB; a procedure is not that long", "{most} MiB보다 큽니다. 절차 파일로 볼 수 없습니다"},
		"yaml.empty":      {"the file has nothing in it, or several documents; one procedure is one document", "내용이 없거나 문서가 여러 개입니다. 절차 하나에 문서 하나여야 합니다"},
		"yaml.deep":       {"nested too deep, or too many entries", "중첩이 너무 깊거나 항목이 너무 많습니다"},
		"yaml.alias":      {"anchors and aliases (&, *) are not part of the language; write it out", "앵커와 별칭(&, *)은 쓸 수 없습니다. 내용을 그대로 적으십시오"},
		"yaml.tag":        {"tags ({tag}) are not part of the language", "태그({tag})는 쓸 수 없습니다"},
		"key.scalar":      {"a key of {what} must be a plain word", "{what}: 키는 단순한 낱말이어야 합니다"},
		"key.duplicate":   {"{key} is there twice; the first is on line {first}", "{key}: 두 번 나옵니다. 처음 나온 곳은 {first}행입니다"},
		"key.later":       {"{key} is not in this version", "{key}: 이 버전에는 없습니다"},
		"key.near":        {"{what} has no key {key}; {near} may be meant", "{what}에 없는 키: {key}. 혹시 {near}?"},
		"key.unknown":     {"{what} has no key {key}; it knows {known}", "{what}에 없는 키: {key}. 쓸 수 있는 키: {known}"},
		"key.name":        {"{key} cannot be a name in {what}: small letters, digits and _ (- for roles and platforms), a letter first", "{what}의 이름으로 쓸 수 없음: {key}. 소문자, 숫자, _ (역할과 플랫폼은 -)만 쓰고 글자로 시작해야 합니다"},
		"key.missing":     {"{what} lacks {key}", "{what}에 빠진 키: {key}"},
		"value.mapping":   {"{what} must be keys with values", "{what}: 키와 값의 묶음이어야 합니다"},
		"value.list":      {"{what} must be a list", "{what}: 목록이어야 합니다"},
		"value.text":      {"{what} must be a text", "{what}: 글이어야 합니다"},
		"value.nul":       {"{what} has a NUL character", "{what}: NUL 문자가 들어 있습니다"},
		"value.empty":     {"{what} is empty", "{what}: 비어 있습니다"},
		"value.word":      {"{what} cannot be {value}; it is one of {words}", "{what}에 쓸 수 없는 값: {value}. 쓸 수 있는 값: {words}"},
		"value.int":       {"{what} must be a whole number, not {value}", "{what}: 정수여야 합니다. 적힌 값: {value}"},
		"value.duration":  {"{what} must be a time such as 30s or 2m, not {value}", "{what}: 30s, 2m 같은 시간이어야 합니다. 적힌 값: {value}"},
		"value.mode":      {"mode must be octal such as 0640, not {value}", "mode: 0640 같은 8진수여야 합니다. 적힌 값: {value}"},
		"value.shape":     {"{value} cannot be the {what}", "{what}에 쓸 수 없는 값: {value}"},
		"role.name":       {"{role} cannot be a role's name", "역할 이름으로 쓸 수 없음: {role}"},
		"on.shape":        {"on is a role, a list of roles, all, {from: …, where: …} or {expr: …}", "on: 역할, 역할 목록, all, {from: …, where: …}, {expr: …} 가운데 하나여야 합니다"},
		"asset.missing":   {"{asset} is not in the file; load it from its folder", "파일 안에 없음: {asset}. 원래 폴더에서 읽어야 합니다"},
		"asset.unread":    {"{asset} cannot be read: {cause}", "읽을 수 없음: {asset}. 원인: {cause}"},
		"asset.text":      {"{asset} is no text", "글 파일이 아님: {asset}"},
		"asset.flow":      {"a file that names assets must be in block style, start in the first column, and end without \"...\"", "asset을 쓰는 파일은 첫 칸에서 시작하는 블록 형식이어야 하고 \"...\"로 끝나면 안 됩니다"},
		"asset.unused":    {"{asset} is not used", "쓰이지 않음: {asset}"},
		"step.action":     {"the step does nothing: it needs one of probe, run, file, reboot, ask, choose, manual, wait, let, end", "단계에 동작이 없습니다. probe, run, file, reboot, ask, choose, manual, wait, let, end 가운데 하나가 필요합니다"},
		"step.actions":    {"the step has several actions ({actions}); make it several steps", "한 단계에 동작이 여럿입니다({actions}). 단계를 나누십시오"},
		"choose.twice":    {"the answer {value} is there twice", "같은 답이 두 번 있음: {value}"},
		"choose.default":  {"the default {value} is none of the answers", "기본값이 선택지에 없음: {value}"},
		"generate.length": {"a generated secret has 12 to 128 characters, not {length}", "생성하는 비밀은 12~128자여야 합니다. 적힌 길이: {length}"},
	}
}

// stepsValueTexts are findings about the values given to a procedure's parameters.
func stepsValueTexts() map[string]Text {
	return map[string]Text{
		"param.unknown": {"there is no parameter {name}", "없는 매개변수: {name}"},
		"param.near":    {"there is no parameter {name}; {near} may be meant", "없는 매개변수: {name}. 혹시 {near}?"},
		"param.secret":  {"{name} is a secret; it is typed or generated, never given here", "{name}: 비밀 값은 직접 입력하거나 생성하며, 여기에 적지 않습니다"},
		"param.from":    {"{name} cannot be computed from the site: {cause}", "site에서 계산할 수 없음: {name}. 원인: {cause}"},
		"param.missing": {"{name} has no default and must be given", "{name}: 기본값이 없으므로 값을 주어야 합니다"},
		"param.bytes":   {"{name} has a NUL or is no UTF-8 text", "{name}: NUL이 있거나 UTF-8이 아닙니다"},
		"param.int":     {"{name} must be a whole number, not {value}", "{name}: 정수여야 합니다. 받은 값: {value}"},
		"param.bool":    {"{name} must be true or false, not {value}", "{name}: true 또는 false여야 합니다. 받은 값: {value}"},
		"param.address": {"{name} must be an IP address, not {value}", "{name}: IP 주소여야 합니다. 받은 값: {value}"},
		"param.cidr":    {"{name} must be a network such as 192.0.2.0/24 with no host part, not {value}", "{name}: 192.0.2.0/24처럼 호스트 부분이 0인 네트워크여야 합니다. 받은 값: {value}"},
		"param.host":    {"{name} must be a host of the site, not {value}", "{name}: site에 있는 호스트여야 합니다. 받은 값: {value}"},
		"param.choice":  {"{name} must be one of {choices}, not {value}", "{name}: {choices} 가운데 하나여야 합니다. 받은 값: {value}"},
		"param.match":   {"{name} must match {match}, not {value}", "{name}: 형식 {match}에 맞아야 합니다. 받은 값: {value}"},
	}
}
