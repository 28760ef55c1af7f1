package main_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/scalar"
	"github.com/ticketsys/ticketsys/locales"
)

// twins are tickets of one kind, of which one is worked by Discord's commands, one
// by GraphQL's mutations and one by REST's operations.
type twins struct {
	*guildWorld

	graphql, rest           http.Handler
	catalogue               *locales.Catalogue
	commanded, sent, posted *ticket.View
	channel                 *discordtest.Channel // of the commanded one
	callers                 []*discordtest.Member
	kim                     *discordtest.Member // who has no part in it
	outcomes                map[string]map[bool]int
}

// operation is one thing to do, through all doors.
type operation struct {
	command string
	args    discordtest.Args
	field   string // the mutation; or "ticket", which looks
	input   map[string]any
}

func newTwins(t *testing.T) *twins {
	t.Helper()
	w := &twins{guildWorld: newGuildWorldOn(t, sqlstoretest.SQLite(t), 2*time.Minute, nil), outcomes: map[string]map[bool]int{}}
	var err error
	w.catalogue, err = locales.Load()
	ok(t, err)
	w.graphql = graph.NewHandler(graph.Config{
		Tickets: w.services.Tickets, Members: w.services.Members, Teams: w.services.Teams, Queues: w.services.Queues,
		Categories: w.services.Categories, Workspaces: w.services.Workspaces, Channels: w.services.Channels, Files: w.services.Files,
		Auth: w.services.Auth, Idempotency: idempotency.NewService(w.store.Idempotency()), Signals: w.store, Catalogue: w.catalogue, Now: time.Now,
		Search: w.services.Search,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	w.rest = w.restDoor()
	pia, oto, sue := w.guild.Member("Pia", discordtest.Locale("fr")), w.guild.Member("Oto"), w.guild.Member("Sue")
	w.kim = w.guild.Member("Kim")
	w.callers = []*discordtest.Member{w.zoe, pia, oto, w.ana, w.max, sue, w.guild.Owner()}
	for _, m := range append([]*discordtest.Member{w.kim}, w.callers...) {
		contains(t, w.runs(m, w.guild.Channel("general"), "/ticket info", nil), "ticket")
	}
	for m, role := range map[*discordtest.Member]access.Role{oto: access.RoleAgent, sue: access.RoleSupervisor} {
		ok(t, w.services.Members.SetRole(w.ctx, w.system(), member.Ref{ID: w.as(m).Actor.Member}, role))
	}
	w.keepsBatches()
	for _, into := range []**ticket.View{&w.commanded, &w.sent, &w.posted} {
		ch := w.opens(w.ana, "Twin")
		*into = w.ticketIn(ch)
		_, err := w.services.Tickets.AddParticipant(w.ctx, w.system(), refOf(*into), w.as(pia).Actor.Member)
		ok(t, err)
		if w.channel == nil {
			w.channel = ch
		}
	}
	w.until("the participant sees the channel", func() bool { return w.channel.SeenBy(pia) })
	return w
}

// keepsBatches has staff keep a field of the tickets.
func (w *twins) keepsBatches() {
	w.t.Helper()
	cats, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(w.t, err)
	support := *cats[0]
	support.Form = append(slices.Clone(support.Form), category.Field{Key: "batch", Label: locale.Of("en", "Batch"), Style: category.Short, Internal: true})
	_, err = w.services.Categories.Save(w.ctx, w.system(), support)
	ok(w.t, err)
}

// life is what happens to a ticket, in an order in which most of it makes sense.
func (w *twins) life() []operation {
	who := func(m *discordtest.Member) string { return scalar.Encode(scalar.Member, int64(w.as(m).Actor.Member)) }
	of := func(name string, value any) map[string]any { return map[string]any{name: value} }
	plain := func(command, field string) operation { return operation{command: command, field: field} }
	resolve, reopen := plain("/ticket resolve", "resolveTicket"), plain("/ticket reopen", "reopenTicket")
	return []operation{
		plain("/ticket info", "ticket"),
		{"/ticket priority", discordtest.Args{"level": "high"}, "setTicketPriority", of("priority", "HIGH")},
		{"/ticket field", discordtest.Args{"field": "batch", "value": "7"}, "updateTicketFields", of("answers", []map[string]any{{"key": "batch", "value": "7"}})},
		{"/ticket tag add", discordtest.Args{"word": "vip"}, "addTicketTags", of("tags", "vip")},
		{"/ticket tag remove", discordtest.Args{"word": "vip"}, "removeTicketTags", of("tags", "vip")},
		{"/ticket add", discordtest.Args{"member": w.kim}, "addTicketParticipant", of("memberId", who(w.kim))},
		{"/ticket add", discordtest.Args{"member": w.ana}, "addTicketParticipant", of("memberId", who(w.ana))},
		{"/ticket remove", discordtest.Args{"member": w.kim}, "removeTicketParticipant", of("memberId", who(w.kim))},
		{"/ticket note", discordtest.Args{"text": "Hm."}, "addNote", of("body", "Hm.")},
		plain("/ticket pending", "markTicketPending"), plain("/ticket hold", "putTicketOnHold"),
		plain("/ticket snooze", "snoozeTicket"), plain("/ticket wake", "wakeTicket"),
		{"/ticket assign", discordtest.Args{"member": w.max}, "assignTicket", of("assigneeId", who(w.max))},
		{"/ticket assign", discordtest.Args{"member": w.ana}, "assignTicket", of("assigneeId", who(w.ana))},
		plain("/ticket unassign", "unassignTicket"), plain("/ticket claim", "claimTicket"),
		resolve, reopen, resolve, plain("/ticket close", "closeTicket"), reopen,
		resolve, plain("/ticket confirm", "confirmTicket"), plain("/ticket pending", "markTicketPending"), reopen,
	}
}

// The same wish finds the same outcome and history, and the same refusal in the
// same words, whether it comes as a command, as a mutation or as a REST operation,
// whoever has it.
func TestAllDoorsKeepTheOneRule(t *testing.T) {
	w := newTwins(t)
	queues, err := w.services.Queues.List(w.ctx, w.system())
	ok(t, err)
	w.live(w.life())
	slices.Reverse(w.callers)
	w.live(w.life())
	w.live([]operation{{
		"/ticket transfer",
		discordtest.Args{"queue": queues[0].Name},
		"transferTicket",
		map[string]any{"queueId": scalar.Encode(scalar.Queue, int64(queues[0].ID))},
	}})
	elsewhere := []string{"/ticket open", "/search", "/login", "/logout"} // with tests of their own
	for _, offered := range w.guild.Channel("general").CommandsFor(w.guild.Owner()) {
		command := offered.Name
		if n := w.outcomes[command]; !strings.HasPrefix(command, "/setup") && !slices.Contains(elsewhere, command) && (n[true] == 0 || n[false] == 0) {
			t.Errorf("%s was done %d times and refused %d times: add it to life", command, n[true], n[false])
		}
	}
}

// What is configured by command is configured by whom the API lets, and refused
// to others in the same words.
func TestAllDoorsLetTheSameConfigure(t *testing.T) {
	w := newTwins(t)
	teams, err := w.services.Teams.List(w.ctx, w.system())
	ok(t, err)
	cats, err := w.services.Categories.List(w.ctx, w.system(), false)
	ok(t, err)
	ideas, crew := cats[1], w.guild.Role("Crew")
	code, err := w.services.Workspaces.CreateLinkCode(w.ctx, w.owner(), event.ChannelDiscord)
	ok(t, err)
	for _, o := range []operation{
		{"/setup lost", discordtest.Args{"outcome": "close"}, "setLossPolicy", map[string]any{"onSurfaceLost": "CLOSE"}},
		{"/setup category", discordtest.Args{"category": "Ideas", "place": "thread"}, "saveCategory", map[string]any{
			"id": scalar.Encode(scalar.Category, int64(ideas.ID)), "queueId": scalar.Encode(scalar.Queue, int64(ideas.Queue)),
			"names": map[string]any{"locale": "en", "text": "Ideas"}, "surface": "THREAD", "priority": "LOW",
		}},
		{"/setup link", discordtest.Args{"code": code.Code}, "createChannelLinkCode", map[string]any{"channel": "DISCORD"}},
		{"/setup team", discordtest.Args{"role": crew}, "bindTeamRole", map[string]any{
			"teamId": scalar.Encode(scalar.Team, int64(teams[0].ID)), "role": map[string]any{"channel": "DISCORD", "externalId": crew.ID().String()},
		}},
		{"/setup keys create", discordtest.Args{"name": "Robot", "access": "read", "member": w.kim}, "createApiKey", map[string]any{
			"name": "Robot", "scopes": []string{"TICKET_SEE"}, "memberId": scalar.Encode(scalar.Member, int64(w.as(w.kim).Actor.Member)),
		}},
		// By the API staff sees and ends keys of their own besides; the command is for whom any setting is.
		{"/setup keys list", nil, "updateWorkspace", map[string]any{"name": "Acme"}},
		{"/setup keys revoke", discordtest.Args{"key": "Robot"}, "updateWorkspace", map[string]any{"name": "Acme"}},
		// The API has nothing like these: they are for whom any setting is.
		{"/setup panel", nil, "updateWorkspace", map[string]any{"name": "Acme"}},
		{"/setup staff", discordtest.Args{"state": "off"}, "removeDesk", map[string]any{"channel": "DISCORD"}},
		{"/setup status", nil, "updateWorkspace", map[string]any{"name": "Acme"}},
	} {
		for _, m := range w.callers {
			w.configures(o, m)
		}
	}
}

// configures compares the answers of all doors to what sets the workspace up.
func (w *twins) configures(o operation, m *discordtest.Member) {
	w.t.Helper()
	general, owner := w.guild.Channel("general"), m.ID() == w.guild.Owner().ID()
	refusal, said := w.changes(m, o.field, o.input), ""
	method, path, in := o.settingInREST()
	if by := w.sends(m, method, path, in); by != refusal {
		w.t.Errorf("%s by %s is refused by REST with %q, and by GraphQL with %q", o.command, m.Name(), by, refusal)
	}
	if owner { // to others Discord does not show the command
		said = w.runs(m, general, o.command, o.args)
	} else {
		said = w.forges(m, general, o)
	}
	forbidden := w.catalogue.Text(string(w.as(m).Actor.Locale), access.ErrForbidden.Key, nil)
	if owner && (refusal != "" || said == forbidden) {
		w.t.Errorf("%s by an administrator: %q, and by GraphQL %q", o.command, said, refusal)
	}
	if !owner && (refusal != forbidden || said != refusal) {
		w.t.Errorf("%s by %s is answered %q, and by GraphQL %q", o.command, m.Name(), said, refusal)
	}
}

func (w *twins) live(life []operation) {
	w.t.Helper()
	for _, o := range life {
		for _, m := range w.callers {
			w.all(o, m)
		}
	}
}

// all does the operation through each door, and compares.
func (w *twins) all(o operation, m *discordtest.Member) {
	w.t.Helper()
	refusal := w.mutates(m, o)
	said := w.commands(m, o)
	if by := w.posts(m, o); by != refusal {
		w.t.Errorf("%s by %s is refused by REST with %q, and by GraphQL with %q", o.command, m.Name(), by, refusal)
	}
	want := refusal
	if refusal == "" && o.field != "ticket" {
		key := "discord.done." + strings.ReplaceAll(strings.TrimPrefix(o.command, "/ticket "), " ", "_")
		want = w.catalogue.Text(string(w.as(m).Actor.Locale), key, map[string]any{"Number": w.commanded.Number})
	}
	if w.outcomes[o.command] == nil {
		w.outcomes[o.command] = map[bool]int{}
	}
	w.outcomes[o.command][refusal == ""]++
	if want == "" {
		contains(w.t, said, "Twin")
	} else if said != want {
		w.t.Errorf("%s by %s is answered %q, want %q", o.command, m.Name(), said, want)
	}
	if discord, api, rest := w.standing(w.commanded), w.standing(w.sent), w.standing(w.posted); discord != api || rest != api {
		w.t.Fatalf("%s by %s: the ticket is %s by Discord, %s by GraphQL, %s by REST", o.command, m.Name(), discord, api, rest)
	}
}

// standing tells how a ticket stands.
func (w *twins) standing(v *ticket.View) string {
	w.t.Helper()
	now, err := w.services.Tickets.Get(w.ctx, w.system(), v.ID)
	ok(w.t, err)
	people, err := w.services.Tickets.Participants(w.ctx, w.system(), v.ID)
	ok(w.t, err)
	var with []string
	for _, m := range people[v.ID] {
		with = append(with, m.Name)
	}
	return fmt.Sprintf("%s, %s, of %d in %d, with %v, tags %v, version %d, said %q, after %v",
		now.Status, now.Priority, now.Assignee, now.Queue, with, now.Tags, now.Version, w.talk(v.ID)[2:], w.past(v.ID))
}

// mutates sends the mutation as a member and gives its refusal; "" if it was done.
func (w *twins) mutates(m *discordtest.Member, o operation) string {
	w.t.Helper()
	id := scalar.Encode(scalar.Ticket, int64(w.sent.ID))
	if o.field == "ticket" {
		if body := w.asks(m, `query($in: ID!) { ticket(id: $in) { subject } }`, id); !strings.Contains(body, "Twin") {
			return w.catalogue.Text(string(w.as(m).Actor.Locale), ticket.ErrNotFound.Key, nil)
		}
		return ""
	}
	input := map[string]any{"ticketId": id}
	maps.Copy(input, o.input)
	return w.changes(m, o.field, input)
}

// changes sends a mutation as a member and gives its refusal; "" if it was done.
func (w *twins) changes(m *discordtest.Member, field string, input map[string]any) string {
	w.t.Helper()
	body := w.asks(m, fmt.Sprintf(`mutation($in: %sInput!) { %s(input: $in) { userErrors { message } } }`, strings.ToUpper(field[:1])+field[1:], field), input)
	var answer struct {
		Data map[string]struct{ UserErrors []struct{ Message string } }
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || answer.Data == nil {
		w.t.Fatalf("%s by %s: %v in %s", field, m.Name(), err, body)
	}
	for _, e := range answer.Data[field].UserErrors {
		return e.Message
	}
	return ""
}

func (w *twins) asks(m *discordtest.Member, query string, in any) string {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"in": in}})
	ok(w.t, err)
	session := access.Session{Actor: w.as(m).Actor, ExpiresAt: time.Now().Add(time.Hour), Token: m.Name()}
	r := httptest.NewRequestWithContext(access.NewContext(w.ctx, session), http.MethodPost, "/graphql", strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json")
	recorded := httptest.NewRecorder()
	w.graphql.ServeHTTP(recorded, r)
	return recorded.Body.String()
}

// commands gives the answer to the command in the ticket's channel. Who does not
// see it can't use a command there; a forged one must be met as well.
func (w *twins) commands(m *discordtest.Member, o operation) string {
	w.t.Helper()
	if w.channel.SeenBy(m) {
		return w.runs(m, w.channel, o.command, o.args)
	}
	return w.forges(m, w.channel, o)
}

// forges sends the command as no client would, and gives the text of the answer.
func (w *twins) forges(m *discordtest.Member, in *discordtest.Channel, o operation) string {
	w.t.Helper()
	var options []map[string]any
	people, named := map[string]any{}, map[string]any{}
	for name, value := range o.args {
		option := map[string]any{"type": 3, "name": name, "value": value}
		if who, ok := value.(*discordtest.Member); ok {
			option["type"], option["value"] = 6, who.ID().String()
			people[who.ID().String()] = map[string]any{"id": who.ID().String(), "username": who.Name()}
		}
		if role, ok := value.(*discordtest.Role); ok {
			option["type"], option["value"] = 8, role.ID().String()
			named[role.ID().String()] = map[string]any{"id": role.ID().String(), "name": role.Name()}
		}
		options = append(options, option)
	}
	words := strings.Fields(strings.TrimPrefix(o.command, "/"))
	for i := len(words) - 1; i > 0; i-- {
		kind := 1
		if i < len(words)-1 {
			kind = 2 // a group of commands
		}
		options = []map[string]any{{"type": kind, "name": words[i], "options": options}}
	}
	roles := []string{}
	if m.Has(w.support) {
		roles = append(roles, w.support.ID().String())
	}
	before, number := len(w.discord.Requests()), fmt.Sprint(time.Now().UnixNano())
	raw, err := json.Marshal(map[string]any{
		"id": number, "application_id": w.discord.ApplicationID().String(), "token": "forged" + number, "type": 2, "locale": m.Language(),
		"guild_id": w.guild.ID().String(), "channel_id": in.ID().String(),
		"member": map[string]any{"user": map[string]any{"id": m.ID().String(), "username": m.Name()}, "roles": roles, "permissions": "0"},
		"data":   map[string]any{"name": words[0], "options": options, "resolved": map[string]any{"users": people, "members": map[string]any{}, "roles": named}},
	})
	ok(w.t, err)
	w.discord.SendRaw("INTERACTION_CREATE", raw)
	var post struct {
		Content string
		Data    struct{ Content string }
	}
	w.until("the forged command is answered", func() bool {
		for _, r := range w.discord.Requests()[before:] {
			if strings.Contains(r.Path, "forged"+number) && json.Unmarshal(r.Body, &post) == nil && post.Content+post.Data.Content != "" {
				return true
			}
		}
		return false
	})
	return post.Content + post.Data.Content
}
