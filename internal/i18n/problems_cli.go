package i18n

// cliProblems are the problems of the commands themselves. The replies of the engine are those
// of run.Command.
func cliProblems() map[string][2]Text {
	again := Text{"Look at the question as it stands now, and answer that.", "지금 열려 있는 질문을 확인하고 다시 답하십시오."}
	return map[string][2]Text{
		"cli.param": {
			{"{cause}", "{cause}"},
			{"Enter another value.", "다른 값을 입력하십시오."},
		},
		"cli.reply.stale": {
			{"The question was settled already, by a different answer.", "이미 다른 답으로 처리된 질문입니다."}, again,
		},
		"cli.reply.unknown": {
			{"The engine knows no such question, unit or host any more.", "엔진에 더 이상 없는 질문, 단위 또는 호스트입니다."}, again,
		},
		"cli.reply.invalid": {
			{"The question does not take this answer, or the script is empty.", "이 질문이 받지 않는 답이거나 스크립트가 비어 있습니다."}, again,
		},
		"cli.reply.reason": {
			{"A reason is needed.", "사유가 필요합니다."},
			{"Give one: it goes into the report.", "사유를 입력하십시오. 결과서에 남습니다."},
		},
		"cli.reply.busy": {
			{"Not possible while it is running.", "실행 중에는 할 수 없습니다."},
			{"Stop it first.", "먼저 중지하십시오."},
		},
		"cli.reply.script": {
			{"The script is no valid shell: {cause}", "셸 문법에 맞지 않는 스크립트입니다: {cause}"},
			{"Correct it and send it again. Nothing was run.", "고친 뒤 다시 보내십시오. 아무것도 실행하지 않았습니다."},
		},
		"cli.reply.disk": {
			{"It could not be written down: the console's disk is full.", "콘솔의 디스크가 가득 차서 기록하지 못했습니다."},
			{"Make room on the console, then do it again.", "콘솔의 디스크 공간을 확보한 뒤 다시 하십시오."},
		},
	}
}
