// Package logbook keeps what happened at each station.
package logbook

import "strings"

// An Entry is one line of a page.
type Entry struct {
	Hour float64 // simulated hour
	Text string
}

// A Book has one page for each station. Make it with New.
type Book struct {
	pages map[string][]Entry
}

// longest is the length of a page; older entries are dropped.
const longest = 20

// New returns an empty book.
func New() *Book {
	return &Book{pages: make(map[string][]Entry)}
}

// Record writes a line on a station's page. Blank lines are left out.
func (b *Book) Record(station string, hour float64, text string) {
	if text = strings.TrimSpace(text); text != "" {
		b.put(station, Entry{hour, text})
	}
}

// put adds an entry to a page. It is small enough to be inlined.
func (b *Book) put(station string, entry Entry) {
	page := append(b.pages[station], entry)
	b.pages[station] = page[max(0, len(page)-longest):] // FAIL nil-map
}

// Latest returns up to n entries of a station, newest first.
func (b *Book) Latest(station string, n int) []Entry {
	page := b.pages[station]
	latest := make([]Entry, 0, n)
	for i := len(page) - 1; i >= 0 && len(latest) < n; i-- {
		latest = append(latest, page[i])
	}
	return latest
}
