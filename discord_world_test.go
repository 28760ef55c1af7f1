package main_test

import (
	"context"
	cryptorand "crypto/rand"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// guildWorld is a Discord with one guild, and a helpdesk whose bot is in it.
type guildWorld struct {
	t   *testing.T
	ctx context.Context

	discord        *discordtest.Server
	guild          *discordtest.Guild
	support        *discordtest.Role
	ana, max, zoe  *discordtest.Member // requester (French), agent, stranger
	url            string
	store          *sqlstore.Store
	services       discord.Services
	adapter        *discord.Adapter
	breakOpen      func() // called when a ticket is opened, if set
	breakUpdate    func() // called when a ticket is changed, if set
	failUpdate     func() bool
	looks          atomic.Int64 // wishes that a ticket's channel be looked after, since something happened in it
	bucket         *filetest.Bucket
	log            *lines
	halt           func() // stops all work at once, without waiting for it
	end            func()
	workspaceCache id.Workspace
}

// lines collects a log.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), s)
}

func (l *lines) count(s string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.text.String(), s)
}

const patience = 20 * time.Second

// newGuildWorld starts everything on SQLite; change may be nil.
func newGuildWorld(t *testing.T, change func(*guildWorld)) *guildWorld {
	t.Helper()
	return newGuildWorldOn(t, sqlstoretest.SQLite(t), patience, change)
}

// newGuildWorldOn starts everything on the database, for as long as patience lasts.
func newGuildWorldOn(t *testing.T, url string, patience time.Duration, change func(*guildWorld)) *guildWorld {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	srv := discordtest.StartFor(t, discordtest.Options{Now: time.Now, AckTime: patience})
	srv.GuardPings(t)
	w := &guildWorld{t: t, ctx: ctx, discord: srv, url: url, log: &lines{}, bucket: &filetest.Bucket{}}
	w.guild = srv.Guild("Acme", discordtest.WithLocale("fr"))
	w.support = w.guild.Role("Équipe Support")
	w.ana = w.guild.Member("Ana", discordtest.Locale("fr"))
	w.max = w.guild.Member("Max", w.support)
	w.zoe = w.guild.Member("Zoe")
	w.guild.AddBot()
	if change != nil {
		change(w)
	}
	w.start()
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			t.Log(w.log.text.String())
		}
	})
	w.visited()
	return w
}

// visited waits until the guild was looked after for the first time, which ends
// with a report: before that its staff is not known, and an agent who acts may be
// taken for anybody.
func (w *guildWorld) visited() {
	w.t.Helper()
	w.until("the guild was looked after", func() bool {
		if _, err := w.services.Workspaces.ByPlace(w.ctx, event.ChannelDiscord, w.guild.ID().String()); err != nil {
			return false
		}
		reports, err := w.services.Channels.Reports(w.ctx, w.system())
		return err == nil && len(reports) > 0
	})
}

// start runs the helpdesk, as a process would.
func (w *guildWorld) start() {
	w.t.Helper()
	store, err := sqlstore.Open(w.t.Context(), sqlstore.Options{
		URL: w.url, Now: time.Now, Exclusive: true, Routes: []job.Route{w.route, channel.RouteStaff(event.ChannelDiscord)},
	})
	ok(w.t, err)
	w.store = store
	w.services = w.serve(store)
	_, err = w.services.Workspaces.Start(w.ctx, time.Now())
	ok(w.t, err)
	w.adapter, err = discord.New(w.config("one"))
	ok(w.t, err)
	runner := jobs.New(jobs.Config{
		Queue: store, Signals: store, Now: time.Now, Rand: rand.Float64, Owner: "one", Grace: time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	quickly := jobs.Options{Backoff: func(int, float64) time.Duration { return 20 * time.Millisecond }}
	runner.Register(discord.Consumer, w.adapter.Handle, quickly)
	runner.Register(discord.StaffConsumer(), w.adapter.HandleStaff, quickly)
	for _, files := range discord.FilesConsumers() {
		runner.Register(files, w.adapter.HandleFile, quickly)
	}
	ctx, cancel := context.WithCancel(w.t.Context())
	w.halt = cancel
	var running sync.WaitGroup
	running.Go(func() { runner.Run(ctx) })
	running.Go(func() {
		if err := w.adapter.Run(ctx); err != nil {
			w.t.Errorf("the adapter ended: %v", err)
		}
	})
	w.end = func() {
		cancel()
		running.Wait()
		if err := store.Close(); err != nil {
			w.t.Errorf("close the store: %v", err)
		}
	}
}

// route is the channel's, and counts what comes of it.
func (w *guildWorld) route(e event.Envelope) (job.Key, bool) {
	key, wished := channel.Route(event.ChannelDiscord)(e)
	if wished {
		w.looks.Add(1)
	}
	return key, wished
}

// config is what a process of the helpdesk would give its adapter.
func (w *guildWorld) config(owner string) discord.Config {
	w.t.Helper()
	catalogue, err := locales.Load()
	ok(w.t, err)
	return discord.Config{
		Token: w.discord.Token(), APIURL: w.discord.APIURL(), GatewayURL: w.discord.GatewayURL(), Version: "test",
		Services: w.services, Leases: w.store, Signals: w.store, Catalogue: catalogue, Owner: owner, Now: time.Now,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	}
}

// stop ends the helpdesk.
func (w *guildWorld) stop() {
	if w.end != nil {
		w.end()
		w.end = nil
	}
}

func (w *guildWorld) serve(s *sqlstore.Store) discord.Services {
	tickets := interrupted{s.Tickets(), w.breakOpen, w.breakUpdate, w.failUpdate}
	catalogue, err := locales.Load()
	ok(w.t, err)
	say := func(l locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return catalogue.Text(string(l), key, args), l
	}
	promises := sla.NewService(s.Hours(), s.Queues(), s.Categories(), s.IDs())
	return discord.Services{
		Tickets:    ticket.NewService(tickets, s.Categories(), s.Members(), s.Queues(), s.Workspaces(), s.IDs()).Promising(promises, say),
		Members:    member.NewService(s.Members()),
		Teams:      team.NewService(s.Teams(), s.IDs()),
		Queues:     queue.NewService(s.Queues(), s.IDs()),
		Categories: category.NewService(s.Categories(), s.IDs()),
		Tags:       tag.NewService(s.Tags(), s.IDs()),
		Workspaces: workspace.NewService(s.Workspaces(), s.IDs(), firstSetup(), cryptorand.Reader),
		Channels:   channel.NewService(s.Channels(), s),
		Files:      file.NewService(s.Files(), w.bucket, &filetest.Links{}, s.IDs(), ""),
		Auth:       auth.NewService(nil, s.Members(), s.APIKeys(), s.IDs(), cryptorand.Reader).Keeping(s.Sessions()),
		Search:     search.NewService(s.Search(), s.Queues(), s.Categories()),
		Digests:    digest.NewService(s.Digests(), s.Queues(), s.IDs()),
	}
}

func firstSetup() workspace.Setup {
	return workspace.Setup{
		Team: "Support", Queues: []string{"Support", "Billing"},
		Categories: []category.Category{
			{
				Name: locale.Text{"en": "Support", "fr": "Assistance"}, Intent: category.Support, Queue: 1, Priority: priority.Normal,
				Form: []category.Field{
					{Key: "subject", Label: locale.Text{"en": "Subject", "fr": "Objet"}, Style: category.Short, Purpose: category.Subject, Required: true, Most: 100},
					{Key: "body", Label: locale.Text{"en": "What happened?", "fr": "Que se passe-t-il ?"}, Style: category.Long, Purpose: category.Body, Required: true, Most: 4000},
					{Key: "device", Label: locale.Text{"en": "Device", "fr": "Appareil"}, Style: category.Short, Purpose: category.Detail, Most: 100},
				},
				Greeting: locale.Text{"en": "Hello {{requester}}.", "fr": "Bonjour {{requester}}, voici le ticket {{number}}."},
			},
			{Name: locale.Text{"en": "Ideas", "fr": "Idées"}, Intent: category.Suggestion, Queue: 2, Priority: priority.Low},
		},
	}
}

// system is a call of the helpdesk itself in the guild's workspace.
func (w *guildWorld) system() access.Call {
	w.t.Helper()
	if w.workspaceCache == 0 {
		found, err := w.services.Workspaces.ByPlace(w.ctx, event.ChannelDiscord, w.guild.ID().String())
		ok(w.t, err)
		w.workspaceCache = found.ID
	}
	return access.Call{Actor: access.System(w.workspaceCache), Now: time.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}
}

// as is a call that a member makes through the API, once they are known.
func (w *guildWorld) as(m *discordtest.Member) access.Call {
	w.t.Helper()
	var found *member.Member
	var err error
	w.until(m.Name()+" is known", func() bool {
		found, err = w.services.Members.ByIdentity(w.ctx, w.system(), event.ChannelDiscord, m.ID().String())
		return err == nil
	})
	actor, err := w.services.Members.ActorOf(w.ctx, w.system(), found.ID)
	ok(w.t, err)
	c := w.system()
	c.Actor = actor
	return c
}

// opens has a member open a ticket by command and form, and gives its channel.
func (w *guildWorld) opens(m *discordtest.Member, subject string) *discordtest.Channel {
	w.t.Helper()
	in := m.Runs(w.ctx, w.guild.Channel("general"), "/ticket open", discordtest.Args{"category": "Support"})
	ok(w.t, in.Wait(w.ctx))
	if in.Modal() == nil {
		w.t.Fatalf("no form was shown: %+v", in.Reply())
	}
	return w.linked(in.Submit(w.ctx, discordtest.Values{"subject": subject, "body": "It broke.", "device": "Phone"}))
}

// ticketIn gives the ticket of a channel.
func (w *guildWorld) ticketIn(ch *discordtest.Channel) *ticket.View {
	w.t.Helper()
	s, err := w.services.Channels.ByExternal(w.ctx, w.system(), event.ChannelDiscord, ch.ID().String())
	ok(w.t, err)
	v, err := w.services.Tickets.Get(w.ctx, w.system(), s.Ticket)
	ok(w.t, err)
	return v
}

// talk gives what was said in a ticket, with who said it.
func (w *guildWorld) talk(t id.Ticket) []string {
	w.t.Helper()
	pages, err := w.services.Tickets.Messages(w.ctx, w.system(), query.Query{}, page.Request{First: page.MaxSize}, t)
	ok(w.t, err)
	var said []string
	for _, m := range pages[t].Items {
		line := string(m.Kind) + "/" + string(m.Side) + ": " + m.Body
		if !m.DeletedAt.IsZero() {
			line += "(deleted)"
		}
		said = append(said, line)
	}
	return said
}

// until waits for a condition on the helpdesk.
func (w *guildWorld) until(what string, cond func() bool) {
	w.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !cond() {
		select {
		case <-tick.C:
		case <-w.ctx.Done():
			w.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// see waits for a message with the words in a channel.
func (w *guildWorld) see(ch *discordtest.Channel, words string) *discordtest.Message {
	w.t.Helper()
	m, err := ch.WaitFor(w.ctx, words)
	if err != nil {
		for _, m := range ch.Messages() {
			w.t.Logf("in the channel: %q", m.Text())
		}
		w.t.Fatalf("%q did not appear: %v", words, err)
	}
	return m
}

// clicks has a member press a button and gives the answer.
func (w *guildWorld) clicks(m *discordtest.Member, msg *discordtest.Message, button string) string {
	w.t.Helper()
	return w.answer(m.Clicks(w.ctx, msg, button))
}

// runs has a member use a command and gives the answer.
func (w *guildWorld) runs(m *discordtest.Member, ch *discordtest.Channel, command string, args discordtest.Args) string {
	w.t.Helper()
	return w.answer(m.Runs(w.ctx, ch, command, args))
}

func (w *guildWorld) answer(in *discordtest.Interaction) string {
	w.t.Helper()
	if err := in.Wait(w.ctx); err != nil {
		w.t.Fatalf("%v (%v)", err, in.Err())
	}
	if in.Reply() == nil {
		w.t.Fatal("nothing was answered")
	}
	if !in.Reply().Ephemeral {
		w.t.Errorf("everybody sees the answer %q", in.Reply().Text())
	}
	return in.Reply().Text()
}

// count tells how many messages in a channel hold the words.
func count(ch *discordtest.Channel, words string) int {
	n := 0
	for _, m := range ch.Messages() {
		if strings.Contains(m.Text(), words) {
			n++
		}
	}
	return n
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func contains(t testing.TB, text, words string) {
	t.Helper()
	if !strings.Contains(text, words) {
		t.Errorf("%q is not in %q", words, text)
	}
}

func contextOf(w *guildWorld) (context.Context, context.CancelFunc) { return context.WithCancel(w.ctx) }

func lastPage() page.Request { return page.Request{Last: page.MaxSize} }

func refOf(v *ticket.View) ticket.Ref { return ticket.Ref{ID: v.ID} }
