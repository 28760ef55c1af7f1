package discordtest_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/diamondburned/arikawa/v3/api"
	"github.com/diamondburned/arikawa/v3/discord"
	"github.com/diamondburned/arikawa/v3/gateway"
	"github.com/diamondburned/arikawa/v3/session"
	"github.com/diamondburned/arikawa/v3/utils/handler"
	"github.com/diamondburned/arikawa/v3/utils/httputil"
	"github.com/diamondburned/arikawa/v3/utils/httputil/httpdriver"
	"github.com/diamondburned/arikawa/v3/utils/json/option"
	"github.com/diamondburned/arikawa/v3/utils/ws"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// redirect sends what arikawa means for Discord to the test server.
type redirect struct{ host string }

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	req.URL.Scheme, req.URL.Host, req.Host = "http", r.host, r.host
	return http.DefaultTransport.RoundTrip(req)
}

// arikawaBot is a real session of the library that the adapter is built on.
func arikawaBot(ctx context.Context, t *testing.T, srv *discordtest.Server) *session.Session {
	t.Helper()
	host := strings.TrimPrefix(srv.APIURL(), "http://")
	client := httputil.NewClient()
	client.Client = httpdriver.WrapClient(http.Client{Transport: redirect{host}})
	client.Retries = 1
	id := gateway.DefaultIdentifier("Bot " + srv.Token())
	id.Intents = option.NewUint(uint(gateway.IntentGuilds | gateway.IntentGuildMessages | gateway.IntentGuildMembers |
		gateway.IntentMessageContent | gateway.IntentDirectMessages))
	g := gateway.NewCustomWithIdentifier(gateway.AddGatewayParams(srv.GatewayURL()), id, nil)
	s := session.NewWithGateway(g, handler.New())
	s.Client = api.NewCustomClient("Bot "+srv.Token(), client)
	s.AddSyncHandler(func(e *ws.BackgroundErrorEvent) { t.Errorf("arikawa could not decode: %v", e.Err) })
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestARealArikawaSession(t *testing.T) {
	ctx, srv := start(t)
	g := srv.Guild("Acme", discordtest.WithOwner("Olga"), discordtest.WithLocale("fr"))
	ana := g.Member("Ana", discordtest.Locale("fr"))
	g.AddBot()
	bot := arikawaBot(ctx, t, srv)
	ready := make(chan *gateway.ReadyEvent, 1)
	guilds := make(chan *gateway.GuildCreateEvent, 1)
	messages := make(chan *gateway.MessageCreateEvent, 8)
	bot.AddSyncHandler(func(e *gateway.ReadyEvent) { ready <- e })
	bot.AddSyncHandler(func(e *gateway.GuildCreateEvent) { guilds <- e })
	bot.AddSyncHandler(func(e *gateway.MessageCreateEvent) { messages <- e })
	bot.AddSyncHandler(func(e *gateway.InteractionCreateEvent) { go answer(t, bot, e) })
	if err := bot.Open(ctx); err != nil {
		t.Fatal(err)
	}
	if r := receive(ctx, t, ready); len(r.Guilds) != 1 || r.User.Username != "Ticket.sys" {
		t.Fatalf("READY = %+v", r)
	}
	if e := receive(ctx, t, guilds); e.Name != "Acme" || len(e.Channels) != 1 || len(e.Members) != 3 {
		t.Fatalf("GUILD_CREATE = %+v", e)
	}
	general := g.Channel("general")
	if _, err := ana.Posts(general, "Bonjour"); err != nil {
		t.Fatal(err)
	}
	if e := receive(ctx, t, messages); e.Content != "Bonjour" || e.Author.DisplayName != "Ana" || e.Member == nil {
		t.Fatalf("MESSAGE_CREATE = %+v", e.Message)
	}
	app, err := bot.CurrentApplication()
	if err != nil {
		t.Fatal(err)
	}
	_, err = bot.BulkOverwriteCommands(app.ID, []api.CreateCommandData{{
		Name: "ticket", Description: "Tickets",
		Options: discord.CommandOptions{&discord.SubcommandOption{OptionName: "open", Description: "Open one"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	in := ana.Runs(ctx, general, "/ticket open", nil)
	if err := in.Wait(ctx); err != nil {
		t.Fatal(err)
	}
	if got := in.Reply(); got.Content != "Merci, Ana" || !got.Ephemeral {
		t.Fatalf("reply = %+v", got)
	}
}

func answer(t *testing.T, bot *session.Session, e *gateway.InteractionCreateEvent) {
	err := bot.RespondInteraction(e.ID, e.Token, api.InteractionResponse{
		Type: api.MessageInteractionWithSource,
		Data: &api.InteractionResponseData{
			Content: option.NewNullableString("Merci, " + e.Member.User.DisplayName), Flags: discord.EphemeralMessage,
		},
	})
	if err != nil {
		t.Error(err)
	}
}

func receive[T any](ctx context.Context, t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-ctx.Done():
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func start(t *testing.T) (context.Context, *discordtest.Server) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	srv, err := discordtest.Start(discordtest.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(srv.Close)
	return ctx, srv
}
