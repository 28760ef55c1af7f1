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
func arikawaBot(t *testing.T, srv *discordtest.Server) *session.Session {
	t.Helper()
	s := arikawaSession(t, srv)
	s.AddSyncHandler(func(e *ws.BackgroundErrorEvent) { t.Errorf("arikawa could not decode: %v", e.Err) })
	return s
}

func arikawaSession(t *testing.T, srv *discordtest.Server) *session.Session {
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
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestARealArikawaSession(t *testing.T) {
	ctx, srv := start(t)
	g := srv.Guild("Acme", discordtest.WithOwner("Olga"), discordtest.WithLocale("fr"))
	ana := g.Member("Ana", discordtest.Locale("fr"))
	g.AddBot()
	bot := arikawaBot(t, srv)
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

func TestArikawaCannotDecodeWhatIsUndecodable(t *testing.T) {
	w := newWorld(t)
	bot := arikawaSession(t, w.srv)
	failed := make(chan error, 1)
	bot.AddSyncHandler(func(e *ws.BackgroundErrorEvent) { failed <- e.Err })
	noError(t, bot.Open(w.ctx))
	w.srv.FailEvent("MESSAGE_CREATE", discordtest.Undecodable())
	w.posts("one")
	if err := receive(w.ctx, t, failed); !strings.Contains(err.Error(), "public_flags") {
		t.Fatalf("error = %v", err)
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

// TestArikawaDecodesEveryKindOfEvent plays a day of everything that people and the bot do; the handler of
// arikawaBot fails the test at the first event that the library cannot read.
func TestArikawaDecodesEveryKindOfEvent(t *testing.T) {
	w := newWorld(t)
	bot := arikawaBot(t, w.srv)
	names := make(chan string, 256)
	bot.AddSyncHandler(func(e gateway.Event) { names <- string(e.EventType()) })
	noError(t, bot.Open(w.ctx))
	everythingHappens(t, w, bot)
	seen := map[string]bool{}
	for !seen["GUILD_DELETE"] {
		seen[receive(w.ctx, t, names)] = true
	}
	for name := range strings.FieldsSeq(`MESSAGE_CREATE MESSAGE_UPDATE MESSAGE_DELETE MESSAGE_DELETE_BULK
		CHANNEL_CREATE CHANNEL_UPDATE CHANNEL_DELETE CHANNEL_PINS_UPDATE THREAD_CREATE THREAD_UPDATE THREAD_DELETE
		THREAD_MEMBERS_UPDATE GUILD_MEMBER_ADD GUILD_MEMBER_UPDATE GUILD_MEMBER_REMOVE GUILD_ROLE_CREATE
		GUILD_ROLE_DELETE INTERACTION_CREATE`) {
		if !seen[name] {
			t.Errorf("%s did not come", name)
		}
	}
}

func everythingHappens(t *testing.T, w *world, bot *session.Session) {
	t.Helper()
	eve := w.guild.Member("Eve", w.support)
	eve.IsCalled("E.")
	m, err := eve.Posts(w.general, "Hello "+w.ana.Mention(), discordtest.File("a.txt", []byte("x")))
	noError(t, err)
	noError(t, eve.Edits(m, "Hi"))
	_, err = bot.SendTextReply(discord.ChannelID(w.general.ID()), "Yes?", discord.MessageID(m.ID))
	noError(t, err)
	noError(t, bot.PinMessage(discord.ChannelID(w.general.ID()), discord.MessageID(m.ID), ""))
	noError(t, eve.Deletes(m))
	var ids []discord.MessageID
	for range 2 {
		spam, err := eve.Posts(w.general, "spam")
		noError(t, err)
		ids = append(ids, discord.MessageID(spam.ID))
	}
	noError(t, bot.DeleteMessages(discord.ChannelID(w.general.ID()), ids, ""))
	made, err := bot.CreateChannel(discord.GuildID(w.guild.ID()), api.CreateChannelData{Name: "ticket-1", Topic: "t"})
	noError(t, err)
	noError(t, bot.EditChannelPermission(made.ID, discord.Snowflake(eve.ID()), api.EditChannelPermissionData{
		Type: discord.OverwriteMember, Allow: discord.PermissionViewChannel,
	}))
	thread, err := bot.StartThreadWithoutMessage(made.ID, api.StartThreadData{
		Name: "aside", Type: discord.GuildPrivateThread, AutoArchiveDuration: discord.OneDayArchive,
	})
	noError(t, err)
	noError(t, bot.AddThreadMember(thread.ID, discord.UserID(eve.ID())))
	noError(t, bot.ModifyChannel(thread.ID, api.ModifyChannelData{Archived: option.True}))
	noError(t, bot.DeleteChannel(thread.ID, ""))
	interact(t, w, bot, made.ID)
	noError(t, bot.DeleteChannel(made.ID, "done"))
	w.guild.Role("extra").Delete()
	eve.Leaves()
	w.guild.KickBot()
}

func interact(t *testing.T, w *world, bot *session.Session, place discord.ChannelID) {
	t.Helper()
	hook, err := bot.CreateWebhook(place, api.CreateWebhookData{Name: "relay"})
	noError(t, err)
	same(t, "token is shown", hook.Token != "", true)
	_, err = bot.SendMessageComplex(place, api.SendMessageData{
		Content: "Panel", Components: discord.Components(&discord.ButtonComponent{
			Label: "Open", CustomID: "open", Style: discord.PrimaryButtonStyle(),
		}),
	})
	noError(t, err)
	panel := w.srv.ChannelByID(discordtest.ID(place)).Last()
	noError(t, w.guild.Owner().Clicks(w.ctx, panel, "Open").Err())
}
