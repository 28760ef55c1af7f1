package render

import (
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/search"
)

// Hit is something that was found, with the ticket in which it stands.
type Hit struct {
	search.Hit

	Number  int64
	Subject string
	URL     string // of the ticket's place; "" if there is none
}

// maxFound is how long a hit is, marks included; five of them fit into an embed.
const maxFound = 900

// Found shows what was found, and what was looked for as the footer, which a later page
// is asked by. next is the place after which it goes on; 0: there is no more.
func (s Speaker) Found(query string, hits []Hit, next int64) wire.Post {
	e := wire.Embed{Title: s.Say("discord.search.title", nil), Footer: &wire.EmbedFooter{Text: query}}
	if len(hits) == 0 {
		e.Description = s.Say("discord.search.nothing", nil)
	}
	for _, h := range hits {
		e.Fields = append(e.Fields, wire.EmbedField{
			Name:  Clip("#"+strconv.FormatInt(h.Number, 10)+" · "+h.Subject, maxTitle),
			Value: s.found(h),
		})
	}
	p := wire.Post{Embeds: []wire.Embed{e}, AllowedMentions: wire.Nobody()}
	if next != 0 {
		p.Components = []wire.Component{wire.Row(wire.Button(wire.Secondary, CustomID(VerbMore, next), s.Say("discord.button.more", nil)))}
	}
	return p
}

// found is the excerpt with its marks, of what it is a part, and where and when it was said.
func (s Speaker) found(h Hit) string {
	var out strings.Builder
	for _, p := range h.Excerpt.Pieces {
		text := escapeText(p.Text)
		if p.Marked {
			text = "**" + text + "**"
		}
		if out.Len()+len(text) > maxFound {
			out.WriteString("…")
			break
		}
		out.WriteString(text)
	}
	kind := s.Say(foundKey(h.Excerpt.Kind), nil)
	if h.URL != "" {
		kind = "[" + kind + "](" + h.URL + ")"
	}
	out.WriteString("\n-# " + kind + " · <t:" + strconv.FormatInt(h.At.Unix(), 10) + ":R>")
	return out.String()
}

// escapeText takes the meaning from all that Discord would make more of than text.
func escapeText(text string) string {
	var out strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\*_~`|>#[]()<@:-", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

func foundKey(k search.PartKind) string {
	return map[search.PartKind]string{
		search.Subject: "discord.search.subject", search.Answer: "discord.search.answer", search.Said: "discord.search.message",
		search.Noted: "discord.search.note", search.TagName: "discord.search.tag", search.Author: "discord.search.author",
		search.Requester: "discord.card.requester", search.Assignee: "discord.card.assignee", search.Participant: "discord.search.participant",
	}[k]
}
