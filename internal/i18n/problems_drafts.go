package i18n

// draftProblems are those of drafts of answers.
func draftProblems() map[string][2]Text {
	return map[string][2]Text{
		"answers.draft.busy": {
			{"The draft is open on another screen: {name}", "다른 화면에서 열려 있는 초안입니다: {name}"},
			{"Leave it there first.", "그 화면에서 먼저 나오십시오."}},
		"answers.draft.save": {
			{"The last answer could not be saved: {name}: {cause}", "마지막 답을 저장하지 못했습니다: {name}: {cause}"},
			{"Make room or mend the folder's rights; the next answer saves everything.", "공간을 확보하거나 디렉터리 권한을 고치십시오. 다음 답을 입력하면 모두 다시 저장합니다."}},
		"answers.kind": {
			{"This is no answer file, globals.yml, passwords.yml or inventory: {file}", "응답 파일, globals.yml, passwords.yml, 인벤토리가 아닙니다: {file}"},
			{"Check the path.", "경로를 확인하십시오."}},
	}
}
