package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// deed is what the page asks to be done in a member's name.
type deed struct {
	Guild   discordtest.ID `json:"guild"`
	Member  discordtest.ID `json:"member"`
	Channel discordtest.ID `json:"channel"`
	Message discordtest.ID `json:"message"`
	Do      string         `json:"do"`
	Key     string         `json:"key"`
	Text    string         `json:"text"`
	Values  []string       `json:"values"`
	Fields  map[string]any `json:"fields"`
	Files   []file         `json:"files"`
	On      bool           `json:"on"`
}

type file struct {
	Name string `json:"name"`
	Data []byte `json:"data"`
}

// maxDeed holds ten files of 10 MiB in base64.
const maxDeed = 140 << 20

// patience is how long a member waits for a component or command that is not there yet.
const patience = 3 * time.Second

var errUnknown = errors.New("there is no such thing to do")

func (s *Site) act(w http.ResponseWriter, r *http.Request) {
	if origin := r.Header.Get("Origin"); origin != "" && origin != "http://"+r.Host {
		answer(w, http.StatusForbidden, map[string]string{"error": "not from this page"})
		return
	}
	var d deed
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxDeed)).Decode(&d); err != nil {
		answer(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if err := s.do(ctx, d); err != nil {
		answer(w, http.StatusConflict, map[string]string{"error": err.Error()})
		return
	}
	answer(w, http.StatusOK, map[string]bool{"done": true})
}

// actor is who acts, and where.
type actor struct {
	*Site
	ctx context.Context
	g   *discordtest.Guild
	m   *discordtest.Member
	ch  *discordtest.Channel
	msg *discordtest.Message
	d   deed
}

func (s *Site) do(ctx context.Context, d deed) error {
	g := s.guild(d.Guild)
	if g == nil {
		return errUnknown
	}
	a := &actor{Site: s, ctx: ctx, g: g, m: member(g, d.Member), ch: s.discord.ChannelByID(d.Channel), d: d}
	if a.ch != nil {
		all := a.ch.VisibleTo(a.m)
		if i := slices.IndexFunc(all, func(m *discordtest.Message) bool { return m.ID == d.Message }); i >= 0 {
			a.msg = all[i]
		}
	}
	if f := a.deeds()[d.Do]; f != nil {
		return f()
	}
	return errUnknown
}

// deeds are those that can be done now: some need a channel, some a message in it.
func (a *actor) deeds() map[string]func() error {
	out := map[string]func() error{"join": a.join, "leave": a.leave, "role": a.role, "dms": a.dms, "fault": a.fault, "dismiss": a.dismiss}
	if a.ch == nil {
		return out
	}
	out["post"], out["run"], out["submit"] = a.post, a.run, a.submit
	if a.msg == nil {
		return out
	}
	out["click"] = func() error { return a.begin(a.m.Clicks(a.ctx, a.msg, a.d.Key)) }
	out["use"] = func() error { return a.begin(a.m.Uses(a.ctx, a.msg, a.d.Key)) }
	out["select"] = func() error { return a.begin(a.m.Selects(a.ctx, a.msg, a.d.Key, a.picked(a.d.Values)...)) }
	out["edit"] = func() error { return a.m.Edits(a.msg, a.d.Text) }
	out["delete"] = func() error { return a.m.Deletes(a.msg) }
	out["react"] = func() error { return a.m.Reacts(a.msg, a.d.Text) }
	return out
}

// begin keeps an interaction to show its answer.
func (a *actor) begin(in *discordtest.Interaction) error {
	a.keep(a.m, in)
	return in.Err()
}

func (a *actor) dismiss() error {
	a.keep(a.m, nil)
	return nil
}

func (a *actor) post() error {
	var opts []discordtest.PostOption
	if a.msg != nil {
		opts = append(opts, discordtest.ReplyTo(a.msg))
	}
	for _, f := range a.d.Files {
		opts = append(opts, discordtest.File(f.Name, f.Data))
	}
	if a.ch.Type() == discordtest.TypeForum {
		_, err := a.m.OpensPost(a.ch, a.d.Key, a.d.Text, nil, opts...)
		return err
	}
	_, err := a.m.Posts(a.ch, a.d.Text, opts...)
	return err
}

func (a *actor) run() error {
	commands := a.ch.CommandsFor(a.m)
	i := slices.IndexFunc(commands, func(c discordtest.Command) bool { return c.Name == a.d.Key })
	if i < 0 {
		return discordtest.ErrNoCommand
	}
	args := discordtest.Args{}
	for _, o := range commands[i].Options {
		text, _ := a.d.Fields[o.Name].(string)
		if text == "" {
			continue
		}
		value, err := a.value(o.Type, text)
		if err != nil {
			return fmt.Errorf("%s: %w", o.Label, err)
		}
		args[o.Name] = value
	}
	return a.begin(a.m.Runs(a.ctx, a.ch, a.d.Key, args))
}

// value is what a text means for an option of that type.
func (a *actor) value(kind int, text string) (any, error) {
	switch kind {
	case 4:
		return strconv.Atoi(text)
	case 5:
		return strconv.ParseBool(text)
	case 10:
		return strconv.ParseFloat(text, 64)
	case 6, 7, 8, 9:
		if found := a.named(idOf(text)); found != nil {
			return found, nil
		}
		return nil, errUnknown
	}
	return text, nil
}

// named is the person, role or channel with that ID.
func (a *actor) named(id discordtest.ID) any {
	for _, m := range a.g.Members() {
		if m.ID() == id {
			return m
		}
	}
	for _, r := range a.g.Roles() {
		if r.ID() == id {
			return r
		}
	}
	if ch := a.discord.ChannelByID(id); ch != nil && id != 0 {
		return ch
	}
	return nil
}

func (a *actor) picked(values []string) []any {
	var out []any
	for _, v := range values {
		if found := a.named(idOf(v)); found != nil {
			out = append(out, found)
			continue
		}
		out = append(out, v)
	}
	return out
}

// submit sends the modal that the member has open.
func (a *actor) submit() error {
	in := a.interaction(a.m)
	if in == nil || in.Modal() == nil {
		return errUnknown
	}
	values := discordtest.Values{}
	for _, f := range in.Modal().Fields {
		switch given := a.d.Fields[f.CustomID].(type) {
		case nil:
		case []any:
			values[f.CustomID] = a.list(f, given)
		default:
			values[f.CustomID] = given
		}
	}
	sent := in.Submit(a.ctx, values)
	if sent.Err() == nil {
		a.keep(a.m, sent)
	}
	return sent.Err()
}

// list are the files or the choices of one field.
func (a *actor) list(f discordtest.ModalField, given []any) any {
	if f.Type == discordtest.ComponentFileUpload {
		var out []discordtest.Upload
		for _, one := range a.d.Files {
			out = append(out, discordtest.Upload{Name: one.Name, Data: one.Data})
		}
		return out
	}
	var values []string
	for _, v := range given {
		values = append(values, fmt.Sprint(v))
	}
	return a.picked(values)
}
