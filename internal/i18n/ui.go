package i18n

// UI is what the full-screen viewer says by itself. English is in ui_en.go, Korean in
// ui_ko.go, in the same order.
type UI struct {
	// The frame: modes, path, notices.
	Looking, Acting, Home, NoSite, Loading, Yes, No, ActTitle, ActBody, ActStay, ActGo string
	LookAgain, ObserveOnly, ProblemNext, TypeName, TypeExactly, HangulIsOn             string

	// Keys at the foot.
	KeyHelp, KeySelect, KeyChoose, KeyOpen, KeyOK, KeyClose, KeyBack, KeyQuit, KeyNext   string
	KeyScroll, KeyScripts, KeyDetail, KeyAgain, KeyField, KeyStart, KeyLog, KeyLogs      string
	KeySteps, KeySearch, KeyActions, KeyFollow, KeyLeave, KeyAnswer, KeyEngine, KeyGrace string
	LinesOf                                                                              string

	// Help.
	HelpTitle, HelpAct, HelpBack, HelpRedraw, HelpQuit, HelpIME, HelpSelect, HelpOpen string
	HelpOpenRun, HelpReport, HelpScroll, HelpPage, HelpEnds, HelpSide, HelpNext       string
	HelpScripts, HelpDetail, HelpSurvey, HelpPlanAgain, HelpStart, HelpTab, HelpUnits string
	HelpAnswer, HelpSearch, HelpFollow, HelpTop, HelpChecks, HelpScript, HelpMenu     string
	HelpOffer, HelpEngine, HelpLeave, HelpLogs, HelpHome                              string

	// Home.
	HomeRuns, HomeInstall, HomeRecover, HomeLook, RunSince, RunAsks, RunParked, RunNobody   string
	AttachAbout, ParkedAbout, NobodyAbout, RunLine, StepCount, HostCount, Hosts, HostsAbout string
	PastRuns, PastAbout, Practice, PracticeAbout, PracticeText, NoSiteHint, ConsoleIsHost   string

	// A procedure.
	OnConsole, StepID, StepAction, StepHosts, StepRisk, RiskDisruptive, RiskDestructive string
	StepCorrections, StepWhen, StepNormal, StepRequires, StepChecks, StepCheckVerify    string
	StepVerifies, StepUndo, NoScript, ActProbe, ActRun, ActFile, ActReboot, ActAsk      string
	ActManual, ActWait                                                                  string

	// Hosts.
	ColHost, ColReach, ColTrust, ColLogin, ColSudo, ColPlatform, ColClock, Looking2        string
	HostFine, NoHosts, HostsGoOn, HostsBad, HostsNotYet, StayHere, GoOn, KeyTitle, KeyBody string
	KeyNo, KeyYes, LoginTitle                                                              string

	// Parameters.
	Params, NoParams, SecretGenerated, SecretSaved, SecretNeeded, BadEmpty, BadInt string
	BadAddress, BadCIDR, BadChoice, BadMatch                                       string

	// Plan.
	Plan, PlanSum, PlanLooking, PlanAlready, PlanChange, PlanOpaque, PlanOpaqueSay                                                            string
	PlanSkip, PlanFolded, PlanReads, PlanUnknown, PlanAsks, PlanLater, PlanRefuses, StartTitle, StartBody, StartRunbook, StartEarly, Starting string

	// Checks.
	Checks, CheckOK, CheckBad, Expected, Found, SeenFrom string

	// A run.
	Run, Opening, StepsOf, HostLost, HostFailed, HostSilent, HostHangs, HostRefuses, HostDropped, HostRebooted, HostDialing, PhaseWaiting string
	PhaseReady, PhaseChecking, PhaseAsking, PhaseRunning, PhaseVerifying, PhaseHeld                                                       string
	PhaseDone, PhaseAlready, PhaseFailed, PhaseSkipped, OutcomeDone, OutcomeFailed                                                        string
	OutcomeRefused, OutcomeUnreachable, OutcomeCancelled, Attempt, NotBegun, NoLog                                                        string
	LogEmpty, Searching, NotFound, Following, SkippedBecause, FileChanged, FileBackup                                                     string
	JobLine, NowRuns, NowVerifies, NowChecks, NowNormal, NowAsks, NowLost, NowSilent, NowNobody, NowDialing                               string
	NowParked, NowOver, NowEmpty, NowWaits, NowBefore, NowAway, NowEngine, ParkedQuestion, ParkedStopped, ParkedDisk                      string
	ParkedTakeover, EngineStarted, RunGoesOn, LeaveTitle, LeaveBody, LeaveHome, LeaveQuit                                                 string
	Goodbye                                                                                                                               string

	// Questions.
	AskConfirm, AskChoose, AskValue, AskManual, AskFailed, AskLost, AskStall, AskSecret                                                                 string
	AskHostKey, AskClaim, AskReach, BodyLost, BodyStall, BodyHostKey, BodyClaim, BodyReach                                                              string
	BodySecret, SecretLabel, ValueLabel, ItPrinted, OnHosts, ShellHint, LookFirst, OptYes                                                               string
	OptNo, OptTyped, OptTake, OptWaive, OptOverride, GuardBody, ReasonBody, OptRetry, OptAgain, OptEdit, OptSkip, OptDrop, OptStop, OptStopJob, OptDone string
	OptRerun, OptWait, TypedTitle, SkipTitle, SkipBody, ReasonLabel, ReasonNeeded                                                                       string
	DropTitle, DropBody, StopTitle, StopBody, SettledElsewhere, AnswersAgain, MenuNothing, MenuStop                                                     string
	MenuSkip, MenuDrop, MenuPark, MenuCancel, MenuEngine, MenuReport, StopJobTitle                                                                      string
	StopJobBody, StopSoft, StopHard, StopHardBody, ParkTitle, ParkBody, ParkGo, ReplyTaken                                                              string
	ReplyStale, ReplyUnknown, ReplyInvalid, ReplyReason, ReplyBusy, ReplyDisk                                                                           string

	// Editing a script.
	EditTitle, EditSave, EditSame, EditFor, EditForBody, EditOne, EditAll, EditDrop string
	EditDropBody, EditDropGo                                                        string

	// The end and the past.
	EndTitle, EndTook, EndSum, EndGoOn, EndGoOnHow, EndBeyond, EndReport, EndEvidence, EndLeaks string
	EndCut, Report, MakingReport, NoRuns                                                        string
}
