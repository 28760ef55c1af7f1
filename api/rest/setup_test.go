package rest_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/opaque"
)

// An administrator sets up a helpdesk by this API alone, from its name to who may do
// what, and a ticket goes through it.
func TestAHelpdeskIsSetUp(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		h.patch(t, h.Ada, "/workspace", vars{"name": "Bakery", "locale": "fr"}).is(200).want("name", "Bakery").want("version", 2)
		h.patch(t, h.Ada, "/workspace", vars{"onSurfaceLost": "close"}).is(200).want("onSurfaceLost", "close").want("name", "Bakery")
		h.patch(t, h.Ada, "/workspace", vars{"onSurfaceLost": "close", "name": "x"}).refuses(400, "invalid").want("errors.0.pointer", "#/onSurfaceLost")
		oven := h.post(t, h.Ada, "/queues", vars{"name": "Oven"}).is(201)
		queue := oven.text("id")
		if at := oven.header.Get("Location"); at != "/api/v1/queues/"+queue {
			t.Errorf("the queue is said to be at %q", at)
		}
		h.post(t, h.Ada, "/queues", vars{"name": "Oven"}).refuses(409, "conflict")
		h.patch(t, h.Ada, "/queues/"+queue, vars{"name": "Stove"}, "If-Match", oven.header.Get("ETag")).is(200).want("name", "Stove")
		h.patch(t, h.Ada, "/queues/"+queue, vars{"name": "Hob"}, "If-Match", oven.header.Get("ETag")).refuses(412, "conflict").want("currentVersion", 2)
		h.patch(t, h.Ada, "/queues/"+queue, vars{"name": nil}).refuses(400, "invalid").want("errors.0.pointer", "#/name")
		h.get(t, h.Lea, "/queues?where=%7B%22name%22%3A%7B%22contains%22%3A%22stov%22%7D%7D&count=true").is(200).want("items.0.id", queue).want("totalCount", 1)
		h.patch(t, h.Ada, "/members/"+memberID(h.Bob), vars{"role": "agent"}).is(200).want("role", "agent")
		h.patch(t, h.Ada, "/agents/"+memberID(h.Bob), vars{"skills": []string{"bread"}, "languages": []string{"fr"}, "capacity": 5}).is(200).want("hasProfile", true)
		h.patch(t, h.Bob, "/agents/"+memberID(h.Bob), vars{"availability": "away", "skills": nil}).is(200).
			want("availability", "away").want("capacity", 5).want("skills", []any{}).want("languages", []string{"fr"})
		h.get(t, h.Sam, "/agents?count=true").is(200).want("totalCount", 5)
		h.get(t, h.Sam, "/members?orderBy=name&where=%7B%22role%22%3A%7B%22eq%22%3A%22agent%22%7D%7D").is(200).want("items.0.name", "Bob")
		bakers := h.post(t, h.Ada, "/teams", vars{"name": "Bakers", "memberIds": []string{memberID(h.Bob)}, "queueIds": []string{queue}}).is(201)
		h.patch(t, h.Ada, "/teams/"+bakers.text("id"), vars{"name": "Millers"}).is(200).want("memberIds", []string{memberID(h.Bob)}).want("queueIds", []string{queue})
		h.post(t, h.Ada, "/teams/"+bakers.text("id")+"/roles", vars{"channel": "discord", "externalId": "77"}).is(200).want("roles.0.externalId", "77")
		h.get(t, h.Bob, "/teams?where=%7B%22queue%22%3A%7B%22eq%22%3A%22"+queue+"%22%7D%7D").is(200).want("items.0.name", "Millers")
		bread := h.post(t, h.Ada, "/categories", vars{
			"names": vars{"en": "Bread", "fr": "Pain"}, "queueId": queue, "priority": "high", "greetings": vars{"fr": "Bonjour {{requester}}"},
			"form":           []vars{{"key": "loaves", "labels": vars{"fr": "Combien ?"}, "type": "number", "required": true, "isEditable": true, "minValue": 1}},
			"internalFields": []vars{{"key": "batch", "labels": vars{"en": "Batch"}}}, "surface": "direct_message", "surfaceRemovedAfterSeconds": nil,
		}).is(201).want("name", "Bread").want("surface", "direct_message").want("surfaceRemovedAfterSeconds", nil)
		category := bread.text("id")
		h.get(t, h.Lea, "/categories/"+category).is(200).want("name", "Pain").want("internalFields", []any{}).want("greetings", nil).want("form.0.minValue", 1).want("form.0.isEditable", true)
		h.patch(t, h.Ada, "/categories/"+category, vars{"position": 5, "emoji": "🍞"}).is(200).want("position", 5).want("priority", "high").want("internalFields.0.key", "batch")
		h.patch(t, h.Ada, "/categories/"+category, vars{"emoji": nil, "surfaceRemovedAfterSeconds": 3600}).is(200).want("emoji", nil).want("surfaceRemovedAfterSeconds", 3600)
		h.patch(t, h.Ada, "/categories/"+category, vars{"surfaceRemovedAfterSeconds": 0}).refuses(400, "invalid").want("errors.0.pointer", "#/surfaceRemovedAfterSeconds")
		h.patch(t, h.Ada, "/categories/"+category, vars{"surfaceRemovedAfterSeconds": 18446830474}).refuses(400, "invalid")
		h.post(t, h.Ada, "/categories", vars{"queueId": queue}).refuses(400, "invalid").want("errors.0.pointer", "#/names")
		h.get(t, h.Lea, "/categories?count=true&orderBy=-position&first=1").is(200).want("totalCount", 3).want("items.0.id", category)
		grant := h.send(t, h.Ada, http.MethodPut, "/api/v1/grants", vars{"queueId": queue, "role": "supervisor", "permission": "claim", "effect": "deny"}).is(200)
		h.get(t, h.Ada, "/grants/"+grant.text("id")).is(200).want("effect", "deny")
		path := "/tickets/" + h.post(t, h.Lea, "/tickets", vars{"categoryId": category, "subject": "Baguettes", "answers": []vars{{"key": "loaves", "value": "3"}}}).is(201).
			want("answers.0.number", 3).text("id")
		h.post(t, h.Sam, path+"/claim", nil).refuses(403, "forbidden")
		h.delete(t, h.Ada, "/grants/"+grant.text("id")).is(204)
		h.delete(t, h.Ada, "/grants/"+grant.text("id")).refuses(404, "not_found")
		h.post(t, h.Sam, path+"/claim", nil).is(200)
		h.patch(t, h.Bob, path, vars{"answers": []vars{{"key": "batch", "value": "B-7"}}}).is(200).want("answers.1.value", "B-7")
		if a := h.get(t, h.Lea, path).is(200); strings.Contains(a.body, "batch") {
			t.Errorf("a requester sees what staff keeps: %s", a.body)
		}
		entries := h.get(t, h.Ada, "/audit-entries?first=100").is(200)
		entries.want("items.0.objectKind", "grant").want("items.0.action", "removed").want("items.0.actor.name", "Ada").want("items.0.channel", "api")
		h.patch(t, h.Lea, "/me", vars{"locale": "pt-BR"}).is(200).want("locale", "pt-BR")
	})
}

func TestManyTicketsAreChangedAtOnce(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		id := func(path string) string { return strings.TrimPrefix(path, "/tickets/") }
		one, two := id(h.opens(t, h.Lea, "one")), id(h.opens(t, h.Bob, "two"))
		all := []vars{{"id": one}, {"id": two, "version": 1}}
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": all, "changes": vars{"priority": "high", "addTags": []string{"a"}, "assigneeId": memberID(h.Chidi)}}).is(200).
			want("results.0.ticket.priority", "high").want("results.1.ticket.tags", []string{"a"}).want("results.1.problem", nil).want("results.1.ticket.version", 2)
		refused := h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": all, "changes": vars{"priority": "low"}}).refuses(409, "conflict")
		refused.want("errors.0.pointer", "#/tickets/1")
		h.get(t, h.Lea, "/tickets/"+one).want("priority", "high")
		mixed := vars{"tickets": append(all, vars{"id": "tkt_zz"}), "onError": "continue", "changes": vars{"status": "resolved", "removeTags": []string{"a"}}}
		for range 2 { // the second finds it done
			h.post(t, h.Chidi, "/tickets/bulk", mixed, "Idempotency-Key", "b1").is(200).want("results.0.ticket.status", "resolved").want("results.0.ticket.tags", []any{}).
				want("results.1.ticket", nil).want("results.1.problem.code", "conflict").want("results.1.problem.currentVersion", 2).
				want("results.2.problem.code", "not_found").want("results.2.ticketId", "tkt_zz")
		}
		h.get(t, h.Chidi, "/tickets/"+one).want("version", 3)
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": all, "changes": vars{}}).refuses(400, "invalid").want("errors.0.pointer", "#/changes")
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": []vars{}, "changes": vars{"priority": "low"}}).refuses(400, "invalid").want("errors.0.pointer", "#/tickets")
		h.post(t, h.Bob, "/tickets/bulk", vars{"tickets": []vars{{"id": one}, {"id": two}}, "changes": vars{"priority": "low"}}).refuses(404, "not_found")
		here := []vars{{"id": one}, {"id": two}}
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": here, "changes": vars{"assigneeId": memberID(h.Lea)}}).refuses(400, "invalid").
			want("errors.0.pointer", "#/tickets/0").want("errors.1.pointer", "#/tickets/1").want("errors.2.pointer", "#/changes/assigneeId")
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": here, "onError": "continue", "changes": vars{"assigneeId": memberID(h.Lea)}}).is(200).
			want("results.1.problem.field", "changes.assigneeId").want("results.1.problem.errors.0.pointer", "#/changes/assigneeId")
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": here, "onError": "continue", "changes": vars{"addTags": []string{strings.Repeat("x", 41)}}}).is(200).
			want("results.0.problem.errors.0.pointer", "#/changes/addTags")
		for range 2 {
			h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": here, "changes": vars{"status": "resolved"}}).is(200).want("results.1.ticket.status", "resolved")
		}
		h.post(t, h.Chidi, "/tickets/bulk", vars{"tickets": here, "changes": vars{"status": "open", "assigneeId": memberID(h.Chidi)}}).is(200).
			want("results.0.ticket.status", "open").want("results.1.ticket.assignee.id", memberID(h.Chidi))
	})
}

// A file is sent to where the API says, goes with a message, and is opened by whom
// the message is for.
func TestAFileIsUploadedAndOpened(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		made := h.post(t, h.Lea, "/attachments", vars{"name": "../bread.txt"}).is(201).want("attachment.state", "uploading").want("attachment.url", nil)
		id := made.text("attachment.id")
		if at := made.header.Get("Location"); at != "/api/v1/attachments/"+id {
			t.Errorf("the file is said to be at %q", at)
		}
		h.uploads(t, made.text("uploadUrl"), "hard bread")
		h.get(t, h.Lea, "/attachments/"+id).is(200).want("state", "stored").want("size", 10)
		h.get(t, h.Bob, "/attachments/"+id).refuses(404, "not_found")
		said := h.post(t, h.Lea, path+"/messages", vars{"attachmentIds": []string{id}}).is(201).want("attachments.0.name", "bread.txt")
		h.get(t, h.Bob, "/attachments/"+id).refuses(404, "not_found")
		w := h.follows(t, http.MethodGet, h.get(t, h.Chidi, path+"/messages/"+said.text("id")).is(200).text("attachments.0.url"), "")
		if body, _ := io.ReadAll(w.Body); w.Code != 200 || !bytes.Equal(body, []byte("hard bread")) {
			t.Errorf("the file is opened as %d %q", w.Code, body)
		}
		h.post(t, h.Lea, path+"/messages", vars{"attachmentIds": []string{id}}).refuses(400, "invalid")
		h.get(t, h.Lea, "/attachments/"+opaque.Encode(opaque.Ticket, 1)).refuses(404, "not_found")
	})
}

// follows uses a link to a file.
func (h *house) follows(t *testing.T, method, url, body string) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body)))
	return w
}

// uploads sends a file's content to where it was said that it goes.
func (h *house) uploads(t *testing.T, url, body string) {
	t.Helper()
	if w := h.follows(t, http.MethodPut, url, body); w.Code != http.StatusCreated {
		t.Fatalf("the upload is answered %d %s", w.Code, w.Body)
	}
}
