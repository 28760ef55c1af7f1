package event_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/event"
)

// specimens holds one event of each type, with every part set.
func specimens() []event.Data {
	return []event.Data{
		event.TicketOpened{Number: 1, Requester: 2, Category: 3, Queue: 4, Priority: "high"},
		event.MessagePosted{Message: 1, Kind: "reply", Files: 2},
		event.NoteAdded{Message: 1, Files: 2},
		event.MessageEdited{Message: 1, Version: 2, FilesAdded: 1, FilesRemoved: 2},
		event.MessageDeleted{Message: 1},
		event.TicketClaimed{Assignee: 1, Previous: 2},
		event.TicketAssigned{Assignee: 1, Previous: 2},
		event.TicketUnassigned{Previous: 1},
		event.TicketTransferred{From: 1, To: 2},
		event.TicketRecategorised{From: 1, To: 2},
		event.PriorityChanged{From: "low", To: "urgent"},
		event.TagAdded{Tag: "défaut"},
		event.TagRemoved{Tag: `"quoted"`},
		event.FieldChanged{Key: "plan", Kind: "multi_choice", From: "gold", To: "gold,blue", FromMember: 1, ToMember: 2},
		event.ParticipantAdded{Member: 1},
		event.ParticipantRemoved{Member: 1},
		event.StatusChanged{From: "new", To: "open"},
		event.TicketResolved{From: "open"},
		event.TicketConfirmed{},
		event.TicketClosed{Reason: "staff"},
		event.TicketReopened{From: "closed"},
		event.SurfaceLost{Channel: "discord", Place: "7", Outcome: "close"},
		event.SurfaceRemoved{Channel: "discord", Place: "7"},
		event.PersonLeft{Member: 1, Banned: true},
		event.PersonReturned{Member: 1},
		event.MessageUndelivered{Message: 1, Reason: "discord.undelivered.closed"},
		event.ClockMoved{Target: "resolution", Movement: "breached", Policy: 1, DueAt: time.UnixMicro(1).UTC(), UsedSeconds: 60, Breached: true},
		event.TicketSnoozed{Until: time.UnixMicro(1).UTC()},
		event.TicketWoken{Reason: "time"},
		event.Reminded{Turn: "staff", Member: 1, Message: 2, Overtaken: true},
		event.Digested{Digest: 1, Queue: 2, Left: 3},
		event.AlertRaised{Text: "late", Target: "resolution", Policy: 1, Breached: true, DueAt: time.UnixMicro(1).UTC()},
		event.AttachmentStored{Message: 1, Attachment: 2},
		event.AttachmentFailed{Message: 1, Attachment: 2, Reason: "gone"},
	}
}

func TestEveryTypeComesBackFromTheLog(t *testing.T) {
	var types []event.Type
	for _, data := range specimens() {
		name, version, raw, err := event.Encode(data)
		if err != nil {
			t.Fatalf("encode %T: %v", data, err)
		}
		types = append(types, name)
		back, err := event.Decode(name, version, raw)
		if err != nil || back != data {
			t.Errorf("%s came back as %#v, %v; want %#v", name, back, err, data)
		}
		if v := reflect.ValueOf(data); v.NumField() > 0 && v.IsZero() {
			t.Errorf("the specimen of %s shows nothing", name)
		}
		if !strings.HasPrefix(string(name), "ticket.") {
			t.Errorf("%s does not say what it is about", name)
		}
	}
	slices.Sort(types)
	if !slices.Equal(types, event.Types()) {
		t.Errorf("the specimens are of %v, the types are %v", types, event.Types())
	}
}

// TestOldEventsStayReadable holds some rows as they were once written: the log
// is never rewritten.
func TestOldEventsStayReadable(t *testing.T) {
	for _, row := range []struct {
		name event.Type
		raw  string
		want event.Data
	}{
		{
			"ticket.opened", `{"number":7,"requester":1,"category":2,"queue":3,"priority":"normal"}`,
			event.TicketOpened{Number: 7, Requester: 1, Category: 2, Queue: 3, Priority: "normal"},
		},
		{"ticket.message_posted", `{"message":5,"kind":"reply"}`, event.MessagePosted{Message: 5, Kind: "reply"}},
		{"ticket.claimed", `{"assignee":5}`, event.TicketClaimed{Assignee: 5}},
		{"ticket.status_changed", `{"from":"new","to":"open"}`, event.StatusChanged{From: "new", To: "open"}},
		{"ticket.confirmed", `{}`, event.TicketConfirmed{}},
	} {
		if got, err := event.Decode(row.name, 1, []byte(row.raw)); err != nil || got != row.want {
			t.Errorf("%s %s is read as %#v, %v; want %#v", row.name, row.raw, got, err, row.want)
		}
	}
}

func TestWhatTheLogCannotHoldIsAnError(t *testing.T) {
	for name, try := range map[string]struct {
		of      event.Type
		version int
		raw     string
	}{
		"an unknown type":    {"ticket.burnt", 1, `{}`},
		"a later version":    {event.TypeTicketClosed, 2, `{}`},
		"no version":         {event.TypeTicketClosed, 0, `{}`},
		"broken data":        {event.TypeTicketClosed, 1, `{"reason":`},
		"data of other kind": {event.TypeTicketClosed, 1, `{"reason":5}`},
	} {
		if d, err := event.Decode(try.of, try.version, []byte(try.raw)); err == nil {
			t.Errorf("%s is read as %#v", name, d)
		}
	}
}

func TestIDsKeepEveryBit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := event.TicketOpened{Number: rapid.Int64().Draw(t, "number"), Priority: rapid.String().Draw(t, "priority")}
		want.Priority = strings.ToValidUTF8(want.Priority, "")
		name, version, raw, err := event.Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := event.Decode(name, version, raw); err != nil || got != want {
			t.Fatalf("%#v came back as %#v, %v", want, got, err)
		}
	})
}
