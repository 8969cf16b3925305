// Package packstack reads, checks and writes Packstack's answer files.
//
// A Document keeps every byte of a file and changes only the lines of the values that are
// set; it is read twice, as Python 2's and as Python 3's RawConfigParser read it, because
// Packstack runs on either. Check tells everything that is wrong at once, offline. Export
// writes all effective values so that both interpreters read the same. Second derives the
// file for a second controller.
//
// It may import answers, internal/i18n, internal/problem, internal/site and renameio; no
// Bubble Tea, no SSH. Everything but Export's writing is pure.
package packstack
