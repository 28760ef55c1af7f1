package discord_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

const (
	theTicket    id.Ticket    = 12
	theWorkspace id.Workspace = 1
)

// desk is one ticket in memory, and what was recorded of its channel: enough of
// a store for the reconciler alone.
type desk struct {
	t *testing.T

	discord *discordtest.Server
	guild   *discordtest.Guild
	ana     *discordtest.Member
	max     *discordtest.Member
	role    *discordtest.Role
	adapter *discord.Adapter

	mu         sync.Mutex
	now        time.Time
	facts      channel.Facts
	surface    channel.Surface
	messages   []*ticket.Message
	delivered  map[id.Message]channel.Delivery
	places     map[id.Message]string
	forgetSave int // so many of the next records get lost, as by a crash
	saves      int
	lastID     int64
	wished     int // how often it was wished that the channel be looked after
	line       []id.Ticket
}

func (d *desk) ids() int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lastID++
	return d.lastID
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	return newDeskWith(t, false)
}

// newDeskWith gives a desk in a Discord that has its limits enforced, if so wished.
func newDeskWith(t *testing.T, limits bool) *desk {
	t.Helper()
	d := &desk{t: t, now: time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC), delivered: map[id.Message]channel.Delivery{}, places: map[id.Message]string{}}
	srv := discordtest.StartFor(t, discordtest.Options{Now: d.clock, RateLimits: limits})
	srv.GuardPings(t)
	d.discord, d.guild = srv, srv.Guild("Acme")
	d.role = d.guild.Role("support")
	d.ana, d.max = d.guild.Member("Ana"), d.guild.Member("Max", d.role)
	d.guild.AddBot()
	catalogue, err := locales.Load()
	must(t, err)
	d.adapter, err = discord.New(discord.Config{
		Token: srv.Token(), APIURL: srv.APIURL(), Now: d.clock, Catalogue: catalogue, Owner: "me",
		Services: discord.Services{
			Channels: channel.NewService(surfaces{desk: d}, wishes{desk: d}),
			Tickets:  ticket.NewService(tickets{desk: d}, nil, nil, nil, workspaces{desk: d}, d.ids),
		},
	})
	must(t, err)
	d.facts = channel.Facts{
		Ticket: &ticket.Ticket{
			ID: theTicket, Workspace: theWorkspace, Number: 3, Subject: "Login", Status: ticket.New, Priority: priority.Normal,
			Queue: 5, Category: 6, Requester: 21, Locale: "en", Channel: event.ChannelDiscord,
		},
		Workspace: &workspace.Workspace{ID: theWorkspace, Locale: "en"},
		Place:     d.guild.ID().String(),
		Linked:    true,
		Category:  &category.Category{ID: 6, Name: locale.Of("en", "Support")},
		Queue:     &queue.Queue{ID: 5, Name: "Support"},
		Requester: channel.Person{Member: &member.Member{ID: 21, Name: "Ana", Role: access.RoleRequester}, ExternalID: d.ana.ID().String()},
		Roles:     []string{d.role.ID().String()},
	}
	return d
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (d *desk) clock() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) forward(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

// says adds a message that came by another way than Discord.
func (d *desk) says(body string) *ticket.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := &ticket.Message{
		ID: id.Message(100 + len(d.messages)), Ticket: theTicket, Kind: ticket.Reply, Side: ticket.FromStaff, Author: 22,
		Body: body, Version: 1, Channel: event.ChannelAPI,
	}
	d.messages = append(d.messages, m)
	return m
}

var errLost = errors.New("the process ended before this was recorded")

// surfaces is the desk as a store of surfaces; what it has not, is not called.
type surfaces struct {
	channel.Repository
	*desk
}

func (s surfaces) Facts(context.Context, id.Workspace, id.Ticket, event.Channel) (*channel.Facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.facts
	t := *f.Ticket
	f.Ticket, f.Surface, f.Posts = &t, s.surface, nil
	for _, m := range s.messages {
		var standing *channel.Delivery
		if one, ok := s.delivered[m.ID]; ok && s.places[m.ID] == s.surface.ExternalID {
			standing = &one
		}
		if m.Channel == event.ChannelDiscord || standing == nil && !m.DeletedAt.IsZero() ||
			standing != nil && (standing.Deleted || standing.Version == m.Version && m.DeletedAt.IsZero()) {
			continue
		}
		copied := *m
		f.Posts = append(f.Posts, channel.Post{
			Message: &copied, Author: &member.Member{ID: 22, Name: "Max", AvatarURL: "https://example.org/max.png"}, Delivery: standing,
		})
	}
	return &f, nil
}

func (s surfaces) lost() bool {
	s.saves++
	if s.forgetSave > 0 {
		s.forgetSave--
		return s.forgetSave == 0
	}
	return false
}

func (s surfaces) Save(_ context.Context, f *channel.Surface) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost() {
		return errLost
	}
	s.surface = *f
	return nil
}

func (s surfaces) Delivered(_ context.Context, f *channel.Surface, one channel.Delivery) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lost() {
		return errLost
	}
	s.surface = *f
	s.delivered[one.Message], s.places[one.Message] = one, f.ExternalID
	return nil
}

func (s surfaces) DeliveryOf(_ context.Context, _ id.Ticket, external string) (*channel.Delivery, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.delivered {
		if one.ExternalID == external {
			return &one, nil
		}
	}
	return nil, channel.ErrNotFound
}

func (s surfaces) Of(context.Context, id.Ticket, event.Channel) (*channel.Surface, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.surface
	now.Workspace = theWorkspace
	return &now, nil
}

func (s surfaces) Lost(_ context.Context, _ id.Ticket, _ event.Channel, externalID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.surface.ExternalID == externalID {
		s.surface = channel.Surface{State: channel.Gone, Kind: s.surface.Kind}
	}
	return nil
}

func (s surfaces) Ahead(context.Context, id.Workspace, event.Channel, category.Surface, id.Ticket) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.line), nil
}

func (s surfaces) Heads(context.Context, id.Workspace, event.Channel) ([]id.Ticket, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.line), nil
}

// wishes counts what is wished.
type wishes struct {
	job.Queue
	*desk
}

func (w wishes) EnqueueAll(_ context.Context, keys []job.Key, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wished += len(keys)
	return nil
}

func (w wishes) Enqueue(context.Context, job.Key, time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.wished++
	return nil
}

// workspaces is the desk as a store of workspaces.
type workspaces struct {
	workspace.Repository
	*desk
}

func (s workspaces) Get(context.Context, id.Workspace) (*workspace.Workspace, error) {
	return s.facts.Workspace, nil
}

// tickets is the desk as a store of tickets.
type tickets struct {
	ticket.Repository
	*desk
}

func (s tickets) Messages(context.Context, ticket.Visibility, query.Query, page.Window, ...id.Ticket) (map[id.Ticket]page.Page[*ticket.Message], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return map[id.Ticket]page.Page[*ticket.Message]{theTicket: {Items: slices.Clone(s.messages)}}, nil
}

// sync brings the channel to its state, as a worker would.
func (d *desk) sync() job.Outcome {
	d.t.Helper()
	d.forward(time.Millisecond) // no two runs are at the same moment
	out, err := d.adapter.Sync(d.t.Context(), theWorkspace, theTicket)
	must(d.t, err)
	return out
}

// retry syncs until it succeeds, as durable work does, and gives how often that took.
func (d *desk) retry() int {
	d.t.Helper()
	for n := 1; n < 20; n++ {
		out, err := d.adapter.Sync(d.t.Context(), theWorkspace, theTicket)
		if err == nil && out.Again.IsZero() {
			return n
		}
		d.forward(time.Second)
	}
	d.t.Fatal("it never succeeds")
	return 0
}

// place is the ticket's channel.
func (d *desk) place() *discordtest.Channel {
	d.t.Helper()
	for _, ch := range d.guild.Channels() {
		if ch.ID().String() == d.surface.ExternalID {
			return ch
		}
	}
	d.t.Fatalf("the ticket has no channel: %+v", d.surface)
	return nil
}

// reads gives what stands in the channel, without the card.
func (d *desk) reads() []string {
	d.t.Helper()
	var list []string
	for _, m := range d.place().Messages() {
		if len(m.Embeds) > 0 && strings.HasPrefix(m.Embeds[0].Title, "#") {
			continue
		}
		text := m.Content
		if len(m.Embeds) > 0 {
			text = cmp.Or(text, m.Embeds[0].Description)
		}
		list = append(list, text)
	}
	return list
}

func (d *desk) expect(want ...string) {
	d.t.Helper()
	if got := d.reads(); !slices.Equal(got, want) {
		d.t.Errorf("there stands %q, want %q", got, want)
	}
}

func (d *desk) status(s ticket.Status) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.facts.Ticket.Status = s
}

func (s tickets) Update(_ context.Context, _ ticket.Ref, _ event.Origin, change func(*ticket.Ticket) error) error {
	s.mu.Lock()
	t := s.facts.Ticket
	s.mu.Unlock()
	return change(t)
}
