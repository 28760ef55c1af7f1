package graph_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// movingGrants are made and taken back, also those at which a page ended.
func (h *house) movingGrants(t *testing.T) moving {
	t.Helper()
	roles := []string{"REQUESTER", "AGENT", "SUPERVISOR"}
	set := func(t *testing.T, q id.Queue, role string) (grant, which string) {
		t.Helper()
		which = `queueId: "` + gid(scalar.Queue, q) + `", role: ` + role + `, permission: CLAIM`
		a := h.ask(t, h.Ada, `mutation { setGrant(input: {`+which+`, effect: DENY}) { grant { id } userErrors { code } } }`, nil)
		return a.at("setGrant.grant.id").(string), which
	}
	fresh := func(t *testing.T, i int) (grant, which string) {
		t.Helper()
		q := &queue.Queue{ID: id.Queue(h.IDs()), Workspace: h.Workspace.ID, Name: fmt.Sprint("For grants ", i)}
		if err := h.Queues.Save(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		return set(t, q.ID, roles[i%3])
	}
	for i := range 9 {
		fresh(t, i)
	}
	round := 9
	var newest, which string
	return moving{field: "grants", who: h.Ada, order: "ROLE", move: func(t *testing.T, _ int) []string {
		t.Helper()
		round++
		var moved []string
		if newest != "" {
			h.ask(t, h.Ada, `mutation { removeGrant(input: {`+which+`}) { userErrors { code } } }`, nil).want("removeGrant.userErrors", []any{})
			moved = append(moved, newest)
		}
		newest, which = fresh(t, round)
		return append(moved, newest)
	}}
}

// movingKeys are made; none changes its place.
func (h *house) movingKeys(t *testing.T) moving {
	t.Helper()
	create := func(t *testing.T, name string) string {
		t.Helper()
		return h.ask(t, h.Ada, `mutation($n: String!) { createApiKey(input: {name: $n, scopes: [TICKET_SEE]}) { apiKey { id } userErrors { code } } }`, vars{"n": name}).at("createApiKey.apiKey.id").(string)
	}
	for i := range 9 {
		create(t, fmt.Sprintf("%c key", 'A'+2*i))
	}
	round := 0
	return moving{field: "apiKeys", who: h.Ada, order: "NAME", move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		return []string{create(t, fmt.Sprintf("%c new %d", 'A'+(turn*5)%24, round))}
	}}
}

// movingSessions begin, and their tokens are exchanged.
func (h *house) movingSessions(t *testing.T) moving {
	t.Helper()
	begin := func(t *testing.T) auth.Admission {
		t.Helper()
		let, err := h.services.Auth.BeginFor(t.Context(), h.Workspace.ID, h.Lea.ID, "", "", h.Clock.Tick())
		if err != nil {
			t.Fatal(err)
		}
		return let
	}
	var all []auth.Admission
	for range 9 {
		all = append(all, begin(t))
	}
	return moving{field: "sessions", who: h.Ada, order: "LAST_USED_AT", move: func(t *testing.T, turn int) []string {
		t.Helper()
		at := turn % len(all)
		let, err := h.services.Auth.Refresh(t.Context(), all[at].RefreshToken, "", h.Clock.Tick())
		if err != nil {
			t.Fatal(err)
		}
		all[at] = let
		return []string{gid(scalar.Session, let.Session), gid(scalar.Session, begin(t).Session)}
	}}
}

// movingDigests come, some late; none changes its place.
func (h *house) movingDigests(t *testing.T) moving {
	t.Helper()
	waits := h.Opens(t, h.Lea, h.Help).ID
	for i := range 9 {
		h.digested(t, h.Support.ID, time.Duration(i)*2*time.Hour, waits)
	}
	round := 0
	return moving{field: "digests", who: h.Sam, order: "MADE_AT", fixed: fmt.Sprintf("queueId: %q, ", gid(scalar.Queue, h.Support.ID)), move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		late := h.digested(t, h.Support.ID, time.Duration((turn*5)%16)*time.Hour+time.Duration(round)*time.Second, waits)
		return []string{gid(scalar.Digest, late.ID)}
	}}
}

// movingTags are renamed, and new ones enter the vocabulary.
func (h *house) movingTags(t *testing.T) moving {
	t.Helper()
	create := func(t *testing.T, name string) string {
		t.Helper()
		return h.ask(t, h.Sam, `mutation($n: String!) { createTag(input: {name: $n}) { tag { id } userErrors { code } } }`, vars{"n": name}).at("createTag.tag.id").(string)
	}
	var all []string
	for i := range 12 {
		all = append(all, create(t, fmt.Sprintf("%c tag", 'a'+2*i)))
	}
	round := 0
	return moving{field: "tags", who: h.Sam, order: "NAME", move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		id := all[turn%4*2]
		h.ask(t, h.Sam, `mutation($id: ID!, $n: String) { updateTag(input: {tagId: $id, name: $n}) { userErrors { code } } }`,
			vars{"id": id, "n": fmt.Sprintf("%c moved %d", 'a'+(turn*7)%24, round)}).want("updateTag.userErrors", []any{})
		return []string{id, create(t, fmt.Sprintf("%c new %d", 'a'+(turn*5)%24, round))}
	}}
}

// movingWorkspaces get other names, and the reader's account becomes a member of more.
func (h *house) movingWorkspaces(t *testing.T) moving {
	t.Helper()
	account, err := h.Members.Identities(t.Context(), h.Workspace.ID, event.ChannelPlain, h.Ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	enter := func(t *testing.T, name string) id.Workspace {
		t.Helper()
		w := &workspace.Workspace{ID: id.Workspace(h.IDs()), Name: name, Locale: "en", Channel: event.ChannelAPI, CreatedAt: h.Clock.Tick()}
		w.Slug = "helpdesk-" + w.ID.String()
		if err := h.Workspaces.Create(t.Context(), w, workspace.Setup{}); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Members.Arrive(t.Context(), w.ID, h.Clock.Now(), member.Arrival{
			Channel: event.ChannelPlain, ExternalID: account[h.Ada.ID], Name: "Ada",
		}); err != nil {
			t.Fatal(err)
		}
		return w.ID
	}
	var all []id.Workspace
	for i := range 12 {
		all = append(all, enter(t, fmt.Sprintf("%c helpdesk", 'A'+2*i)))
	}
	round := 0
	return moving{field: "workspaces", who: h.Ada, order: "NAME", move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		w, name := all[turn%4*2], fmt.Sprintf("%c moved %d", 'A'+(turn*7)%24, round)
		if err := h.Workspaces.Update(t.Context(), w, 0, workspace.Settings{Name: &name}); err != nil {
			t.Fatal(err)
		}
		return []string{gid(scalar.Workspace, w), gid(scalar.Workspace, enter(t, fmt.Sprintf("%c new %d", 'A'+(turn*5)%24, round)))}
	}}
}
