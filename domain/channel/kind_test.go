package channel_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/ticket/tickettest"
)

func TestTheKindOfAPlaceFollowsTheCategoryUntilThereIsOne(t *testing.T) {
	public := []access.Grant{{Category: tickettest.TheCategory, Role: access.RoleRequester, Class: access.ClassSee, Effect: access.Allow}}
	for name, c := range map[string]struct {
		category category.Surface
		surface  channel.Surface
		grants   []access.Grant
		unknown  bool // the channel does not know the requester
		want     category.Surface
	}{
		"by default":                              {want: category.InChannel},
		"a thread":                                {category: category.InThread, want: category.InThread},
		"direct messages":                         {category: category.InDM, want: category.InDM},
		"direct messages with a stranger":         {category: category.InDM, unknown: true, want: category.InChannel},
		"a public forum":                          {category: category.InForum, grants: public, want: category.InForum},
		"a forum that an admin made private":      {category: category.InForum, want: category.InChannel},
		"what is there stays":                     {category: category.InThread, surface: channel.Surface{Kind: category.InChannel, ExternalID: "1"}, want: category.InChannel},
		"a place that was only tried counts not":  {category: category.InThread, surface: channel.Surface{Kind: category.InChannel}, want: category.InThread},
		"what was private is not made public":     {category: category.InForum, grants: public, surface: channel.Surface{Kind: category.InThread, ExternalID: "1"}, want: category.InThread},
		"nor when its place is lost":              {category: category.InForum, grants: public, surface: channel.Surface{Kind: category.InDM, State: channel.Gone}, want: category.InDM},
		"who waits for a thread takes a channel":  {surface: channel.Surface{Kind: category.InThread, State: channel.Waiting}, want: category.InChannel},
		"but no public place":                     {category: category.InForum, grants: public, surface: channel.Surface{Kind: category.InThread, State: channel.Waiting}, want: category.InChannel},
		"what was public becomes private":         {category: category.InChannel, grants: public, surface: channel.Surface{Kind: category.InForum, ExternalID: "1"}, want: category.InChannel},
		"also in the forum, when nobody may see":  {category: category.InForum, surface: channel.Surface{Kind: category.InForum, ExternalID: "1"}, want: category.InChannel},
		"what is public stays so while it should": {category: category.InForum, grants: public, surface: channel.Surface{Kind: category.InForum, ExternalID: "1"}, want: category.InForum},
	} {
		f := facts(tickettest.NewTicket())
		f.Category.Surface, f.Surface, f.Grants = c.category, c.surface, c.grants
		if c.unknown {
			f.Requester.ExternalID = ""
		}
		if got := f.Kind(); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAThreadHasPeopleAndNoRoles(t *testing.T) {
	f := facts(tickettest.NewTicket())
	f.Staff = []channel.Staff{{Person: person(8, access.RoleAgent), Queues: []id.Queue{tickettest.TheQueue}, ByRole: true}}
	got := f.Company()
	if len(got) != 2 || got[0].Role || got[0].ExternalID != "user-5" || got[1].ExternalID != "user-8" || !got[1].Send {
		t.Errorf("the company is %v", got)
	}
}

func TestStaffTalksWithoutTheRequesterWhereTheyAreToldByDirectMessage(t *testing.T) {
	f := facts(tickettest.NewTicket(tickettest.With(6)))
	f.Category.Surface = category.InDM
	f.Participants = []channel.Person{person(6, access.RoleRequester)}
	for _, v := range f.Audience() {
		if v.ExternalID == "user-5" {
			t.Errorf("the requester sees where staff talks: %v", f.Audience())
		}
	}
}
