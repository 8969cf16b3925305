package i18n

// AnswerScreens is what the full-screen wizard for answers says by itself. English is in
// answer_screens_en.go, Korean in answer_screens_ko.go.
type AnswerScreens struct {
	// Home and the list where answering begins.
	Title, HomeAbout, GoOn, GoOnAbout, New, NewAbout, SecondAbout, Existing, OpenFile, OpenAbout string
	Path, PathNeeded, WhichInstaller, Unreadable, Remove, RemoveBody, DraftCount                 string

	// Questions.
	Empty, WillBeMade, NoteKept, NoteFile, NoteHosts, NoteDocs, NoteDefault, NoteMade, NoteMissing                 string
	MissingWhy, DefaultIs, IsDefault, OneOf, SecretThere, SecretNone, NotRead, KeepHint, TypeIt                    string
	MoreRows, WasReset, Undone, NothingToUndo, WasRead, Unfinished, KeptForLater, Saving, Saved, Unsaved, NotSaved string

	// Hosts.
	Roles, Paste, PasteAbout, NoHosts, Look, LookSum, Down, Unreached, UnreachedFine, Asking, NotAsked string

	// Search and review.
	Search, FoundKeys, OnlyChanged, NoKeys, Review, Sum, MustAnswer, Findings, Differs, NothingFound string
	NoField, Files, Whole, Diff, NoDiff, NoBefore, MadeLater                                         string

	// Export.
	ExportWrong, ExportWrongBody, ExportAnyway, ExportFile, ExportFolder, ExportBody, Making, Exported string
	Exported600, BeforeIs, WhatNext, NextPackstack, NextKolla, ToInstall                               string

	// Keys at the foot.
	KeyFileOpen, KeyRemove, KeyAccept, KeyEdit, KeyTake, KeyDrop, KeyKeep, KeyTurn, KeyReset, KeyUndo string
	KeyRoles, KeyRole, KeyPaste, KeyLook, KeyNextRole, KeyToList, KeyChanged, KeyJump, KeyExport      string
	KeyFile                                                                                           string

	// Help.
	HelpRemove, HelpAccept, HelpEdit, HelpTurn, HelpReset, HelpUndo, HelpKeep, HelpSearchKeys, HelpReview string
	HelpPageBack, HelpRoles, HelpRole, HelpPaste, HelpLook, HelpChanged, HelpJump, HelpFiles, HelpDiff    string
	HelpExport                                                                                            string
}

func answerScreensIn(l Lang) AnswerScreens {
	if l == Korean {
		return answerScreensKo()
	}
	return answerScreensEn()
}
