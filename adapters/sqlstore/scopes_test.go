package sqlstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// A key is a limited agent, and not somebody else: what it says is said by staff, and it
// may enclose files in what it may say.
func TestAnAgentsKeySpeaksForStaff(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "spoken")
		tk := w.open(w.actor("amy", access.RoleRequester), "Help")
		by := w.actor("bob", access.RoleAgent).Within([]access.Permission{access.TicketSee, access.TicketReply})
		m := got(w.tickets.Reply(t.Context(), call(by), ticket.Ref{ID: tk.ID}, "By a program."))(t)
		if m.Side != ticket.FromStaff {
			t.Errorf("it speaks as %s", m.Side)
		}
		files := file.NewService(s.Files(), &filetest.Bucket{}, &filetest.Links{}, s.IDs(), "")
		got(files.BeginUpload(t.Context(), call(by), "log.txt"))(t)
		_, err := files.BeginUpload(t.Context(), call(by.Within([]access.Permission{access.TicketSee})), "log.txt")
		wantErr(t, err, access.ErrForbidden)
	})
}

// Whoever types a link code in a guild of theirs administers the workspace from there,
// with no scopes: no key gives it.
func TestNoKeyMakesLinkCodes(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "codes")
		admin := w.actor("ann", access.RoleAdmin)
		workspaces := workspace.NewService(s.Workspaces(), s.IDs(), workspace.Setup{}, zeros{})
		_, err := workspaces.CreateLinkCode(t.Context(), call(admin.Within([]access.Permission{access.WorkspaceManage})), event.ChannelDiscord)
		wantErr(t, err, access.ErrForbidden)
		got(workspaces.CreateLinkCode(t.Context(), call(admin), event.ChannelDiscord))(t)
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A member's next key, which may do what the one before might not, is not answered with
// that one's refusal.
func TestARefusalForAKeyIsNotTheMembers(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, "again")
		bob, once := w.actor("bob", access.RoleAgent), idempotency.NewService(s.Idempotency())
		wish := idempotency.Wish{Operation: "assign", Key: "k", Input: []byte("{}")}
		_, _, err := once.Do(t.Context(), call(bob.Within([]access.Permission{access.TicketSee})), wish, func(context.Context) (idempotency.Result, error) {
			return idempotency.Result{}, access.ErrForbidden
		})
		if fault.CodeOf(err) != fault.Forbidden {
			t.Fatal(err)
		}
		done := false
		_, _, err = once.Do(t.Context(), call(bob), wish, func(context.Context) (idempotency.Result, error) {
			done = true
			return idempotency.Result{}, nil
		})
		if err != nil || !done {
			t.Errorf("done: %t, %v", done, err)
		}
	})
}

// Who takes a key away at once does so since what it signed can't be trusted: what was
// retired before, with time to verify, ends with it.
func TestNoOverlapEndsEveryKeyBefore(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		key := func(n string, at time.Time) auth.Key {
			return auth.Key{ID: n, Private: []byte(n), Public: []byte(n), CreatedAt: at}
		}
		got(s.Keys().Add(t.Context(), key("one", noon)))(t)
		got(s.Keys().Rotate(t.Context(), key("two", noon.Add(time.Hour)), noon.Add(48*time.Hour)))(t)
		now := noon.Add(2 * time.Hour)
		for _, k := range got(s.Keys().Rotate(t.Context(), key("three", now), now))(t) {
			if k.ID != "three" && (k.Until.IsZero() || k.Until.After(now)) {
				t.Errorf("%s verifies until %v", k.ID, k.Until)
			}
		}
	})
}
