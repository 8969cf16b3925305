// Package interview is one answering session, whatever shows it: it holds the draft of one
// set of answers for an installer, says what to ask next and with which default, refuses what
// the installer would refuse, and makes the files.
//
// A Draft is a plain value in memory for one goroutine. It does no input and no output: what
// is read (a file to begin with, the interfaces of hosts) is handed in, what is to be kept
// comes out as Saved, what is to be written as Files. Every change gives a Saved with a higher
// Rev; who shows the session hands it to a Store before the next question.
//
//	d, err := interview.New("east", interview.Installer{Format: "packstack-train", Mode: "multi-node"})
//	d.UseSite(s)                         // hosts, roles, networks
//	d.UseInterfaces(map)                 // what the hosts really have, where they could be asked
//	for _, p := range d.Pages() {        // a page that does not apply is not there
//		for _, f := range p.Fields { … }     // key, label, help, default, value, origin, findings
//	}
//	err = d.Set("CONFIG_NTP_SERVERS", "192.0.2.1")   // *Refusal: what would be right
//	store.Save(d.Saved())                // after every answer
//	files, err := d.Files(rand.Reader)   // the real bytes, with secrets
//
// Everything that is asked has a key, so that a screen needs one kind of field. Keys of the
// catalogue are the installer's; those of the session itself begin with "@":
//
//	@installer      choice of Installers, as FORMAT/MODE
//	@file           the file to begin with; the caller reads it and calls Import
//	@hosts.ROLE     hosts of a role: names, addresses, "name address" pairs, folded ranges (hosts.go)
//	@net.NETWORK    CIDR of a network of the site
//	@if.PURPOSE     interface for a purpose on all hosts; differences behind it: eth1 cmp03=ens5
//
// Answers are kept by installer, so that changing the mode, or going back, loses none; those of
// questions whose condition does not hold stay in the draft and count again when it does.
//
// Secrets are apart: Saved.State holds none in clear, Saved.Secrets holds them by name, for a
// file of their own. Secrets that the installer's generator makes are made once a draft (the
// first Files), so that exporting twice gives the same bytes.
//
// It may import answers and the packages below it, internal/i18n, internal/problem and
// internal/site; no screen, no SSH, no files.
package interview
