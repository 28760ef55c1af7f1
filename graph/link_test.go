package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// linked links a place of Discord to the workspace and gives what it is called there.
func (h *house) linked(t *testing.T, name string) string {
	t.Helper()
	if err := h.Workspaces.Link(t.Context(), workspace.Link{
		Channel: event.ChannelDiscord, ExternalID: name, Workspace: h.Workspace.ID, Name: name, At: h.Clock.Now(),
	}); err != nil {
		t.Fatal(err)
	}
	return name
}

func (h *house) linkCode(t *testing.T, who *member.Member, arguments string) *answer {
	t.Helper()
	return h.ask(t, who, `mutation { createChannelLinkCode(input: {`+arguments+`}) { linkCode { channel code expiresAt } userErrors { code field } } }`, nil)
}

// links is the manager of a guild without a workspace who types a code.
func (h *house) links(t *testing.T, guild, code string) (*workspace.Workspace, fault.Code) {
	t.Helper()
	return h.linksAs(t, access.Call{Now: h.Clock.Tick()}, guild, code)
}

func (h *house) linksAs(t *testing.T, c access.Call, guild, code string) (*workspace.Workspace, fault.Code) {
	t.Helper()
	w, err := h.services.Workspaces.LinkByCode(t.Context(), c.Now, c.Actor, workspace.Place{
		Channel: event.ChannelDiscord, ExternalID: guild, Name: "Guild " + guild, Locale: "fr",
	}, "4711", code)
	return w, fault.CodeOf(err)
}

const workspaceLinks = `{ workspace { channel version links { channel externalId name linkedAt } } }`

// An administrator sees, adds and removes links through the API; what is removed
// stays so until a code links it again.
func TestPlacesAreLinkedByCodeAndUnlinked(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		before := h.ask(t, h.Ada, workspaceLinks, nil)
		before.want("workspace.links", []any{})
		made := h.linkCode(t, h.Ada, "")
		code := made.at("createChannelLinkCode.linkCode.code").(string)
		if w, refused := h.links(t, "7", " "+code[:9]+code[10:]); refused != "" || w.ID != h.Workspace.ID {
			t.Fatalf("a code links the place to %+v: %s", w, refused)
		}
		if _, refused := h.links(t, "8", code); refused != fault.NotFound {
			t.Errorf("a code that was used answers %q", refused)
		}
		now := h.ask(t, h.Ada, workspaceLinks, nil)
		now.want("workspace.links.0.externalId", "7")
		now.want("workspace.links.0.name", "Guild 7")
		if now.at("workspace.version") == before.at("workspace.version") {
			t.Error("a new link leaves the workspace's version")
		}
		h.ask(t, h.Sam, workspaceLinks, nil).want("workspace.links", nil)

		remove := `mutation($v: Int) { removeChannelLink(input: {channel: DISCORD, externalId: "7", expectedVersion: $v}) { workspace { links { externalId } } userErrors { code } } }`
		h.ask(t, h.Ada, remove, vars{"v": before.at("workspace.version")}).want("removeChannelLink.userErrors.0.code", "CONFLICT")
		h.ask(t, h.Ada, remove, nil).want("removeChannelLink.workspace.links", []any{})
		h.ask(t, h.Ada, remove, nil).want("removeChannelLink.userErrors.0.code", "NOT_FOUND")
		if _, err := h.services.Workspaces.Join(t.Context(), h.Clock.Now(), workspace.Place{Channel: event.ChannelDiscord, ExternalID: "7"}); fault.CodeOf(err) != fault.NotFound {
			t.Errorf("a guild whose link was taken away joins by itself: %v", err)
		}
		again := h.linkCode(t, h.Ada, "").at("createChannelLinkCode.linkCode.code").(string)
		if _, refused := h.links(t, "7", again); refused != "" {
			t.Errorf("linking it again answers %q", refused)
		}
		log := h.ask(t, h.Ada, `{ auditEntries(where: {objectKind: {eq: WORKSPACE}}, orderBy: {field: AT, direction: DESC}) { nodes { actor { name } changes { field after } } } }`, nil)
		if n := len(log.at("auditEntries.nodes").([]any)); n != 3 {
			t.Errorf("the audit has %d changes of links, want 3: %s", n, log.body)
		}
		log.want("auditEntries.nodes.0.actor.name", "Ada") // who made the code, and who typed it
		if !strings.Contains(log.body, `"field":"linkedBy","after":["discord:4711"]`) {
			t.Errorf("the audit does not tell who typed the code: %s", log.body)
		}
	})
}

func TestLinkCodesEnd(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		late := h.linkCode(t, h.Ada, "").at("createChannelLinkCode.linkCode.code").(string)
		h.Clock.Advance(workspace.LinkCodeFor)
		for _, wrong := range []string{late, "", "0000-0000-0000-0000"} {
			if _, refused := h.links(t, "7", wrong); refused != fault.NotFound {
				t.Errorf("the code %q answers %q", wrong, refused)
			}
		}
		lowered := h.linkCode(t, h.Ada, "").at("createChannelLinkCode.linkCode.code").(string)
		if err := h.Members.SetRole(t.Context(), member.Ref{Workspace: h.Workspace.ID, ID: h.Ada.ID}, access.RoleSupervisor); err != nil {
			t.Fatal(err)
		}
		if _, refused := h.links(t, "7", lowered); refused != fault.NotFound {
			t.Errorf("the code of who is no administrator any more answers %q", refused)
		}
	})
}

// A code is shown once, not again with the result that is kept for its key, and is
// nowhere in the store.
func TestALinkCodeIsShownOnce(t *testing.T) {
	h := sqlite(t)
	first := h.linkCode(t, h.Ada, `idempotencyKey: "once"`)
	if at, err := time.Parse(time.RFC3339, first.at("createChannelLinkCode.linkCode.expiresAt").(string)); err != nil || !at.After(h.Clock.Now()) {
		t.Errorf("it ends at %v, %v", at, err)
	}
	h.linkCode(t, h.Ada, `idempotencyKey: "once"`).want("createChannelLinkCode.linkCode", nil)
	a := h.linkCode(t, h.Ada, "channel: API")
	a.want("createChannelLinkCode.userErrors.0.code", "INVALID")
	a.want("createChannelLinkCode.userErrors.0.field", []any{"channel"})
}

// A guild of another workspace is not to be had, unless that one was never used.
func TestAGuildIsOfOneWorkspace(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		other := build(t, h.store, h.counter)
		other.linked(t, "used")
		code := h.linkCode(t, h.Ada, "").at("createChannelLinkCode.linkCode.code").(string)
		other.Opens(t, other.Lea, other.Help)
		for _, c := range []access.Call{{Now: h.Clock.Tick()}, other.Call(t, other.Ada)} {
			if _, refused := h.linksAs(t, c, "used", code); refused != fault.Conflict {
				t.Errorf("another workspace's guild answers %q", refused)
			}
		}
		h.ask(t, h.Ada, `mutation { removeChannelLink(input: {channel: DISCORD, externalId: "used"}) { workspace { id } userErrors { code } } }`, nil).
			want("removeChannelLink.userErrors.0.code", "NOT_FOUND")
		other.ask(t, other.Ada, workspaceLinks, nil).want("workspace.links.0.externalId", "used")

		fresh := build(t, h.store, h.counter)
		fresh.linked(t, "unused")
		if _, refused := h.linksAs(t, fresh.Call(t, fresh.Sam), "unused", code); refused != fault.Forbidden {
			t.Errorf("giving a guild away as a supervisor answers %q", refused)
		}
		if w, refused := h.linksAs(t, fresh.Call(t, fresh.Ada), "unused", code); refused != "" || w.ID != h.Workspace.ID {
			t.Errorf("the guild of a workspace without tickets answers %q", refused)
		}
		fresh.ask(t, fresh.Ada, workspaceLinks, nil).want("workspace.links", []any{})
		fresh.ask(t, fresh.Ada, `{ auditEntries(where: {objectKind: {eq: WORKSPACE}}, orderBy: {field: AT, direction: DESC}) { nodes { actor { name } } } }`, nil).
			want("auditEntries.nodes.0.actor.name", "Ada")
	})
}

// A workspace has one guild: another one is refused until that is unlinked, and then
// the same code links it.
func TestAWorkspaceHasOnePlaceOfAChannel(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.linked(t, "7")
		before := h.ask(t, h.Ada, workspaceLinks, nil)
		code := h.linkCode(t, h.Ada, "").at("createChannelLinkCode.linkCode.code").(string)
		if _, refused := h.links(t, "8", code); refused != fault.Conflict {
			t.Errorf("a second guild answers %q", refused)
		}
		if now := h.ask(t, h.Ada, workspaceLinks, nil); now.body != before.body {
			t.Errorf("what was refused left %s", now.body)
		}
		h.ask(t, h.Ada, `mutation { removeChannelLink(input: {channel: DISCORD, externalId: "7"}) { userErrors { code } } }`, nil).
			want("removeChannelLink.userErrors", []any{})
		if _, refused := h.links(t, "8", code); refused != "" {
			t.Errorf("once that is unlinked, the second guild answers %q", refused)
		}
		h.ask(t, h.Ada, workspaceLinks, nil).want("workspace.links.0.externalId", "8")
	})
}

// tells is what a guild tells of somebody who manages it.
func (h *house) tells(t *testing.T, guild, name string) *member.Member {
	t.Helper()
	yes := true
	m, err := h.Members.Arrive(t.Context(), h.Workspace.ID, h.Clock.Now(), member.Arrival{
		Channel: event.ChannelDiscord, ExternalID: "u-" + name, Place: guild, Name: name, Locale: "en", Roles: []string{}, Admin: &yes,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.guests[name] = auth.Subject{Workspace: h.Workspace.ID, Member: m.ID, ExpiresAt: h.Clock.Now().Add(time.Hour)}
	return m
}

// Who administers the workspace since they manage a guild does so no longer than it
// is linked, also by what is heard from there late. Who unlinks it goes on.
func TestWhatAGuildGavePeopleEndsWithItsLink(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.linked(t, "7")
		h.guests = map[string]auth.Subject{}
		eve, gus := h.tells(t, "7", "Eve"), h.tells(t, "7", "Gus")
		spare := h.linkCode(t, eve, "").at("createChannelLinkCode.linkCode.code").(string)
		h.ask(t, gus, `mutation { removeChannelLink(input: {channel: DISCORD, externalId: "7"}) { userErrors { code } } }`, nil).
			want("removeChannelLink.userErrors", []any{})
		refused := func() {
			t.Helper()
			h.linkCode(t, eve, "").want("createChannelLinkCode.userErrors.0.code", "FORBIDDEN")
		}
		refused()
		if m := h.tells(t, "7", "Eve"); m.Role != access.RoleRequester {
			t.Errorf("a guild that is not linked makes somebody %s", m.Role)
		}
		refused()
		if m := h.tells(t, "7", "Zed"); m.Role != access.RoleRequester {
			t.Errorf("a guild that is not linked makes a stranger %s", m.Role)
		}
		code := h.linkCode(t, gus, "").at("createChannelLinkCode.linkCode.code").(string)
		if _, no := h.links(t, "7", code); no != "" {
			t.Fatalf("linking it again answers %q", no)
		}
		h.tells(t, "7", "Eve")
		h.linkCode(t, eve, "").want("createChannelLinkCode.userErrors", []any{})
		if _, no := h.links(t, "7", spare); no != fault.NotFound {
			t.Errorf("the code that she made before answers %q", no)
		}
		log := h.ask(t, h.Ada, `{ auditEntries(where: {objectKind: {eq: MEMBER}}) { nodes { actor { name } changes { field } } } }`, nil)
		if !strings.Contains(log.body, `{"actor":{"name":"Gus"},"changes":[{"field":"role"}]}`) {
			t.Errorf("that Gus lowered somebody is not told: %s", log.body)
		}
	})
}
