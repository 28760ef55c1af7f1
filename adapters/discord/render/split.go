package render

import (
	"regexp"
	"strings"
)

// Split cuts a text of Markdown into parts of at most limit each, as Discord
// counts, that read like the text: after a line if that leaves no short part,
// else after a word, else between two characters as a reader sees them. Links,
// emoji, mentions and marked words stay whole where they fit. A block of code
// that goes on is closed and begun again; apart from that the sum of the parts
// is the text.
func Split(s string, limit int) []string {
	var parts []string
	opening := "" // with which s begins, and which is not of the text
	for longer(s, limit) {
		blocks := blocksOf(s, limit)
		part := cut(s, opening, limit, blocks)
		rest := s[len(part):]
		opening = ""
		if b, in := blocks.around(len(part)); in {
			part, rest, opening = b.interrupt(part, rest)
		}
		parts = append(parts, part)
		s = opening + rest
	}
	if s == opening && s != "" {
		return parts // the block had just ended
	}
	return append(parts, s)
}

// fence begins and ends a block of code.
const fence = "```"

// leastForBlocks is the limit below which a block is no more than text: closing
// and opening it would take too much of a part.
const leastForBlocks = 64

// block is a block of code: where it lies, and how it begins.
type block struct {
	from, to int
	opening  string
}

type blockList []block

var language = regexp.MustCompile("^```[A-Za-z0-9_+#.-]{0,20}\n")

// window is how many bytes can matter for a part of so many units.
func window(limit int) int { return 8 * limit }

// longer reports whether the text is, without counting all of it.
func longer(s string, limit int) bool { return Length(s[:min(len(s), window(limit))]) > limit }

// blocksOf finds the blocks of code that begin near, and end.
func blocksOf(s string, limit int) blockList {
	if limit < leastForBlocks {
		return nil
	}
	var all blockList
	for at := 0; at <= window(limit); {
		from := strings.Index(s[at:], fence)
		if from < 0 {
			break
		}
		from += at
		to := strings.Index(s[from+len(fence):], fence)
		if to < 0 {
			break
		}
		at = from + len(fence) + to + len(fence)
		opening := language.FindString(s[from:])
		if opening == "" {
			opening = fence
		}
		all = append(all, block{from: from, to: at, opening: opening})
	}
	return all
}

// around finds the block that a cut at the place would interrupt.
func (l blockList) around(at int) (block, bool) {
	for _, b := range l {
		if b.from < at && at < b.to {
			return b, true
		}
	}
	return block{}, false
}

// interrupt ends the block at the end of part and begins it again before rest.
// What is left of it may be nothing but its end.
func (b block) interrupt(part, rest string) (closed, left, opening string) {
	if after, ended := strings.CutPrefix(strings.TrimLeft(rest, "\r\n"), fence); ended {
		return closing(part), after, ""
	}
	opening = b.opening
	if opening == fence {
		opening += "\n"
	}
	return closing(part), rest, opening
}

func closing(part string) string {
	if strings.HasSuffix(part, "\n") {
		return part + fence
	}
	return part + "\n" + fence
}

// cut gives the first part of s. It is longer than what s was made to begin with.
func cut(s, opening string, limit int, blocks blockList) string {
	room := limit
	if len(blocks) > 0 {
		room -= len("\n" + fence)
	}
	part := head(s, room)
	half := max(len(part)/2, len(opening))
	for _, stop := range []string{"\n", " "} {
		if i := strings.LastIndex(part, stop); i >= half {
			part = part[:i+1]
			break
		}
	}
	for _, at := range whole(s, room, blocks) {
		if at[0] < len(part) && len(part) < at[1] && at[0] > len(opening) {
			return s[:at[0]]
		}
	}
	return part
}

// kept are the things that a cut would spoil: links, addresses, Discord's own
// notation, code and marked words within a line.
var kept = regexp.MustCompile(
	`\[[^\[\]\n]+\]\((?:[^()\s]|\([^()\s]*\))+\)` +
		`|https?://[^\s<>]+` +
		`|<(?:a?:\w+:\d+|@[!&]?\d+|#\d+|t:-?\d+(?::\w)?|/[^<>:\n]+:\d+|https?://[^<>\s]+)>` +
		"|`[^`\n]+`" +
		`|\*{1,3}[^*\n]+\*{1,3}|\b_{1,2}[^_\n]+_{1,2}\b|~~[^~\n]+~~|\|\|[^|\n]+\|\|`)

// whole lists what is to stay in one part: whatever is kept and fits, and how a
// block of code begins and ends.
func whole(s string, room int, blocks blockList) [][]int {
	all := kept.FindAllStringIndex(s[:min(len(s), window(room))], -1)
	fits := all[:0]
	for _, at := range all {
		if Length(s[at[0]:at[1]]) <= room/2 {
			fits = append(fits, at)
		}
	}
	for _, b := range blocks {
		fits = append(fits, []int{b.from, b.from + len(b.opening) + 1}, []int{b.to - len(fence), b.to})
	}
	return fits
}
