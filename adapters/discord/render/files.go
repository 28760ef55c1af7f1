package render

import (
	"strings"

	"github.com/ticketsys/ticketsys/domain/file"
)

// maxRequest is how many bytes of files are sent in one request, if they are several.
const maxRequest = 24 << 20

// UploadLimit gives how large a file may be, in bytes, in a guild whose boosts reached
// that level; 0 is also for direct messages.
func UploadLimit(tier int) int64 {
	switch {
	case tier >= 3:
		return 100 << 20
	case tier == 2:
		return 50 << 20
	}
	return 10 << 20
}

// fileLine names a file in a text.
const fileLine = "📎 "

// FileLine names a file that does not stand in the message itself, and says why
// if it is known; limit is how large it may be there.
func (s Speaker) FileLine(a *file.Attachment, limit int64) string {
	name := fileLine + EscapeName(a.Name)
	if a.State == file.Pending {
		return s.Say("discord.file.pending", Args{"File": name})
	}
	if a.State == file.Stored && a.Size > limit {
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
