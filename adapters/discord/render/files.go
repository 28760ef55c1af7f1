package render

import (
	"strings"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Limits of files, in bytes: what any server takes of one, and what is sent in
// one request.
const (
	MaxFile    = 10 << 20
	maxRequest = 24 << 20
)

// fileLine names a file in a text.
const fileLine = "📎 "

// FileLine names a file that does not stand in the message itself, and says why
// if it is known.
func (s Speaker) FileLine(a *file.Attachment) string {
	name := fileLine + EscapeName(a.Name)
	if a.State == file.Pending {
		return s.Say("discord.file.pending", Args{"File": name})
	}
	if a.State == file.Stored && a.Size > MaxFile {
		return s.Say("discord.file.too_large", Args{"File": name, "MegaBytes": (a.Size + 1<<20 - 1) >> 20})
	}
	return s.Say("discord.file.missing", Args{"File": name})
}

// EscapeName keeps a file's name from being read as Markdown.
func EscapeName(name string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "|", `\|`, "[", `\[`, "]", `\]`, "<", `\<`).Replace(name)
}

// Parcels puts files together that go in one request each, in their order.
func Parcels(files []*file.Attachment) [][]*file.Attachment {
	var parcels [][]*file.Attachment
	room := int64(0)
	for _, a := range files {
		if len(parcels) == 0 || a.Size > room {
			parcels, room = append(parcels, nil), maxRequest
		}
		last := len(parcels) - 1
		parcels[last] = append(parcels[last], a)
		room -= a.Size
	}
	return parcels
}

// names lists files where there are no other words.
func names(files []*file.Attachment) string {
	lines := make([]string, len(files))
	for i, a := range files {
		lines[i] = fileLine + EscapeName(a.Name)
	}
	return strings.Join(lines, "\n")
}
