package tickettest

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// Desk is a small helpdesk: two queues, each with a category and a team of one
// agent; two people who ask for help; a supervisor and an admin.
type Desk struct {
	World

	Clock     *Clock
	Workspace *workspace.Workspace

	Support *queue.Queue       // served by Chidi
	Billing *queue.Queue       // served by Dana
	Help    *category.Category // to Support, priority normal, greets in English and French
	Invoice *category.Category // to Billing, priority high, no greeting

	Lea, Bob    *member.Member // requesters; Léa reads French, Bob English
	Chidi, Dana *member.Member // agents
	Sam         *member.Member // supervisor
	Ada         *member.Member // admin

	arrive event.Channel // by which people arrive
	enter  func(name string, tag locale.Tag) (externalID string)
}

// setup is what each Desk begins with.
func setup() workspace.Setup {
	return workspace.Setup{
		Team:   "Support team",
		Queues: []string{"Support", "Billing"},
		Categories: []category.Category{
			{
				Name: locale.Text{"en": "Help", "fr": "Aide"}, Intent: category.Support, Queue: 1,
				Priority: priority.Normal, Position: 1,
				Greeting: locale.Text{
					"en": "Hello {{requester}}, this is {{category}} ticket {{number}}.",
					"fr": "Bonjour {{requester}}, voici le ticket {{number}} ({{category}}).",
				},
			},
			{
				Name: locale.Of("en", "Invoice"), Intent: category.NonUrgent, Queue: 2,
				Priority: priority.High, Position: 2,
			},
		},
	}
}

// NewDesk sets up a helpdesk in a store, with tickets that no channel shows. A
// store holds as many as one likes.
func NewDesk(t *testing.T, w World) *Desk {
	t.Helper()
	place := w.IDs()
	return newDesk(t, w, event.ChannelAPI, event.ChannelPlain, func(name string, _ locale.Tag) string {
		return fmt.Sprintf("%s@%d", name, place)
	})
}

// NewDeskIn sets up a helpdesk whose tickets are shown in a channel, and whose
// people are there: enter lets one in and gives what the channel calls them.
func NewDeskIn(t *testing.T, w World, ch event.Channel, enter func(name string, tag locale.Tag) (externalID string)) *Desk {
	t.Helper()
	return newDesk(t, w, ch, ch, enter)
}

func newDesk(t *testing.T, w World, shown, people event.Channel, enter func(string, locale.Tag) string) *Desk {
	t.Helper()
	d := &Desk{World: w, Clock: NewClock(), arrive: people, enter: enter}
	d.Workspace = &workspace.Workspace{
		ID: id.Workspace(w.IDs()), Name: "Desk", Locale: locale.Fallback, Channel: shown, CreatedAt: d.Clock.Now(),
	}
	d.Workspace.Slug = "desk-" + d.Workspace.ID.String()
	must(t, "create the workspace", w.Workspaces.Create(t.Context(), d.Workspace, setup()))
	d.places(t)
	d.Lea = d.Arrives(t, "Léa", "fr", access.RoleRequester)
	d.Bob = d.Arrives(t, "Bob", "en", access.RoleRequester)
	d.Chidi = d.Arrives(t, "Chidi", "en", access.RoleAgent)
	d.Dana = d.Arrives(t, "Dana", "en", access.RoleAgent)
	d.Sam = d.Arrives(t, "Sam", "en", access.RoleSupervisor)
	d.Ada = d.Arrives(t, "Ada", "en", access.RoleAdmin)
	d.teams(t)
	return d
}

func (d *Desk) places(t *testing.T) {
	t.Helper()
	queues, err := d.Queues.List(t.Context(), d.Workspace.ID)
	must(t, "list queues", err)
	categories, err := d.Categories.List(t.Context(), d.Workspace.ID)
	must(t, "list categories", err)
	if len(queues) != 2 || len(categories) != 2 {
		t.Fatalf("the new workspace has %d queues and %d categories, want 2 of each", len(queues), len(categories))
	}
	d.Billing, d.Support = queues[0], queues[1]
	d.Help, d.Invoice = categories[0], categories[1]
}

// teams leaves Support to the team that the workspace began with.
func (d *Desk) teams(t *testing.T) {
	t.Helper()
	teams, err := d.Teams.List(t.Context(), d.Workspace.ID)
	must(t, "list teams", err)
	if len(teams) != 1 {
		t.Fatalf("the new workspace has %d teams, want 1", len(teams))
	}
	support := teams[0]
	support.Members, support.Queues = []id.Member{d.Chidi.ID}, []id.Queue{d.Support.ID}
	must(t, "save the support team", d.Teams.Save(t.Context(), support))
	must(t, "save the billing team", d.Teams.Save(t.Context(), &team.Team{
		ID: id.Team(d.IDs()), Workspace: d.Workspace.ID, Name: "Billing team",
		Members: []id.Member{d.Dana.ID}, Queues: []id.Queue{d.Billing.ID},
	}))
}

// Arrives lets a person arrive by the desk's channel and gives them a role.
func (d *Desk) Arrives(t *testing.T, name string, tag locale.Tag, r access.Role) *member.Member {
	t.Helper()
	m, err := d.Members.Arrive(t.Context(), d.Workspace.ID, d.Clock.Now(), member.Arrival{
		Channel: d.arrive, ExternalID: d.enter(name, tag), Name: name, Locale: tag,
	})
	must(t, name+" arrives", err)
	if r != access.RoleRequester {
		must(t, "give "+name+" a role", d.Members.SetRole(t.Context(), member.Ref{Workspace: d.Workspace.ID, ID: m.ID}, r))
		m.Role = r
	}
	return m
}

// Actor resolves a member as the door would.
func (d *Desk) Actor(t *testing.T, m *member.Member) access.Actor {
	t.Helper()
	a, err := d.Members.Actor(t.Context(), d.Workspace.ID, m.ID)
	must(t, "resolve "+m.Name, err)
	return a
}

// Call is a wish of the member by the API, a second after the one before.
func (d *Desk) Call(t *testing.T, m *member.Member) access.Call {
	t.Helper()
	return access.Call{Actor: d.Actor(t, m), Now: d.Clock.Tick(), Origin: event.Origin{Channel: event.ChannelAPI}}
}

// Cause is a member acting by the API, a second after whatever came before.
func (d *Desk) Cause(by *member.Member) ticket.Cause {
	return d.CauseFrom(by, event.Origin{Channel: event.ChannelAPI})
}

// CauseFrom is Cause with another origin.
func (d *Desk) CauseFrom(by *member.Member, o event.Origin) ticket.Cause {
	return ticket.Cause{By: by.ID, Now: d.Clock.Tick(), Origin: o, IDs: d.IDs}
}

// Begins makes a ticket that is not stored yet.
func (d *Desk) Begins(t *testing.T, who *member.Member, cat *category.Category, c ticket.Cause, body string) *ticket.Ticket {
	t.Helper()
	begun, err := ticket.Begin(c, cat, who, ticket.Opening{Body: body, Channel: d.Workspace.Channel})
	must(t, who.Name+" begins a ticket", err)
	return begun
}

// Opens stores a new ticket of the member and gives it as it is read back.
func (d *Desk) Opens(t *testing.T, who *member.Member, cat *category.Category) *ticket.Ticket {
	t.Helper()
	begun := d.Begins(t, who, cat, d.Cause(who), "It is broken.")
	must(t, who.Name+" opens a ticket", d.Tickets.Open(t.Context(), begun))
	return d.Read(t, begun.ID).Ticket
}

// Ref names the ticket at any version.
func (d *Desk) Ref(tk *ticket.Ticket) ticket.Ref {
	return ticket.Ref{Workspace: d.Workspace.ID, ID: tk.ID}
}

// Changes lets a member change a ticket and gives it as it is read back.
func (d *Desk) Changes(t *testing.T, who *member.Member, tk *ticket.Ticket, change func(ticket.Cause, *ticket.Ticket) error) *ticket.Ticket {
	t.Helper()
	c := d.Cause(who)
	must(t, who.Name+" changes the ticket", d.Tickets.Update(t.Context(), d.Ref(tk), c.Origin, func(tk *ticket.Ticket) error {
		return change(c, tk)
	}))
	return d.Read(t, tk.ID).Ticket
}

// Everything is the filter that lets every ticket of the workspace pass.
func (d *Desk) Everything() access.TicketFilter {
	return access.TicketFilter{Workspace: d.Workspace.ID, All: true}
}

// Read gives a ticket as the store has it.
func (d *Desk) Read(t *testing.T, tk id.Ticket) *ticket.View {
	t.Helper()
	found, err := d.Tickets.Find(t.Context(), d.Everything(), tk)
	must(t, "find the ticket", err)
	if len(found) != 1 {
		t.Fatalf("found %d tickets of ID %d, want 1", len(found), tk)
	}
	return found[0]
}

func must(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// truth is a time as every store keeps it.
func truth(at time.Time) time.Time { return at.UTC().Truncate(time.Microsecond) }
