package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// marked opens a ticket of Léa's that Chidi marks through the API.
func (h *house) marked(t *testing.T, tags ...string) *ticket.Ticket {
	t.Helper()
	tk := h.Opens(t, h.Lea, h.Help)
	h.done(t, h.Chidi, `mutation($in: AddTicketTagsInput!) { addTicketTags(input: $in) { userErrors { message } } }`, vars{"ticketId": ticketID(tk), "tags": tags})
	return tk
}

func (h *house) done(t *testing.T, who *member.Member, mutation string, in vars) *answer {
	t.Helper()
	a := h.ask(t, who, mutation, vars{"in": in})
	if a.refused() != "" {
		t.Fatalf("refused: %s", a.body)
	}
	return a
}

// tag gives a tag of the vocabulary by a name.
func (h *house) tag(t *testing.T, name string) map[string]any {
	t.Helper()
	a := h.ask(t, h.Sam, `query($n: String!) { tags(where: {name: {eq: $n}}) { totalCount nodes { id name formerNames colour description ticketCount version } } }`, vars{"n": name})
	nodes := a.at("tags.nodes").([]any)
	if len(nodes) != 1 || a.at("tags.totalCount") != float64(1) {
		t.Fatalf("%q finds %s", name, a.body)
	}
	return nodes[0].(map[string]any)
}

// found gives the numbers of the tickets that a member finds by a tag's name, and
// what their tags are called.
func (h *house) found(t *testing.T, who *member.Member, name string) string {
	t.Helper()
	a := h.ask(t, who, `query($n: String!) { tickets(where: {tag: {eq: $n}}, orderBy: {field: NUMBER}) { nodes { number tags tagDetails { name } } } }`, vars{"n": name})
	var all []string
	for _, n := range a.at("tickets.nodes").([]any) {
		row := n.(map[string]any)
		all = append(all, fmt.Sprint(row["number"], row["tags"]))
		details := make([]any, 0, 3)
		for _, d := range row["tagDetails"].([]any) {
			details = append(details, d.(map[string]any)["name"])
		}
		if !slices.Equal(details, row["tags"].([]any)) {
			t.Errorf("the tags are %v and in detail %v", row["tags"], details)
		}
	}
	return strings.Join(all, " ")
}

// A word that staff marks a ticket with is in the vocabulary from then on; whoever
// types it otherwise means the same.
func TestWordsEnterTheVocabularyByUse(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.marked(t, "Été", "vip")
		second := h.marked(t, "éTÉ", " VIP ")
		if got := h.found(t, h.Sam, "vip"); got != "1 [vip Été] 2 [vip Été]" {
			t.Errorf("found %s", got)
		}
		vip := h.tag(t, "Vip")
		if vip["name"] != "vip" || vip["ticketCount"] != float64(2) || vip["colour"] != nil || vip["version"] != float64(1) {
			t.Errorf("the tag is %v", vip)
		}
		h.done(t, h.Chidi, `mutation($in: RemoveTicketTagsInput!) { removeTicketTags(input: $in) { userErrors { message } } }`,
			vars{"ticketId": ticketID(second), "tags": []string{"vIP"}})
		if got := h.found(t, h.Sam, "VIP"); got != "1 [vip Été]" || h.tag(t, "vip")["ticketCount"] != float64(1) {
			t.Errorf("found %s", got)
		}
		a := h.ask(t, h.Ada, `{ auditEntries(where: {objectKind: {eq: TAG}}, orderBy: {field: AT}) { nodes { action actor { name } objectId changes { field after } } } }`, nil)
		if n := len(a.at("auditEntries.nodes").([]any)); n != 2 || !strings.Contains(a.body, h.Chidi.Name) || !strings.Contains(a.body, vip["id"].(string)) {
			t.Errorf("the record has %d entries: %s", n, a.body)
		}
	})
}

// A rename is one change in one place: every ticket shows it at once, keeps its
// version and its history, and is found by both names.
func TestARenameIsSeenInEveryTicketAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		tk := h.marked(t, "refnud", "vip")
		before := h.ask(t, h.Sam, `query($id: ID!) { ticket(id: $id) { version timeline(first: 100) { totalCount } } }`, vars{"id": ticketID(tk)}).body
		update := `mutation($in: UpdateTagInput!) { updateTag(input: $in) { tag { name formerNames colour description version } userErrors { code field message currentVersion } } }`
		old := h.tag(t, "refnud")
		h.done(t, h.Sam, update, vars{"tagId": old["id"], "name": "Refund", "colour": "#AA00ff", "description": "Money back", "expectedVersion": 1})
		for _, name := range []string{"refund", "REFNUD"} {
			if got := h.found(t, h.Chidi, name); got != "1 [Refund vip]" {
				t.Errorf("%s finds %s", name, got)
			}
		}
		now := h.tag(t, "refnud")
		if fmt.Sprint(now["formerNames"]) != "[refnud]" || now["colour"] != "#aa00ff" || now["description"] != "Money back" {
			t.Errorf("the tag is %v", now)
		}
		if after := h.ask(t, h.Sam, `query($id: ID!) { ticket(id: $id) { version timeline(first: 100) { totalCount } } }`, vars{"id": ticketID(tk)}).body; after != before {
			t.Errorf("the ticket was %s, is %s", before, after)
		}
		// By its old name it is the same tag for those who still type it.
		if h.marked(t, "refnud"); h.found(t, h.Chidi, "Refund") != "1 [Refund vip] 2 [Refund]" {
			t.Errorf("found %s", h.found(t, h.Chidi, "Refund"))
		}
		stale := h.ask(t, h.Sam, update, vars{"in": vars{"tagId": old["id"], "name": "Money", "expectedVersion": 1}})
		if stale.refused() != "CONFLICT" || stale.at("updateTag.userErrors.0.currentVersion") != float64(2) || stale.at("updateTag.tag.name") != "Refund" {
			t.Errorf("a stale rename: %s", stale.body)
		}
		for name, want := range map[string]string{"VIP": "CONFLICT", "": "INVALID", strings.Repeat("x", 41): "INVALID"} {
			if a := h.ask(t, h.Sam, update, vars{"in": vars{"tagId": old["id"], "name": name}}); a.refused() != want || a.at("updateTag.userErrors.0.field.0") != "name" {
				t.Errorf("renamed to %q: %s", name, a.body)
			}
		}
		if a := h.ask(t, h.Sam, update, vars{"in": vars{"tagId": old["id"], "colour": "red"}}); a.refused() != "INVALID" {
			t.Errorf("a colour that is none: %s", a.body)
		}
		cleared := h.done(t, h.Sam, update, vars{"tagId": old["id"], "colour": nil, "description": nil})
		if cleared.at("updateTag.tag.colour") != nil || cleared.at("updateTag.tag.description") != nil || cleared.at("updateTag.tag.name") != "Refund" {
			t.Errorf("cleared: %s", cleared.body)
		}
		// A name that is given to a new tag is that one's.
		h.done(t, h.Chidi, `mutation($in: CreateTagInput!) { createTag(input: $in) { tag { id } userErrors { code } } }`, vars{"name": "Refnud"})
		if got := h.found(t, h.Chidi, "refnud"); got != "" {
			t.Errorf("the new tag finds %s", got)
		}
	})
}

// Tags that become one are one in every ticket, also in those that had both.
func TestMergedTagsAreOne(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.marked(t, "bug", "defect")
		h.marked(t, "Fault")
		both := h.marked(t, "defect")
		into := h.tag(t, "bug")
		merge := `mutation($in: MergeTagsInput!) { mergeTags(input: $in) { tag { name formerNames ticketCount version } userErrors { code field message } } }`
		parts := []any{h.tag(t, "defect")["id"], h.tag(t, "fault")["id"]}
		a := h.done(t, h.Sam, merge, vars{"tagIds": parts, "intoId": into["id"], "expectedVersion": 1})
		if fmt.Sprint(a.at("mergeTags.tag")) != "map[formerNames:[defect Fault] name:bug ticketCount:3 version:2]" {
			t.Errorf("merged: %s", a.body)
		}
		for _, name := range []string{"bug", "defect", "FAULT"} {
			if got := h.found(t, h.Chidi, name); got != "1 [bug] 2 [bug] 3 [bug]" {
				t.Errorf("%s finds %s", name, got)
			}
		}
		if got := h.ask(t, h.Sam, `query($id: ID!) { node(id: $id) { id } }`, vars{"id": parts[0]}).at("node"); got != nil {
			t.Errorf("what became part is still there: %v", got)
		}
		for name, in := range map[string]vars{
			"INVALID":   {"tagIds": []any{into["id"]}, "intoId": into["id"]},
			"NOT_FOUND": {"tagIds": parts[:1], "intoId": into["id"]},
			"CONFLICT":  {"tagIds": []any{h.created(t, "other")}, "intoId": into["id"], "expectedVersion": 1},
		} {
			if a := h.ask(t, h.Sam, merge, vars{"in": in}); a.refused() != name {
				t.Errorf("want %s: %s", name, a.body)
			}
		}
		h.done(t, h.Chidi, `mutation($in: RemoveTicketTagsInput!) { removeTicketTags(input: $in) { userErrors { message } } }`,
			vars{"ticketId": ticketID(both), "tags": []string{"defect"}})
		if got := h.found(t, h.Chidi, "bug"); got != "1 [bug] 2 [bug]" {
			t.Errorf("taken by its old name: %s", got)
		}
	})
}

func (h *house) created(t *testing.T, name string) any {
	t.Helper()
	a := h.done(t, h.Chidi, `mutation($in: CreateTagInput!) { createTag(input: $in) { tag { id } userErrors { code } } }`, vars{"name": name})
	return a.at("createTag.tag.id")
}

// A deleted tag is in no ticket any more, and a new one of its name is another one.
func TestADeletedTagIsInNoTicket(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.marked(t, "spam", "vip")
		h.marked(t, "spam")
		id := h.tag(t, "spam")["id"]
		h.done(t, h.Sam, `mutation($in: DeleteTagInput!) { deleteTag(input: $in) { userErrors { code } } }`, vars{"tagId": id})
		if h.found(t, h.Chidi, "spam") != "" || h.found(t, h.Chidi, "vip") != "1 [vip]" {
			t.Errorf("spam finds %q, vip %q", h.found(t, h.Chidi, "spam"), h.found(t, h.Chidi, "vip"))
		}
		none := h.ask(t, h.Chidi, `{ none: tickets(where: {tag: {isNull: true}}) { nodes { number tags } } some: tickets(where: {tag: {isNull: false}}) { nodes { number } } }`, nil)
		if fmt.Sprint(none.at("none.nodes"), none.at("some.nodes")) != "[map[number:2 tags:[]]] [map[number:1]]" {
			t.Errorf("without any tag: %s", none.body)
		}
		h.created(t, "spam")
		if got := h.found(t, h.Chidi, "spam"); got != "" {
			t.Errorf("the new one is in %s", got)
		}
		if h.marked(t, "spam"); h.found(t, h.Chidi, "spam") != "3 [spam]" || h.tag(t, "spam")["ticketCount"] != float64(1) {
			t.Errorf("found %s", h.found(t, h.Chidi, "spam"))
		}
	})
}

// Counts tell of no ticket whose tags one may not see.
func TestCountsOfTagsAreOfWhatTheViewerSees(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.marked(t, "vip")
		for who, want := range map[*member.Member]float64{h.Sam: 1, h.Ada: 1, h.Chidi: 1, h.Dana: 0} {
			if got := h.ask(t, who, `{ tags { nodes { ticketCount } } }`, nil).at("tags.nodes.0.ticketCount"); got != want {
				t.Errorf("%s counts %v, want %v", who.Name, got, want)
			}
		}
		page := h.ask(t, h.Dana, `{ tags(where: {or: [{name: {contains: "IP"}}, {name: {in: ["none"]}}]}, orderBy: {field: CREATED_AT, direction: DESC}, first: 1) { totalCount nodes { name } pageInfo { hasNextPage } } }`, nil)
		if page.at("tags.totalCount") != float64(1) || page.at("tags.nodes.0.name") != "vip" {
			t.Errorf("the page is %s", page.body)
		}
	})
}
