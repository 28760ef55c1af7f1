package tickettest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
)

func serviceHouse() []test {
	return []test{
		{"an admin arranges the house, and nobody else", arranging},
		{"a house that makes no sense is refused", arrangingRefused},
		{"archived categories are shown to who asks for them", archivedCategories},
		{"grants are set, replaced and taken back", grants},
		{"members see themselves, staff sees everybody", memberLooks},
		{"staff pages through the members", memberList},
		{"members choose for themselves, an admin for all", memberChoices},
		{"a channel's people arrive with names that can be kept", arrivals},
	}
}

// house is the services around tickets.
type house struct {
	queues     *queue.Service
	teams      *team.Service
	categories *category.Service
	members    *member.Service
}

func (d *Desk) house() house {
	return house{
		queues: queue.NewService(d.Queues, d.IDs), teams: team.NewService(d.Teams, d.IDs),
		categories: category.NewService(d.Categories, d.IDs), members: member.NewService(d.Members),
	}
}

func (d *Desk) helpdesk() access.Call {
	return access.Call{Actor: access.System(d.Workspace.ID), Now: d.Clock.Tick()}
}

// offer is a category that is as it should be.
func (d *Desk) offer(name string) category.Category {
	return category.Category{
		Name: locale.Of("en", name), Intent: category.Suggestion, Queue: d.Support.ID, Priority: priority.Low, Position: 9,
	}
}

func arranging(t *testing.T, d *Desk) {
	h, n := d.house(), 0
	grant := access.Grant{Queue: d.Support.ID, Role: access.RoleAgent, Class: access.ClassClaim, Effect: access.Deny}
	acts := map[string]func(c access.Call) error{
		"save a queue": func(c access.Call) error {
			_, err := h.queues.Save(t.Context(), c, queue.Queue{Name: fmt.Sprint("Queue ", n)})
			return err
		},
		"save a team": func(c access.Call) error {
			_, err := h.teams.Save(t.Context(), c, team.Team{Name: fmt.Sprint("Team ", n), Members: []id.Member{d.Dana.ID}})
			return err
		},
		"save a category": func(c access.Call) error {
			_, err := h.categories.Save(t.Context(), c, d.offer(fmt.Sprint("Category ", n)))
			return err
		},
		"set a grant":    func(c access.Call) error { return h.queues.SetGrant(t.Context(), c, &grant) },
		"remove a grant": func(c access.Call) error { return h.queues.RemoveGrant(t.Context(), c, grant) },
		"read the grants": func(c access.Call) error {
			_, err := h.queues.Grants(t.Context(), c)
			return err
		},
		"give a role": func(c access.Call) error {
			return h.members.SetRole(t.Context(), c, member.Ref{ID: d.Bob.ID}, access.RoleRequester)
		},
	}
	for name, act := range acts {
		for _, who := range d.everybody() {
			n++
			want := fault.Forbidden
			if who == d.Ada {
				want = ""
			}
			refused(t, who.Name+" wants to "+name, act(d.Call(t, who)), want, "")
		}
	}
	for _, who := range d.everybody() {
		queues, err := h.queues.List(t.Context(), d.Call(t, who))
		if err != nil || len(queues) != 3 {
			t.Errorf("%s sees %d queues, %v; want 3", who.Name, len(queues), err)
		}
	}
	refusedTeams(t, d, h)
}

func refusedTeams(t *testing.T, d *Desk, h house) {
	t.Helper()
	_, err := h.teams.List(t.Context(), d.Call(t, d.Bob))
	refused(t, "a requester lists the teams", err, fault.Forbidden, "")
	teams, err := h.teams.List(t.Context(), d.Call(t, d.Chidi))
	must(t, "list teams", err)
	if names := teamNames(teams); !slices.IsSorted(names) || len(names) != 3 {
		t.Errorf("the teams are %q, want 3 by name", names)
	}
}

func teamNames(teams []*team.Team) []string {
	var names []string
	for _, tm := range teams {
		names = append(names, tm.Name)
	}
	return names
}

func arrangingRefused(t *testing.T, d *Desk) {
	h, other := d.house(), NewDesk(t, d.World)
	long := strings.Repeat("é", 81)
	queueOf := func(q queue.Queue) error { _, err := h.queues.Save(t.Context(), d.Call(t, d.Ada), q); return err }
	teamOf := func(tm team.Team) error { _, err := h.teams.Save(t.Context(), d.Call(t, d.Ada), tm); return err }
	categoryOf := func(change func(*category.Category)) error {
		c := d.offer("Ideas")
		change(&c)
		_, err := h.categories.Save(t.Context(), d.Call(t, d.Ada), c)
		return err
	}
	refused(t, "a queue without name", queueOf(queue.Queue{Name: " "}), fault.Invalid, "name")
	refused(t, "a queue with a long name", queueOf(queue.Queue{Name: long}), fault.Invalid, "name")
	refused(t, "a queue's name twice", queueOf(queue.Queue{Name: " Support "}), fault.Conflict, "")
	refused(t, "another workspace's queue", queueOf(queue.Queue{ID: other.Support.ID, Name: "Mine now"}), fault.NotFound, "")
	refused(t, "a team without name", teamOf(team.Team{}), fault.Invalid, "name")
	refused(t, "a team's name twice", teamOf(team.Team{Name: "Billing team"}), fault.Conflict, "")
	refused(t, "a team of strangers", teamOf(team.Team{Name: "New", Members: []id.Member{other.Chidi.ID}}), fault.NotFound, "")
	refused(t, "a team that serves elsewhere", teamOf(team.Team{Name: "New", Queues: []id.Queue{other.Support.ID}}), fault.NotFound, "")
	refused(t, "a category without name", categoryOf(func(c *category.Category) { c.Name = nil }), fault.Invalid, "names")
	refused(t, "a category of nowhere", categoryOf(func(c *category.Category) { c.Queue = other.Support.ID }), fault.NotFound, "")
	refused(t, "another workspace's category", categoryOf(func(c *category.Category) { c.ID = other.Help.ID }), fault.NotFound, "")
	_, err := h.queues.Get(t.Context(), d.Call(t, d.Bob), other.Support.ID)
	refused(t, "a look at another workspace's queue", err, fault.NotFound, "")
	_, err = h.categories.Get(t.Context(), d.Call(t, d.Bob), other.Help.ID)
	refused(t, "a look at another workspace's category", err, fault.NotFound, "")
	if got, err := other.Queues.Get(t.Context(), other.Workspace.ID, other.Support.ID); err != nil || got[0].Name != "Support" {
		t.Errorf("the other workspace's queue is now %v, %v", got, err)
	}
}

func archivedCategories(t *testing.T, d *Desk) {
	h := d.house()
	old := *d.Help
	old.Archived = true
	_, err := h.categories.Save(t.Context(), d.Call(t, d.Ada), old)
	must(t, "archive", err)
	for _, try := range []struct {
		archived bool
		want     []id.Category
	}{{false, []id.Category{d.Invoice.ID}}, {true, []id.Category{d.Invoice.ID, d.Help.ID}}} {
		listed, err := h.categories.List(t.Context(), d.Call(t, d.Bob), try.archived)
		must(t, "list", err)
		var got []id.Category
		for _, c := range listed {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, try.want) {
			t.Errorf("with archived ones %v: %v, want %v", try.archived, got, try.want)
		}
	}
}

func grants(t *testing.T, d *Desk) {
	h := d.house()
	g := access.Grant{Queue: d.Support.ID, Role: access.RoleAgent, Class: access.ClassClaim, Effect: access.Deny}
	must(t, "set", h.queues.SetGrant(t.Context(), d.Call(t, d.Ada), &g))
	g.Effect = access.Allow
	must(t, "replace", h.queues.SetGrant(t.Context(), d.Call(t, d.Ada), &g))
	if all, err := h.queues.Grants(t.Context(), d.Call(t, d.Ada)); err != nil || !slices.Equal(all, []access.Grant{g}) {
		t.Errorf("the grants are %v, %v; want the last only", all, err)
	}
	if a := d.Actor(t, d.Dana); !access.Allowed(a, access.TicketClaim, access.Scope{Workspace: d.Workspace.ID, Queue: d.Support.ID}) {
		t.Error("the grant does not reach the agents")
	}
	settings := d.Call(t, d.Ada)
	settings.Actor = settings.Actor.Within([]access.Permission{access.WorkspaceManage})
	for name, err := range map[string]error{"sets": h.queues.SetGrant(t.Context(), settings, &g), "removes": h.queues.RemoveGrant(t.Context(), settings, g)} {
		if !errors.Is(err, access.ErrForbidden) {
			t.Errorf("a key for the settings alone %s a grant to claim: %v", name, err)
		}
	}
	must(t, "remove", h.queues.RemoveGrant(t.Context(), d.Call(t, d.Ada), g))
	if all, err := h.queues.Grants(t.Context(), d.Call(t, d.Ada)); err != nil || len(all) != 0 {
		t.Errorf("the grants are %v, %v; want none", all, err)
	}
	refused(t, "a grant without place", h.queues.SetGrant(t.Context(), d.Call(t, d.Ada), &access.Grant{Role: access.RoleAgent}), fault.Invalid, "queueId")
	g.Queue = NewDesk(t, d.World).Support.ID
	refused(t, "a grant elsewhere", h.queues.SetGrant(t.Context(), d.Call(t, d.Ada), &g), fault.NotFound, "")
}

func memberLooks(t *testing.T, d *Desk) {
	s, other := d.house().members, NewDesk(t, d.World)
	get := func(who *member.Member, m id.Member) error {
		found, err := s.Get(t.Context(), d.Call(t, who), m)
		if err == nil && found.ID != m {
			t.Errorf("%s asks for %d and gets %d", who.Name, m, found.ID)
		}
		return err
	}
	refused(t, "a requester looks at themself", get(d.Bob, d.Bob.ID), "", "")
	refused(t, "at somebody else", get(d.Bob, d.Lea.ID), fault.Forbidden, "")
	refused(t, "an agent looks at a requester", get(d.Chidi, d.Bob.ID), "", "")
	refused(t, "at another workspace's", get(d.Chidi, other.Bob.ID), fault.NotFound, "")
	profiles, err := s.Profiles(t.Context(), d.Call(t, d.Bob), d.Chidi.ID, other.Chidi.ID)
	if err != nil || len(profiles) != 1 || profiles[0].Name != "Chidi" {
		t.Errorf("a requester sees the profiles %v, %v; want Chidi's", profiles, err)
	}
	_, err = s.ActorOf(t.Context(), d.Call(t, d.Ada), d.Bob.ID)
	refused(t, "an admin becomes somebody else", err, fault.Forbidden, "")
	actor, err := s.ActorOf(t.Context(), d.helpdesk(), d.Chidi.ID)
	if err != nil || actor.Member != d.Chidi.ID || actor.Role != access.RoleAgent || !actor.Serves(d.Support.ID) || actor.Serves(d.Billing.ID) {
		t.Errorf("Chidi acts as %+v, %v", actor, err)
	}
	_, err = s.ActorOf(t.Context(), d.helpdesk(), other.Chidi.ID)
	refused(t, "another workspace's member acts", err, fault.NotFound, "")
}

func memberList(t *testing.T, d *Desk) {
	s := d.house().members
	_, err := s.Page(t.Context(), d.Call(t, d.Bob), query.Query{}, page.Request{})
	refused(t, "a requester lists", err, fault.Forbidden, "")
	_, err = s.Page(t.Context(), d.Call(t, d.Chidi), query.Query{}, page.Request{First: 101})
	refused(t, "a page too long", err, fault.Invalid, "first")
	for name, try := range map[string]struct {
		where query.Where
		order []query.Order
		want  []string
	}{
		"all":           {query.Where{}, nil, []string{"Léa", "Bob", "Chidi", "Dana", "Sam", "Ada"}},
		"agents":        {where(member.FieldRole, query.Eq, "agent"), nil, []string{"Chidi", "Dana"}},
		"by name":       {where(member.FieldName, query.Contains, "da"), nil, []string{"Dana", "Ada"}},
		"nobody at all": {where(member.FieldName, query.Contains, "%"), nil, nil},
		"both": {
			where: query.Where{And: []query.Where{
				where(member.FieldRole, query.In, "admin", "agent"), where(member.FieldName, query.Contains, "DA"),
			}},
			want: []string{"Dana", "Ada"},
		},
		"in order of names": {
			where: query.Where{Not: new(where(member.FieldRole, query.Eq, "requester"))},
			order: []query.Order{{Field: member.FieldName, Descending: true}},
			want:  []string{"Sam", "Dana", "Chidi", "Ada"},
		},
		"of a team": {where(member.FieldTeam, query.Eq, int64(d.supportTeam(t))), nil, []string{"Chidi"}},
	} {
		var got []string
		asked := page.Request{First: 2}
		for {
			q := query.Query{Where: try.where, Order: try.order}
			p, err := s.Page(t.Context(), d.Call(t, d.Chidi), q, asked)
			must(t, name, err)
			for _, m := range p.Items {
				got = append(got, m.Name)
			}
			if !p.HasNext {
				break
			}
			asked.After = member.Terms().CursorOf(q, p.Items[len(p.Items)-1].SortKey)
		}
		n, err := s.Count(t.Context(), d.Call(t, d.Chidi), try.where)
		must(t, "count", err)
		if n != len(try.want) {
			t.Errorf("%s: counted %d", name, n)
		}
		if !slices.Equal(got, try.want) {
			t.Errorf("%s: %q, want %q", name, got, try.want)
		}
	}
}

// supportTeam is the team that serves Support.
func (d *Desk) supportTeam(t *testing.T) id.Team {
	t.Helper()
	p, err := d.Teams.Page(t.Context(), d.Workspace.ID, query.Query{Where: where(team.FieldQueue, query.Eq, int64(d.Support.ID))}, page.Window{Limit: 5})
	must(t, "find the support team", err)
	if len(p.Items) != 1 || len(p.Items[0].Members) != 1 {
		t.Fatalf("%d teams serve Support", len(p.Items))
	}
	return p.Items[0].ID
}

func memberChoices(t *testing.T, d *Desk) {
	s := d.house().members
	refused(t, "an unknown role", s.SetRole(t.Context(), d.Call(t, d.Ada), member.Ref{ID: d.Bob.ID}, "king"), fault.Invalid, "role")
	refused(t, "a role for nobody", s.SetRole(t.Context(), d.Call(t, d.Ada), member.Ref{ID: 1}, access.RoleAgent), fault.NotFound, "")
	must(t, "Bob becomes an agent", s.SetRole(t.Context(), d.Call(t, d.Ada), member.Ref{ID: d.Bob.ID}, access.RoleAgent))
	if a := d.Actor(t, d.Bob); a.Role != access.RoleAgent {
		t.Errorf("Bob is %s, want an agent", a.Role)
	}
	choose := func(c member.Choice) error { return s.Choose(t.Context(), d.Call(t, d.Lea), 0, c) }
	refused(t, "no language", choose(member.Choice{Locale: new(locale.Tag("…")), Zone: new("Asia/Tokyo")}), fault.Invalid, "locale")
	must(t, "Léa prefers Japanese", choose(member.Choice{Locale: new(locale.Tag("ja"))}))
	for _, zone := range []string{"Middle/Earth", "Local", "localtime"} {
		refused(t, "no zone", choose(member.Choice{Locale: new(locale.Tag("fr")), Zone: &zone}), fault.Invalid, "timeZone")
	}
	must(t, "Léa lives in Tokyo", choose(member.Choice{Zone: new("Asia/Tokyo")}))
	if a := d.Actor(t, d.Lea); a.Zone != "Asia/Tokyo" {
		t.Errorf("Léa's time zone is %q", a.Zone)
	}
	_, err := d.Members.Arrive(t.Context(), d.Workspace.ID, d.Clock.Tick(), d.arrivalOf(t, d.Lea, "fr"))
	must(t, "Léa's client speaks French", err)
	if a := d.Actor(t, d.Lea); a.Locale != "ja" || a.Zone != "Asia/Tokyo" {
		t.Errorf("Léa's language is %s, want her own choice", a.Locale)
	}
	profile := &member.Agent{Member: d.Chidi.ID, Skills: []string{" printers "}, Languages: []locale.Tag{"en", "fr"}, Availability: member.Online, Capacity: 5}
	must(t, "an agent's own profile", s.SaveAgent(t.Context(), d.Call(t, d.Chidi), 0, profile))
	refused(t, "another's", s.SaveAgent(t.Context(), d.Call(t, d.Dana), 0, profile), fault.Forbidden, "")
	must(t, "anybody's, by an admin", s.SaveAgent(t.Context(), d.Call(t, d.Ada), 0, profile))
	refused(t, "a requester's own", s.SaveAgent(t.Context(), d.Call(t, d.Lea), 0, &member.Agent{Member: d.Lea.ID, Availability: member.Online}), fault.Forbidden, "")
	refused(t, "half present", s.SaveAgent(t.Context(), d.Call(t, d.Chidi), 0, &member.Agent{Member: d.Chidi.ID, Availability: "half"}), fault.Invalid, "availability")
	got, err := s.Agents(t.Context(), d.Call(t, d.Dana), d.Chidi.ID, d.Dana.ID)
	if err != nil || len(got) != 1 || got[d.Chidi.ID].Capacity != 5 || !slices.Equal(got[d.Chidi.ID].Skills, []string{"printers"}) {
		t.Errorf("the agents are %v, %v; want Chidi's profile", got, err)
	}
}

// arrivalOf is what the channel tells of a member who is there already.
func (d *Desk) arrivalOf(t *testing.T, m *member.Member, tag locale.Tag) member.Arrival {
	t.Helper()
	known, err := d.Members.Identities(t.Context(), d.Workspace.ID, d.arrive, m.ID)
	must(t, "find "+m.Name, err)
	return member.Arrival{Channel: d.arrive, ExternalID: known[m.ID], Name: m.Name, Locale: tag}
}

func arrivals(t *testing.T, d *Desk) {
	s := d.house().members
	one := member.Arrival{Channel: event.ChannelDiscord, ExternalID: "9", Name: strings.Repeat("é", 200) + "\x00\xff", Locale: "not one"}
	m, err := s.Arrive(t.Context(), d.helpdesk(), one)
	must(t, "arrive", err)
	if m.Name != strings.Repeat("é", member.MaxName) || m.Role != access.RoleRequester || !m.Locale.Valid() {
		t.Errorf("who arrived is %+v", m)
	}
	one.Name = "N\x00ame\xff"
	again, err := s.Arrive(t.Context(), d.helpdesk(), one)
	if err != nil || again.ID != m.ID || again.Name != "Name" {
		t.Errorf("who arrived again is %+v, %v", again, err)
	}
	_, err = s.Arrive(t.Context(), d.Call(t, d.Ada), one)
	refused(t, "an admin plays the channel", err, fault.Forbidden, "")
	refused(t, "an admin sends them away", s.Leave(t.Context(), d.Call(t, d.Ada), event.ChannelDiscord, "9"), fault.Forbidden, "")
	_, err = s.Arrive(t.Context(), d.helpdesk(), member.Arrival{Channel: event.ChannelDiscord})
	refused(t, "nobody arrives", err, fault.Invalid, "externalId")
	found, err := s.ByIdentity(t.Context(), d.Call(t, d.Chidi), event.ChannelDiscord, "9")
	if err != nil || found.ID != m.ID {
		t.Errorf("found %v, %v", found, err)
	}
	_, err = s.ByIdentity(t.Context(), d.Call(t, d.Chidi), event.ChannelPlain, "9")
	refused(t, "another channel's ID", err, fault.NotFound, "")
}
