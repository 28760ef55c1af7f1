package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// sticker is what a message says of a sticker in it.
type sticker struct {
	ID     ID     `json:"id"`
	Name   string `json:"name"`
	Format int    `json:"format_type"` // 1 PNG, 2 APNG, 3 Lottie, 4 GIF
}

// Sticker posts a sticker of the guild; one of that name is made where there is none.
func Sticker(name string) PostOption {
	return func(d *draft) { d.stickers = append(d.stickers, name) }
}

func (s *Server) stickersNamed(names []string) []sticker {
	var out []sticker
	for _, name := range names {
		one, ok := s.stickers[name]
		if !ok {
			one = sticker{s.newID(), name, 1}
			s.stickers[name] = one
		}
		out = append(out, one)
	}
	return out
}

// stickerNames are those of a request, which must exist.
func (s *Server) stickerNames(ids []ID) ([]string, error) {
	var out []string
	for _, id := range ids {
		found := false
		for _, one := range s.stickers {
			if one.ID == id {
				out, found = append(out, one.Name), true
			}
		}
		if !found {
			return nil, notFound(10060, "sticker")
		}
	}
	return out, nil
}

const (
	referenceReply   = 0
	referenceForward = 1
)

// Forwards sends a message on to another channel: a copy that does not change with it.
func (m *Member) Forwards(msg *Message, to *Channel) (*Message, error) {
	var out *Message
	err := m.act(to.c, PermViewChannel|to.c.sendPermission(), func() error {
		if !m.s.may(m, msg.m.channel).Has(PermViewChannel|PermReadHistory) || msg.m.deleted {
			return fmt.Errorf("%w: %s does not see that message", ErrNotAllowed, m.u.displayName())
		}
		d := draft{author: m.u.wire(), from: m.u}
		m.s.forward(&d, msg.m)
		out = m.s.view(m.s.post(to.c, d))
		return nil
	})
	return out, err
}

// forward makes the draft a forward of the message, with copies of its files.
func (s *Server) forward(d *draft, m *message) {
	copied := *m
	copied.attachments = slices.Clone(m.attachments)
	for i, a := range copied.attachments {
		fresh := s.store(m.channel.id, []upload{{name: a.Filename, contentType: a.ContentType, data: s.files[a.path]}})[0]
		fresh.Description = a.Description
		copied.attachments[i] = fresh
	}
	d.snapshot = &copied
	d.reference = &reference{Type: referenceForward, MessageID: m.id, ChannelID: m.channel.id, GuildID: m.channel.guildID()}
}

// snapshotKeys are the fields that a snapshot has of its message.
var snapshotKeys = []string{
	"type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags", "mentions", "mention_roles", "components", "sticker_items",
}

func (s *Server) snapshots(m *message) []map[string]any {
	if m.snapshot == nil {
		return nil
	}
	var all map[string]any
	_ = json.Unmarshal(encode(s.bare(m.snapshot)), &all)
	maps.DeleteFunc(all, func(key string, _ any) bool { return !slices.Contains(snapshotKeys, key) })
	return []map[string]any{{"message": all}}
}

// poll is a question with answers to vote for.
type poll struct {
	question string
	answers  []string
	multi    bool
	ends     time.Time
	votes    [][]ID
}

type pollBody struct {
	Question struct{ Text string }
	Answers  []struct {
		Media struct{ Text string } `json:"poll_media"`
	}
	Multi    bool `json:"allow_multiselect"`
	Duration int  `json:"duration"` // in hours
}

// Poll posts a question with answers to vote for within a day.
func Poll(question string, answers ...string) PostOption {
	return func(d *draft) { d.poll = &poll{question: question, answers: answers} }
}

func (b *messageBody) poll(now time.Time) *poll {
	var body pollBody
	if len(b.Poll) == 0 || json.Unmarshal(b.Poll, &body) != nil || len(body.Answers) == 0 {
		return nil
	}
	p := &poll{question: body.Question.Text, multi: body.Multi, ends: now.Add(time.Duration(body.Duration) * time.Hour)}
	for _, a := range body.Answers {
		p.answers = append(p.answers, a.Media.Text)
	}
	return p
}

// begin gives a poll its end and room for votes.
func (p *poll) begin(now time.Time) {
	if p == nil {
		return
	}
	if !p.ends.After(now) {
		p.ends = now.Add(24 * time.Hour)
	}
	p.votes = make([][]ID, len(p.answers))
}

// Votes for an answer of a poll.
func (m *Member) Votes(msg *Message, answer string) error {
	return m.act(msg.m.channel, PermViewChannel, func() error {
		p := msg.m.poll
		if p == nil || !slices.Contains(p.answers, answer) || !m.s.now().Before(p.ends) {
			return fmt.Errorf("%w: there is no answer %q to vote for", ErrNotAllowed, answer)
		}
		i := slices.Index(p.answers, answer)
		if slices.Contains(p.votes[i], m.u.id) {
			return nil
		}
		p.votes[i] = append(p.votes[i], m.u.id)
		data := deletion(msg.m.channel, "message_id", msg.m.id)
		data["user_id"], data["answer_id"] = m.u.id, i+1
		m.s.send(event{name: "MESSAGE_POLL_VOTE_ADD", channel: msg.m.channel, data: data})
		return nil
	})
}

func (p *poll) wire(now time.Time) map[string]any {
	if p == nil {
		return nil
	}
	answers, counts := []any{}, []any{}
	for i, text := range p.answers {
		answers = append(answers, map[string]any{"answer_id": i + 1, "poll_media": map[string]any{"text": text}})
		if n := len(p.votes[i]); n > 0 {
			counts = append(counts, map[string]any{"id": i + 1, "count": n, "me_voted": false})
		}
	}
	return map[string]any{
		"question": map[string]any{"text": p.question}, "answers": answers, "expiry": stamp(p.ends), "layout_type": 1,
		"allow_multiselect": p.multi, "results": map[string]any{"answer_counts": counts, "is_finalized": !now.Before(p.ends)},
	}
}

// Unfurls adds the preview of a link to a message, as Discord does a moment after it was posted: an update without an
// edit.
func (s *Server) Unfurls(msg *Message, preview Embed) {
	s.change(func() {
		if preview.Type == "" {
			preview.Type = "link"
		}
		msg.m.embeds = append(slices.Clone(msg.m.embeds), preview)
		s.updated(msg.m)
	})
}
