package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/locale"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func by(ch event.Channel) access.Call {
	return access.Call{Actor: access.Actor{Workspace: 1, Member: 2, Role: access.RoleAdmin}, Now: noon, Origin: event.Origin{Channel: ch}}
}

// told gives entries in short.
func told(entries []audit.Entry) string {
	var all []string
	for _, e := range entries {
		line := fmt.Sprintf("%s %s %d", e.Action, e.Object.Kind, e.Object.ID)
		for _, c := range e.Changes {
			line += fmt.Sprintf(" %s%v→%v", c.Field, c.Before.Items, c.After.Items)
		}
		all = append(all, line)
	}
	return fmt.Sprintf("%q", all)
}

func TestEntriesTellWhatIsDifferent(t *testing.T) {
	queue := func(n int64, name string) audit.State {
		return audit.State{{Kind: audit.Queue, ID: n}: {"name": audit.Text(name)}}
	}
	names := audit.Facts{"position": audit.Number(3), "queueId": audit.Named[int64](audit.Queue, 0)}
	names.Localized("names", locale.Text{"fr": "Pain", "en": "Bread"})
	for name, c := range map[string]struct {
		before, after audit.State
		want          string
	}{
		"nothing":   {queue(1, "a"), queue(1, "a"), `[]`},
		"made":      {nil, queue(1, "a"), `["created queue 1 name[]→[a]"]`},
		"taken":     {queue(1, "a"), nil, `["removed queue 1 name[a]→[]"]`},
		"renamed":   {queue(1, "a"), queue(1, "b"), `["changed queue 1 name[a]→[b]"]`},
		"exchanged": {queue(2, "a"), queue(1, "a"), `["created queue 1 name[]→[a]" "removed queue 2 name[a]→[]"]`},
		"field by field": {
			audit.State{{Kind: audit.Category, ID: 1}: {"position": audit.Number(3), "old": audit.Yes(true)}},
			audit.State{{Kind: audit.Category, ID: 1}: names},
			`["changed category 1 names.en[]→[Bread] names.fr[]→[Pain] old[true]→[]"]`,
		},
	} {
		if got := told(audit.Between(by(event.ChannelAPI), c.before, c.after)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestAnEntryTellsWhoWhenAndHow(t *testing.T) {
	after := audit.Role(7, access.RoleAgent)
	e := audit.Between(by(event.ChannelDiscord), audit.Role(7, access.RoleRequester), after)[0]
	if e.Workspace != 1 || e.Actor != 2 || !e.At.Equal(noon) || e.Channel != event.ChannelDiscord || e.Object != (audit.Object{Kind: audit.Member, ID: 7}) {
		t.Errorf("the entry is %+v", e)
	}
	own := audit.Between(access.Call{Actor: access.System(1), Now: noon}, nil, after)[0]
	if own.Actor != 0 || own.Channel != event.ChannelSystem {
		t.Errorf("the helpdesk's own entry is %+v", own)
	}
}

// What is no different leaves no trace, whatever it is; what is, leaves one, and
// going back leaves its reverse.
func TestGoingBackIsTheReverse(t *testing.T) {
	state := rapid.Custom(func(t *rapid.T) audit.State {
		s := audit.State{}
		for _, n := range rapid.SliceOfNDistinct(rapid.Int64Range(1, 4), 0, 4, rapid.ID).Draw(t, "objects") {
			s[audit.Object{Kind: audit.Team, ID: n}] = audit.Facts{
				"name": audit.Text(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "name")),
				"ids":  audit.Named(audit.Queue, rapid.SliceOfN(rapid.Int64Range(0, 3), 0, 2).Draw(t, "ids")...),
			}
		}
		return s
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := state.Draw(t, "before"), state.Draw(t, "after")
		there, back := audit.Between(by(event.ChannelAPI), a, b), audit.Between(by(event.ChannelAPI), b, a)
		if n := len(audit.Between(by(event.ChannelAPI), a, a)); n != 0 || len(there) != len(back) {
			t.Fatalf("%d entries of nothing, %s there, %s back", n, told(there), told(back))
		}
		for i := range there {
			for j, c := range there[i].Changes {
				if r := back[i].Changes[j]; fmt.Sprint(r.Before, r.After) != fmt.Sprint(c.After, c.Before) {
					t.Fatalf("there %+v, back %+v", c, r)
				}
			}
		}
	})
}

// recorder keeps what it is given.
type recorder struct{ kept []audit.Entry }

func (r *recorder) Recorded(ctx context.Context, _ access.Call, change func(context.Context) ([]audit.Entry, error)) error {
	entries, err := change(ctx)
	if err == nil {
		r.kept = append(r.kept, entries...)
	}
	return err
}

func TestARefusedChangeIsNotRecorded(t *testing.T) {
	refused, role := errors.New("refused"), access.RoleRequester
	read := func(context.Context) (audit.State, error) { return audit.Role(1, role), nil }
	r := &recorder{}
	for _, err := range []error{refused, nil} {
		got := audit.Record(t.Context(), r, by(event.ChannelAPI), read, func(context.Context) error {
			role = access.RoleAgent
			return err
		})
		if !errors.Is(got, err) {
			t.Errorf("the result is %v, want %v", got, err)
		}
		if want := map[bool]string{true: `[]`, false: `["changed member 1 role[requester]→[agent]"]`}[err != nil]; told(r.kept) != want {
			t.Errorf("kept %s, want %s", told(r.kept), want)
		}
		role = access.RoleRequester
	}
}
