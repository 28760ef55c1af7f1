package hear

import (
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// Text gives what a message says: what it answers as a quotation, its words,
// what else it shows, and what it forwards as quotations. Of a message that says
// and carries nothing, the quotation is nothing that its author said.
func Text(m *wire.Message, n Names) string {
	n = n.knowing(m.Mentions)
	var said, all parts
	said.body(m.Said, n)
	for _, s := range m.Snapshots {
		var forwarded parts
		forwarded.body(s.Message.Said, n.knowing(s.Message.Mentions))
		said.add(quote(forwarded.String()))
	}
	if len(said.list)+len(m.Attachments) > 0 {
		all.add(answered(m, n))
	}
	all.add(said.list...)
	return strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(all.String(), "\uFFFD"), "\x00", ""))
}

// parts are texts, one below the other.
type parts struct{ list []string }

func (p *parts) add(texts ...string) {
	for _, t := range texts {
		if strings.TrimSpace(t) != "" {
			p.list = append(p.list, t)
		}
	}
}

func (p *parts) String() string { return strings.Join(p.list, "\n") }

// body adds all that a message shows besides files.
func (p *parts) body(s wire.Said, n Names) {
	p.add(n.Plain(s.Content))
	p.components(s.Components, n)
	for _, e := range s.Embeds {
		p.embed(e, n)
	}
	p.poll(s.Poll.Is, n)
	for _, sticker := range s.Stickers {
		p.add("🏷️ " + sticker.Name)
	}
}

// embed adds a framed part. What Discord made of a link is left out, since the
// link is there.
func (p *parts) embed(e wire.Embed, n Names) {
	if e.Type != "" && e.Type != "rich" {
		return
	}
	if e.Author != nil {
		p.add(e.Author.Name)
	}
	p.add(n.Plain(e.Title), n.Plain(e.Description))
	for _, f := range e.Fields {
		p.add(n.Plain(f.Name), n.Plain(f.Value))
	}
	if e.Footer != nil {
		p.add(e.Footer.Text)
	}
}

// poll adds a question with its answers.
func (p *parts) poll(poll *wire.Poll, n Names) {
	if poll == nil {
		return
	}
	p.add("📊 " + n.Plain(poll.Question.Text))
	for _, a := range poll.Answers {
		line := n.Plain(a.Media.Text)
		if e := a.Media.Emoji.Is; e != nil {
			line = e.Name + " " + line
		}
		p.add("• " + strings.TrimSpace(line))
	}
}

// components adds the texts of components, whatever they are in.
func (p *parts) components(list []wire.Shown, n Names) {
	for _, c := range list {
		p.component(c, n)
	}
}

func (p *parts) component(c wire.Shown, n Names) {
	p.add(n.Plain(c.Content))
	switch {
	case c.Label != "" && c.URL != "":
		p.add("[" + c.Label + "](" + c.URL + ")")
	case c.Label != "":
		p.add("[" + c.Label + "]")
	}
	p.add(c.Placeholder, c.Description, c.Name)
	for _, item := range c.Items {
		p.add(item.Description)
	}
	p.components(c.Components, n)
	if c.Accessory.Is != nil {
		p.component(*c.Accessory.Is, n)
	}
}

// quote marks each line as another's.
func quote(text string) string {
	if text == "" {
		return ""
	}
	return "> " + strings.ReplaceAll(text, "\n", "\n> ")
}

// quotedMost is how much is quoted of what a message answers, in characters.
const quotedMost = 100

// answered quotes what the message answers: who said it, and how it begins.
func answered(m *wire.Message, n Names) string {
	r := m.Referenced.Is
	if m.Type != wire.MessageReply || r == nil || r.Author == nil {
		return ""
	}
	var said parts
	said.body(r.Said, n.knowing(r.Mentions))
	name := r.Member.Name(r.Author)
	if known := n.User(r.Author.ID); known != "" {
		name = known
	}
	text := said.String()
	if r.Author.Bot && len(r.Embeds) > 0 && r.Embeds[0].Author != nil { // one who speaks through the bot
		name = r.Embeds[0].Author.Name
		text = strings.TrimPrefix(strings.TrimPrefix(text, name), "\n")
	}
	line, rest, _ := strings.Cut(strings.TrimSpace(text), "\n")
	if short := []rune(line); len(short) > quotedMost {
		line, rest = string(short[:quotedMost]), "…"
	}
	if rest != "" {
		line += "…"
	}
	return strings.TrimSpace("> " + name + ": " + line)
}
