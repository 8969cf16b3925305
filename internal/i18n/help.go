package i18n

// Help is the words of "stackhand help" and of each command's --help.
type Help struct {
	HeadUsage, HeadCommands, HeadFlags, HeadGlobal string
	Command, Flags                                 string // in a usage line
	More                                           string // {command}
	Default                                        string // {value}
	FlagHelp                                       string
	Help, Completion, CompletionLong               string
	NoCommand                                      string // {name}
}

func helpIn(l Lang) Help {
	if l == Korean {
		return Help{
			HeadUsage: "사용법:", HeadCommands: "명령:", HeadFlags: "옵션:", HeadGlobal: "공통 옵션:",
			Command: "[명령]", Flags: "[옵션]",
			More:    "명령별 도움말: {command} --help",
			Default: "(기본값: {value})", FlagHelp: "이 도움말을 표시합니다",
			Help: "명령의 도움말을 표시합니다", Completion: "셸 자동 완성 스크립트를 출력합니다",
			CompletionLong: "셸 자동 완성 스크립트를 출력합니다. 호스트, 절차, 작업 이름도 완성합니다.\n\n" +
				"지금 쓰는 bash에 적용:\n  source <(stackhand completion bash)\n" +
				"이후 모든 bash에 적용 (bash-completion 패키지 필요):\n  stackhand completion bash > /etc/bash_completion.d/stackhand",
			NoCommand: "그런 명령이 없습니다: {name}",
		}
	}
	return Help{
		HeadUsage: "Usage:", HeadCommands: "Commands:", HeadFlags: "Flags:", HeadGlobal: "Flags of all these commands:",
		Command: "[command]", Flags: "[flags]",
		More:    "Help for one command: {command} --help",
		Default: "(default: {value})", FlagHelp: "show this help",
		Help: "show the help of a command", Completion: "print a completion script for a shell",
		CompletionLong: "Prints a completion script for a shell. It also completes hosts, procedures and runs.\n\n" +
			"In the bash that is open:\n  source <(stackhand completion bash)\n" +
			"In every bash from now on (needs the package bash-completion):\n  stackhand completion bash > /etc/bash_completion.d/stackhand",
		NoCommand: "there is no such command: {name}",
	}
}
