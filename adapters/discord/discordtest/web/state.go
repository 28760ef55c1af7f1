package web

import (
	"net/http"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// state is all that the page shows to one member in one channel.
type state struct {
	Guilds    []named        `json:"guilds"`
	Guild     discordtest.ID `json:"guild"`
	Members   []person       `json:"members"`
	Member    discordtest.ID `json:"member"`
	Roles     []named        `json:"roles"`
	Places    []place        `json:"places"`
	Channel   discordtest.ID `json:"channel"`
	CanSend   bool           `json:"canSend"`
	Topic     string         `json:"topic"`
	Messages  []message      `json:"messages"`
	Commands  []command      `json:"commands"`
	Menu      []string       `json:"menu"`
	Modal     *form          `json:"modal"`
	Notice    string         `json:"notice"`
	Connected int            `json:"connected"`
	Faults    []weather      `json:"faults"`
}

type named struct {
	ID   discordtest.ID `json:"id"`
	Name string         `json:"name"`
}

type person struct {
	named
	Locale string `json:"locale"`
	Roles  string `json:"roles"`
	DMs    bool   `json:"dms"`
}

// place is a channel, category, thread or DM in the list.
type place struct {
	named
	Type     int            `json:"type"`
	Parent   discordtest.ID `json:"parent,omitzero"`
	Archived bool           `json:"archived"`
	Locked   bool           `json:"locked"`
}

type message struct {
	ID          discordtest.ID           `json:"id"`
	Author      string                   `json:"author"`
	Mine        bool                     `json:"mine"`
	Bot         bool                     `json:"bot"`
	System      bool                     `json:"system"`
	Content     string                   `json:"content"`
	Embeds      []discordtest.Embed      `json:"embeds"`
	Components  []discordtest.Component  `json:"components"`
	Attachments []discordtest.Attachment `json:"attachments"`
	Stickers    []string                 `json:"stickers"`
	Poll        string                   `json:"poll"`
	Forwarded   string                   `json:"forwarded"`
	ReplyTo     discordtest.ID           `json:"replyTo,omitzero"`
	Reactions   map[string]int           `json:"reactions"`
	At          string                   `json:"at"`
	Edited      bool                     `json:"edited"`
	Pinned      bool                     `json:"pinned"`
	Ephemeral   bool                     `json:"ephemeral"`
	Loading     bool                     `json:"loading"`
}

type command struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Options     []option `json:"options"`
}

type option struct {
	Name        string               `json:"name"`
	Label       string               `json:"label"`
	Description string               `json:"description"`
	Type        int                  `json:"type"`
	Required    bool                 `json:"required"`
	Choices     []discordtest.Choice `json:"choices"`
}

// form is a modal.
type form struct {
	Key    discordtest.ID `json:"key"`
	Title  string         `json:"title"`
	Fields []field        `json:"fields"`
}

type field struct {
	Type        int                  `json:"type"`
	Key         string               `json:"key"`
	Label       string               `json:"label"`
	Description string               `json:"description"`
	Placeholder string               `json:"placeholder"`
	Value       string               `json:"value"`
	Required    bool                 `json:"required"`
	Line        bool                 `json:"line"`
	Least       int                  `json:"least"`
	Most        int                  `json:"most"`
	Options     []discordtest.Option `json:"options"`
}

func (s *Site) state(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	g := s.guild(idOf(query.Get("guild")))
	if g == nil {
		answer(w, http.StatusNotFound, map[string]string{"error": "no guild was founded"})
		return
	}
	m := member(g, idOf(query.Get("member")))
	out := &state{Guild: g.ID(), Member: m.ID(), Connected: s.discord.Connected(), Faults: s.weather()}
	for _, other := range s.discord.Guilds() {
		out.Guilds = append(out.Guilds, named{other.ID(), other.Name()})
	}
	out.people(g)
	channels := seen(g, m)
	out.Places = places(channels)
	out.look(chosen(channels, idOf(query.Get("channel"))), m)
	s.answers(out, m)
	answer(w, http.StatusOK, out)
}

func (st *state) people(g *discordtest.Guild) {
	for _, role := range g.Roles() {
		st.Roles = append(st.Roles, named{role.ID(), role.Name()})
	}
	for _, m := range g.Members() {
		p := person{named: named{m.ID(), m.Name()}, Locale: m.Language(), DMs: m.OpenToDMs()}
		for _, role := range g.Roles() {
			if m.Has(role) {
				p.Roles += role.Name() + " "
			}
		}
		if m.ID() == g.Owner().ID() {
			p.Roles += "owner"
		}
		st.Members = append(st.Members, p)
	}
}

// seen are the channels that the member sees, and their DM with the bot.
func seen(g *discordtest.Guild, m *discordtest.Member) []*discordtest.Channel {
	var out []*discordtest.Channel
	for _, ch := range g.Channels() {
		if ch.SeenBy(m) {
			out = append(out, ch)
		}
	}
	return append(out, m.DM())
}

func places(channels []*discordtest.Channel) []place {
	var out []place
	for _, ch := range channels {
		p := place{named: named{ch.ID(), ch.Name()}, Type: ch.Type(), Archived: ch.Archived(), Locked: ch.Locked()}
		if parent := ch.Parent(); parent != nil {
			p.Parent = parent.ID()
		}
		out = append(out, p)
	}
	return out
}

// chosen is the channel that is asked for, or the first to write in.
func chosen(channels []*discordtest.Channel, id discordtest.ID) *discordtest.Channel {
	i := slices.IndexFunc(channels, func(ch *discordtest.Channel) bool { return ch.ID() == id })
	if i < 0 {
		i = max(0, slices.IndexFunc(channels, func(ch *discordtest.Channel) bool { return ch.Type() == discordtest.TypeText }))
	}
	return channels[i]
}

const shownMessages = 100

func (st *state) look(ch *discordtest.Channel, m *discordtest.Member) {
	st.Channel, st.CanSend, st.Topic, st.Menu = ch.ID(), ch.CanSend(m), ch.Topic(), ch.MenuFor(m)
	all := ch.VisibleTo(m)
	for _, one := range all[max(0, len(all)-shownMessages):] {
		st.Messages = append(st.Messages, shown(one, m))
	}
	for _, c := range ch.CommandsFor(m) {
		out := command{Name: c.Name, Description: c.Description}
		for _, o := range c.Options {
			out.Options = append(out.Options, option{o.Name, o.Label, o.Description, o.Type, o.Required, o.Choices})
		}
		st.Commands = append(st.Commands, out)
	}
}

func shown(m *discordtest.Message, to *discordtest.Member) message {
	return message{
		ID: m.ID, Author: m.Author, Mine: m.AuthorID == to.ID(), Bot: m.FromBot, System: m.System, Content: m.Content, Embeds: m.Embeds,
		Components: m.Components, Attachments: m.Attachments, Stickers: m.Stickers, Poll: m.Poll, Forwarded: m.Forwarded,
		ReplyTo: m.ReplyTo, Reactions: m.Reactions, At: m.At.Format("2006-01-02T15:04:05Z07:00"), Edited: m.Edited, Pinned: m.Pinned,
		Ephemeral: m.Ephemeral, Loading: m.Loading,
	}
}

// answers adds what the bot answered to the member's last interaction: a modal, or that it said nothing.
func (s *Site) answers(st *state, m *discordtest.Member) {
	in := s.interaction(m)
	if in == nil {
		return
	}
	switch {
	case in.Err() != nil:
		st.Notice = in.Err().Error()
	case in.Late():
		st.Notice = "The application did not respond."
	}
	modal := in.Modal()
	if modal == nil {
		return
	}
	st.Modal = &form{Key: in.ID(), Title: modal.Title}
	for _, f := range modal.Fields {
		st.Modal.Fields = append(st.Modal.Fields, field{
			f.Type, f.CustomID, f.Label, f.Description, f.Placeholder, f.Value, f.Required, f.Style == 1,
			max(f.MinLength, f.MinValues), max(f.MaxLength, f.MaxValues), f.Options,
		})
	}
}
