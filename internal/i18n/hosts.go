package i18n

// Hosts is the words of "stackhand hosts".
type Hosts struct {
	Short, ShortCheck, ShortShell string
	FlagJSON                      string
	// The matrix.
	Host, Reach, Trust, Login, Sudo, Platform, Clock string
	Yes, No, Unknown                                 string
	Ahead, Behind, Same                              string // {by}
	SelfWarning                                      string // {host}
	ClockWarning                                     string // {host}, {by}
	// Questions.
	AskKey                              string // {host}, {type}, {fingerprint}
	AskYes                              string
	AskPassword, AskPassphrase, AskSudo string // {host}, {prompt}
	NobodyToAsk                         string
	NoTerminal                          string
}

func hostsIn(l Lang) Hosts {
	if l == Korean {
		return Hosts{
			Short: "사이트의 호스트", ShortCheck: "접속, 신뢰, 로그인, 플랫폼, 시계를 표로 점검", ShortShell: "호스트에서 셸 열기",
			FlagJSON: "한 줄에 한 호스트씩 JSON으로 출력",
			Host:     "호스트", Reach: "접속", Trust: "신뢰", Login: "로그인", Sudo: "sudo", Platform: "플랫폼", Clock: "시계",
			Yes: "예", No: "아니요", Unknown: "-",
			Ahead: "+{by}", Behind: "-{by}", Same: "±{by}",
			SelfWarning:  "주의: 이 콘솔은 사이트의 호스트이기도 합니다: {host}. 재부팅이나 네트워크 단계는 이 프로그램도 끊습니다.",
			ClockWarning: "주의: 시계가 이 장비와 {by} 다릅니다: {host}",
			AskKey:       "{host}: 처음 보는 호스트 키입니다.\n  {type} {fingerprint}\n콘솔에서 본 값과 같습니까? yes를 입력하면 승인합니다: ",
			AskYes:       "yes",
			AskPassword:  "비밀번호({prompt}): ", AskPassphrase: "개인 키의 암호문({prompt}): ", AskSudo: "sudo 비밀번호({prompt}): ",
			NobodyToAsk: "질문에 답할 터미널이 없습니다.",
			NoTerminal:  "셸을 열려면 터미널이 필요합니다.",
		}
	}
	return Hosts{
		Short: "the hosts of a site", ShortCheck: "reach, trust, login, platform and clock of all hosts as a table", ShortShell: "open a shell on a host",
		FlagJSON: "print JSON, one host a line",
		Host:     "HOST", Reach: "REACH", Trust: "TRUST", Login: "LOGIN", Sudo: "SUDO", Platform: "PLATFORM", Clock: "CLOCK",
		Yes: "yes", No: "NO", Unknown: "-",
		Ahead: "+{by}", Behind: "-{by}", Same: "±{by}",
		SelfWarning:  "Warning: this console is itself a host of the site: {host}. Steps that reboot it or change its network end this program too.",
		ClockWarning: "Warning: the clock of {host} is {by} away from this machine's.",
		AskKey:       "The host key of {host} is not known yet.\n  {type} {fingerprint}\nIs that what its console shows? Type yes to accept: ",
		AskYes:       "yes",
		AskPassword:  "Password for {prompt}: ", AskPassphrase: "Passphrase of the key {prompt}: ", AskSudo: "sudo password for {prompt}: ",
		NobodyToAsk: "There is no terminal to ask at.",
		NoTerminal:  "A shell needs a terminal.",
	}
}
