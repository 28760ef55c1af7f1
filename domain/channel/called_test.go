package channel_test

import (
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

func TestWhoIsCalledToAReminder(t *testing.T) {
	ana, max := channel.Person{Member: &member.Member{ID: 5}, ExternalID: "50"}, channel.Person{Member: &member.Member{ID: 6}, ExternalID: "60"}
	for name, c := range map[string]struct {
		template string
		turn     ticket.Turn
		assignee channel.Person
		change   func(f *channel.Facts)
		direct   bool
		people   []string
		roles    []string
	}{
		"the assignee":                        {template: ticket.StaffReminder, turn: ticket.StaffsTurn, assignee: max, people: []string{"60"}},
		"the roles of the teams":              {template: ticket.StaffReminder, turn: ticket.StaffsTurn, roles: []string{"7", "8"}},
		"the requester":                       {template: ticket.RequesterReminder, turn: ticket.RequestersTurn, assignee: max, people: []string{"50"}},
		"nobody in other messages":            {template: "category.greeting", assignee: max},
		"no staff in direct messages":         {template: ticket.StaffReminder, turn: ticket.StaffsTurn, assignee: max, direct: true},
		"the requester in direct messages":    {template: ticket.RequesterReminder, turn: ticket.RequestersTurn, direct: true, people: []string{"50"}, change: inDM},
		"no requester where only staff talks": {template: ticket.RequesterReminder, turn: ticket.RequestersTurn, change: inDM},
		"no staff who has nothing to do":      {template: ticket.StaffReminder, turn: ticket.NobodysTurn, assignee: max},
		"nobody where nothing is urgent": {
			template: ticket.RequesterReminder, turn: ticket.RequestersTurn, change: func(f *channel.Facts) { f.Category.Intent = category.NonUrgent },
		},
		"nobody who was overtaken": {template: ticket.RequesterReminder, turn: ticket.RequestersTurn, change: func(f *channel.Facts) { f.Ticket.LastMessage = 10 }},
	} {
		f := &channel.Facts{
			Ticket:   &ticket.Ticket{Requester: 5, LastMessage: 9, Turn: c.turn},
			Category: &category.Category{Intent: category.Support, Surface: category.InChannel},
			Roles:    []string{"8", "7"}, Requester: ana, Assignee: c.assignee,
		}
		if c.assignee.Member != nil {
			f.Ticket.Assignee = c.assignee.Member.ID
		}
		if c.change != nil {
			c.change(f)
		}
		got := f.Called(&ticket.Message{ID: 9, Kind: ticket.System, Template: c.template}, c.direct)
		if !slices.Equal(got.People, c.people) || !slices.Equal(got.Roles, c.roles) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func inDM(f *channel.Facts) { f.Category.Surface = category.InDM }
