package i18n

// engineProblems are the problems that internal/engine makes.
func engineProblems() map[string][2]Text {
	return map[string][2]Text{
		"engine.reach": {
			{"{host} cannot be reached.", "호스트에 접속할 수 없습니다. 대상: {host}"},
			{"Look at the host's console and network, then retry.", "호스트의 콘솔과 네트워크를 확인한 뒤 다시 시도하십시오."},
		},
		"engine.claim": {
			{"{host} could not be claimed for this run.", "이 작업을 위해 호스트를 확보하지 못했습니다. 대상: {host}"},
			{"Look at /var/lib/stackhand/claim on the host and at its disk, then retry.", "호스트의 /var/lib/stackhand/claim과 디스크를 확인한 뒤 다시 시도하십시오."},
		},
		"engine.platform": {
			{"Step {step} has no script for {platform}, which {host} runs.", "단계 {step}에는 {platform}용 스크립트가 없습니다. 대상: {host}"},
			{"Skip the unit with a reason, or add a variant for this platform to a copy of the procedure.", "사유를 남기고 건너뛰거나, 절차 사본에 이 플랫폼용 스크립트를 추가하십시오."},
		},
		"engine.expression": {
			{"An expression of the procedure could not be evaluated.", "절차의 식을 계산할 수 없습니다."},
			{"If a fact is missing, look why the step that reads it gave nothing, then retry. Otherwise the procedure is to be corrected.", "값이 없다면 그 값을 읽는 단계가 왜 비었는지 확인한 뒤 다시 시도하십시오. 그렇지 않으면 절차를 고쳐야 합니다."},
		},
		"engine.journal": {
			{"The console cannot write down what happens in run {run}, so nothing more is done. Jobs on the hosts go on.", "작업 {run}의 기록을 콘솔에 쓸 수 없어 더 진행하지 않습니다. 호스트의 작업은 계속됩니다."},
			{"Look at the disk that holds {dir}: an I/O error, or a file system that is read-only. Then go on with: stackhand attach {run}", "{dir} 경로의 디스크를 확인하십시오. 입출력 오류이거나 파일 시스템이 읽기 전용일 수 있습니다. 이후 계속하려면: stackhand attach {run}"},
		},
		"engine.secret": {
			{"Step {step} computed {value}, which holds the secret {secret}. It is kept nowhere.", "단계 {step}에서 계산한 {value}에 비밀 값 {secret}이(가) 들어 있습니다. 이 값은 어디에도 저장하지 않습니다."},
			{"Use the secret in scripts by its own name. The procedure is to be corrected.", "비밀 값은 스크립트에서 그 이름으로 쓰십시오. 절차를 고쳐야 합니다."},
		},
		"engine.step": {
			{"The step could not be carried out on {host}.", "단계를 수행하지 못했습니다. 대상: {host}"},
			{"Look at the cause below, mend it, then retry.", "아래 원인을 해결한 뒤 다시 시도하십시오."},
		},
		"engine.step.failed": {
			{"The script ended with exit status {exit} on {host}.", "스크립트가 종료 코드 {exit}(으)로 끝났습니다. 대상: {host}"},
			{"Read what it printed (the whole log is kept with the run), mend the cause, then retry. A corrected script can be run with edit.", "출력 내용을 확인하고(전체 로그는 작업에 남아 있습니다) 원인을 해결한 뒤 다시 시도하십시오. 스크립트를 고쳐 실행하려면 수정을 선택합니다."},
		},
		"engine.check": {
			{"Check {check} does not hold on {host}: expected {expected}, found {found}.", "점검 {check}이(가) 맞지 않습니다. 대상: {host}. 기대 {expected}, 실제 {found}"},
			{"The check's own remedy says what to look at. Then retry.", "점검에 적힌 조치 방법을 따른 뒤 다시 시도하십시오."},
		},
		"engine.check.unread": {
			{"Check {check} could not be looked at on {host}.", "점검 {check}을(를) 확인하지 못했습니다. 대상: {host}"},
			{"Look at the cause below, mend it, then retry.", "아래 원인을 해결한 뒤 다시 시도하십시오."},
		},
		"engine.check.nobody": {
			{"Check {check} has no host to run on: all of them were dropped from the run.", "점검 {check}을(를) 실행할 호스트가 없습니다. 모두 작업에서 제외되었습니다."},
			{"Look at the effect by hand, then skip the unit with a reason.", "결과를 직접 확인한 뒤 사유를 남기고 건너뛰십시오."},
		},
		"engine.dropped": {
			{"{host} was dropped from the run and is not looked at any more.", "작업에서 제외되어 더 이상 확인하지 않는 호스트입니다. 대상: {host}"},
			{"Skip the unit with a reason, or start a new run once the host is back.", "사유를 남기고 건너뛰거나, 호스트가 복구된 뒤 새 작업을 시작하십시오."},
		},
		"engine.reboot": {
			{"{host} was told to restart, and {for} later it still has not.", "재시작을 지시했지만 {for}이(가) 지나도 재시작되지 않았습니다. 대상: {host}"},
			{"Look at the host's console for what holds it up, then retry.", "호스트의 콘솔에서 원인을 확인한 뒤 다시 시도하십시오."},
		},
		"engine.wait": {
			{"Waited {for}, and this does not hold yet: {until}", "{for} 동안 기다렸지만 조건이 아직 맞지 않습니다: {until}"},
			{"Look at the values read last, then retry to wait again.", "마지막으로 읽은 값을 확인한 뒤 다시 시도하면 더 기다립니다."},
		},
		"engine.confirm.no": {
			{"The operator did not agree to step {step}.", "운영자가 단계 {step}에 동의하지 않았습니다."},
			{"Retry to be asked again, or skip it with a reason.", "다시 시도하면 다시 묻습니다. 또는 사유를 남기고 건너뛰십시오."},
		},
		"engine.action": {
			{"This version cannot do {action}.", "이 버전은 {action} 동작을 지원하지 않습니다."},
			{"Use the version that the procedure was written for.", "절차를 작성한 버전을 사용하십시오."},
		},
		"engine.job.stopped": {
			{"The job on {host} was stopped by the operator.", "운영자가 작업 단계를 중단했습니다. 대상: {host}"},
			{"Look at how far it came, then retry or skip it with a reason.", "어디까지 진행되었는지 확인한 뒤 다시 시도하거나 사유를 남기고 건너뛰십시오."},
		},
		"engine.job.outlives": {
			{"Job {job} of step {step} was told to stop, then killed, and has not ended on {host}. The host stays claimed.", "단계 {step}의 {job}이(가) 중지와 강제 종료 이후에도 끝나지 않았습니다. 호스트는 확보된 상태로 남습니다. 대상: {host}"},
			{"Look at the host: a process that waits for a disk cannot be killed, and a silent host could not be asked. A new run may take the host over once nothing of the job is left.", "호스트를 확인하십시오. 디스크를 기다리는 프로세스는 종료되지 않으며, 응답이 없는 호스트에는 요청을 보낼 수 없습니다. 남은 프로세스가 없으면 새 작업에서 호스트를 넘겨받을 수 있습니다."},
		},
		"engine.job.lost": {
			{"The job on {host} is gone and left no exit status: it was killed, or the disk lost its folder.", "작업이 종료 코드를 남기지 않고 사라졌습니다. 강제 종료되었거나 디스크에서 폴더가 없어졌습니다. 대상: {host}"},
			{"Look at the log and the host for how far it came. Run it again, or say that its work is done.", "로그와 호스트에서 어디까지 진행되었는지 확인하고, 다시 실행하거나 완료된 것으로 처리하십시오."},
		},
		"engine.job.rebooted": {
			{"{host} went down while the job ran.", "작업 도중 호스트가 내려갔습니다. 대상: {host}"},
			{"Look at the log and the host for how far it came. Run it again, or say that its work is done.", "로그와 호스트에서 어디까지 진행되었는지 확인하고, 다시 실행하거나 완료된 것으로 처리하십시오."},
		},
		"engine.refused": {
			{"Not all that must hold does hold; nothing after step {step} is done.", "맞아야 할 조건이 모두 맞지 않아 단계 {step} 다음은 수행하지 않습니다."},
			{"The list of proofs says which one, and why. Mend that, then begin a new run.", "어느 조건이 왜 맞지 않는지는 증명 목록에 있습니다. 해결한 뒤 새 작업을 시작하십시오."},
		},
		"engine.call.refused": {
			{"The procedure {procedure} refused to go on: {why}", "부른 절차가 진행을 거부했습니다: {procedure}. 이유: {why}"},
			{"Its proofs say why. Mend that and retry, which begins it anew; or skip it with a reason.", "증명 목록에서 이유를 확인하고 해결한 뒤 다시 시도하면 처음부터 다시 합니다. 또는 사유를 남기고 건너뛰십시오."},
		},
		"engine.call.unproven": {
			{"The procedure {procedure} does not go on, for this does not hold: {why}", "부른 절차가 진행을 거부했습니다: {procedure}. 충족되지 않은 조건: {why}"},
			{"The list of proofs says why. Mend that and retry, which begins it anew; or skip it with a reason.", "증명 목록에서 이유를 확인하고 해결한 뒤 다시 시도하면 처음부터 다시 합니다. 또는 사유를 남기고 건너뛰십시오."},
		},
		"engine.judge": {
			{"A judgement could not be made.", "판정을 내리지 못했습니다."},
			{"It is a fault of the program: keep the report of this run. Go on by hand from the evidence shown.", "프로그램의 결함입니다. 이 작업의 결과서를 보관하고, 표시된 증적을 보고 직접 판단하십시오."},
		},
		"engine.judge.unknown": {
			{"This version has no judgement {name}, which step {step} wants.", "단계 {step}에 필요한 판정이 이 버전에 없습니다: {name}"},
			{"Use the version that the procedure was written for.", "절차를 작성한 버전을 사용하십시오."},
		},
	}
}
