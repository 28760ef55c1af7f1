package render

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"strings"
	"unicode"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const (
	maxAuthor    = 256
	staffColour  = 0x5865F2
	memberColour = 0x99AAB5
)

// Opener opens what is in a file.
type Opener func(ctx context.Context, a *file.Attachment) (io.ReadCloser, error)

// Message shows what was said elsewhere, under the name and picture of who
// said it; the helpdesk's own words stand by themselves. The files follow the
// text; those that are missing have a line in it.
func Message(p channel.Post, missing []string, files []*file.Attachment, open Opener) []wire.Post {
	body := strings.Join(append([]string{p.Message.WithMoments(exactly)}, missing...), "\n")
	parcels := Parcels(files)
	var posts []wire.Post
	if strings.TrimSpace(body) != "" {
		for _, part := range Split(body, maxDescription) {
			posts = append(posts, framed(p, part))
		}
	}
	for i, parcel := range parcels {
		if i > 0 || len(posts) == 0 {
			posts = append(posts, framed(p, names(parcel)))
		}
		posts[len(posts)-1].Files = packed(parcel, open)
	}
	return posts
}

// framed puts a text under its author's name.
func framed(p channel.Post, text string) wire.Post {
	e := wire.Embed{Description: text, Color: memberColour}
	if p.Message.Side != ticket.FromRequester {
		e.Color = staffColour
	}
	if p.Author != nil {
		e.Author = &wire.EmbedAuthor{Name: Clip(p.Author.Name, maxAuthor), IconURL: p.Author.AvatarURL}
	}
	return wire.Post{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}
}

func packed(files []*file.Attachment, open Opener) []wire.File {
	all := make([]wire.File, len(files))
	for i, a := range files {
		all[i] = wire.File{
			Name: a.Name, ContentType: a.ContentType, Size: a.Size,
			Open: func(ctx context.Context) (io.ReadCloser, error) { return open(ctx, a) },
		}
	}
	return all
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
