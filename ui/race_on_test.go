//go:build race

package ui

// raceOn: times mean nothing under the race detector.
const raceOn = true
