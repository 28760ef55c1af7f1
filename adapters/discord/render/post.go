package render

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	maxAuthor    = 256
	staffColour  = 0x5865F2
	memberColour = 0x99AAB5
)

// Message shows what was said elsewhere, under the name and picture of who
// said it; the helpdesk's own words stand by themselves.
func Message(p channel.Post) []wire.Post {
	var posts []wire.Post
	for _, part := range Split(p.Message.Body, maxDescription) {
		e := wire.Embed{Description: part, Color: memberColour}
		if p.Message.Side != ticket.FromRequester {
			e.Color = staffColour
		}
		if p.Author != nil {
			e.Author = &wire.EmbedAuthor{Name: Clip(p.Author.Name, maxAuthor), IconURL: p.Author.AvatarURL}
		}
		posts = append(posts, wire.Post{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()})
	}
	return posts
}

// Fingerprint tells whether what is shown is what should be.
func Fingerprint(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:12])
}

// Words is a fingerprint of the words of a message, the same for what is sent
// and for how Discord gives it back: blanks are not counted.
func Words(content string, embeds []wire.Embed) string {
	var b strings.Builder
	write := func(s string) {
		b.WriteString(strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, s))
		b.WriteByte(0)
	}
	write(content)
	for _, e := range embeds {
		write(e.Title)
		write(e.Description)
		if e.Author != nil {
			write(e.Author.Name)
		}
		for _, f := range e.Fields {
			write(f.Name)
			write(f.Value)
		}
	}
	return Fingerprint(b.String())
}
