package rest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// A ticket lives from its opening to its end by this API alone.
func TestATicketsLife(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		opened := h.post(t, h.Lea, "/tickets", vars{"categoryId": gid(opaque.Category, h.Help.ID), "subject": "Le pain", "body": "Il est dur."}).is(http.StatusCreated)
		path := "/tickets/" + opened.text("id")
		if at := opened.header.Get("Location"); at != "/api/v1"+path {
			t.Errorf("it is said to be at %q", at)
		}
		opened.want("status", "new").want("requester.name", h.Lea.Name).want("lastMessage.side", "system").want("tags", []any{})
		h.post(t, h.Chidi, path+"/claim", nil).is(200).want("assignee.id", memberID(h.Chidi)).want("status", "open")
		h.post(t, h.Chidi, path+"/tags", vars{"tags": []string{"bread", "vip"}}).is(200).want("tags", []string{"bread", "vip"})
		h.delete(t, h.Chidi, path+"/tags/vip").is(200).want("tags", []string{"bread"})
		h.get(t, h.Chidi, path+"/tags").is(200).want("tags", []string{"bread"})
		h.get(t, h.Lea, path+"/tags").is(200).want("tags", []any{})
		note := h.post(t, h.Chidi, path+"/notes", vars{"body": "Again."}).is(201).want("kind", "note").want("author.id", memberID(h.Chidi))
		h.send(t, h.Chidi, http.MethodGet, note.header.Get("Location"), nil).is(200).want("id", note.text("id"))
		reply := h.post(t, h.Chidi, path+"/messages", vars{"body": "Sorry."}).is(201).want("side", "staff")
		h.get(t, h.Lea, path+"/messages?count=true").is(200).want("totalCount", 3).want("items.2.body", "Sorry.")
		h.get(t, h.Lea, path+"/notes").is(200).want("items", []any{})
		h.get(t, h.Chidi, path+"/notes").is(200).want("items.0.body", "Again.")
		message := path + "/messages/" + reply.text("id")
		h.patch(t, h.Chidi, message, vars{"body": "So sorry."}).is(200).want("version", 2)
		h.get(t, h.Sam, message+"/versions").is(200).want("items.0.body", "Sorry.").want("items.1.author.name", h.Chidi.Name)
		h.get(t, h.Lea, message+"/versions").is(200).want("items", []any{})
		h.delete(t, h.Sam, message).is(200).want("body", "")
		h.post(t, h.Chidi, path+"/participants", vars{"memberId": memberID(h.Bob)}).is(200)
		h.get(t, h.Lea, path+"/participants").is(200).want("items.0.name", h.Bob.Name)
		h.delete(t, h.Bob, path+"/participants/"+memberID(h.Bob)).is(204)
		h.post(t, h.Chidi, path+"/pend", nil).is(200).want("status", "pending")
		h.post(t, h.Chidi, path+"/hold", nil).is(200).want("status", "on_hold")
		h.post(t, h.Chidi, path+"/resolve", nil).is(200).want("status", "resolved")
		h.post(t, h.Lea, path+"/confirm", nil).is(200).want("status", "closed")
		h.post(t, h.Chidi, path+"/pend", nil).refuses(409, "invalid_transition")
		h.post(t, h.Sam, path+"/reopen", nil).is(200).want("status", "open")
		h.post(t, h.Sam, path+"/assign", vars{"assigneeId": memberID(h.Dana)}).is(200).want("assignee.name", h.Dana.Name)
		h.post(t, h.Sam, path+"/unassign", nil).is(200).want("assignee", nil)
		h.post(t, h.Sam, path+"/transfer", vars{"queueId": gid(opaque.Queue, h.Billing.ID)}).is(200).want("queue.name", "Billing")
		h.post(t, h.Sam, path+"/recategorise", vars{"categoryId": gid(opaque.Category, h.Invoice.ID)}).is(200).want("categoryId", gid(opaque.Category, h.Invoice.ID))
		h.get(t, h.Lea, path+"/timeline?first=100&where="+url.QueryEscape(`{"type":{"in":["ticket.opened","ticket.note_added","ticket.claimed"]}}`)).is(200).
			want("items.0.data.requesterId", memberID(h.Lea)).want("items.1.type", "ticket.claimed").want("items.1.data.assigneeId", memberID(h.Chidi)).
			want("page.hasNext", false)
		h.get(t, h.Sam, path+"/timeline?first=100&count=true").is(200)
	})
}

func TestWhatIsNotForTheCallerIsNotThere(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		path := h.opens(t, h.Lea, "Mine")
		note := h.post(t, h.Chidi, path+"/notes", vars{"body": "Hm."}).is(201).text("id")
		for _, below := range []string{"", "/messages", "/notes", "/timeline", "/participants", "/tags"} {
			h.get(t, h.Bob, path+below).refuses(404, "not_found")
		}
		h.get(t, h.Lea, path+"/messages/"+note).refuses(404, "not_found").want("detail", "Ce message n’existe pas, ou vous ne pouvez pas le voir.")
		h.get(t, h.Lea, "/tickets/"+note).refuses(404, "not_found")
		h.post(t, h.Lea, path+"/claim", nil).refuses(403, "forbidden")
		h.post(t, h.Bob, path+"/claim", nil).refuses(404, "not_found")
		h.get(t, h.Bob, "/tickets").is(200).want("items", []any{})
		other := h.opens(t, h.Bob, "Another")
		h.get(t, h.Chidi, other+"/messages/"+note).refuses(404, "not_found")
		a := h.get(t, nil, path).refuses(401, "unauthenticated")
		if a.header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("nobody is not asked who they are: %v", a.header)
		}
	})
}

func TestTicketsAreListedPageByPage(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		for _, subject := range []string{"a", "b", "c", "d", "e"} {
			h.opens(t, h.Lea, subject)
		}
		var seen strings.Builder
		next := "/tickets?first=2&orderBy=number"
		for pages := 0; next != "" && pages < 5; pages++ {
			a := h.get(t, h.Lea, next).is(200)
			for _, one := range a.at("items").([]any) {
				seen.WriteString(one.(map[string]any)["subject"].(string))
			}
			next = strings.TrimPrefix(linkOf(a, "next"), "/api/v1")
			if next == "" {
				back := h.get(t, h.Lea, strings.TrimPrefix(linkOf(a, "prev"), "/api/v1")).is(200)
				back.want("items.0.subject", "c").want("items.1.subject", "d").want("page.hasPrevious", true)
				h.get(t, h.Lea, strings.TrimPrefix(linkOf(a, "first"), "/api/v1")).is(200).want("items.0.subject", "a")
			}
		}
		if seen.String() != "abcde" {
			t.Errorf("the pages hold %q", seen.String())
		}
		h.get(t, h.Lea, "/tickets?first=1&count=true").is(200).want("totalCount", 5).want("items.0.subject", "e")
	})
}

// linkOf gives the address of a page beside this one, "" if there is none.
func linkOf(a *answer, rel string) string {
	for _, link := range a.header.Values("Link") {
		address, rest, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
		if strings.Contains(rest, `rel="`+rel+`"`) {
			return address
		}
	}
	return ""
}

func TestTicketsAreChosen(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		one, two := h.opens(t, h.Lea, "one"), h.opens(t, h.Bob, "two")
		h.patch(t, h.Chidi, one, vars{"assigneeId": memberID(h.Chidi), "priority": "urgent", "tags": []string{"vip"}}).is(200)
		h.post(t, h.Chidi, two+"/resolve", nil).is(200)
		for query, want := range map[string]string{
			"": "onetwo", "status=new,open": "one", "status=resolved": "two", "priority=urgent,high": "one", "assignee=me": "one", "assignee=none": "two",
			"requester=" + memberID(h.Bob): "two", "tag=vip": "one", "number=2": "two", "status=closed": "",
			"category=" + gid(opaque.Category, h.Invoice.ID): "", "queue=" + gid(opaque.Queue, h.Support.ID): "onetwo",
			`where={"priority":{"gte":"high"}}`: "one", `where={"not":{"priority":{"gte":"high"}}}`: "two",
			`where={"or":[{"number":{"eq":1}},{"resolvedAt":{"isNull":false}}]}`: "onetwo", `where={"assignee":{"isNull":true}}&status=resolved`: "two",
			`where={"assignee":{"isNull":true}}&status=open`: "", `where={"openedAt":{"lt":"2001-01-01T00:00:00Z"}}`: "",
			`where={"requester":{"in":["` + memberID(h.Lea) + `"]},"tag":{"eq":"vip"}}`: "one", `where={"requester":{"eq":"tkt_1"}}`: "",
			`where={"field":{"key":"order","isNull":true}}`: "onetwo", `where={"or":[{}]}`: "onetwo",
			`where={"turn":{"eq":"staff"}}`: "one", `where={"turn":{"in":["requester"]}}`: "two", `where={"deadline":{"isNull":true}}`: "onetwo",
		} {
			values, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			values.Set("orderBy", "number")
			a, got := h.get(t, h.Chidi, "/tickets?"+values.Encode()).is(200), ""
			for _, row := range a.at("items").([]any) {
				got += row.(map[string]any)["subject"].(string)
			}
			if got != want {
				t.Errorf("%s gives %q, want %q", query, got, want)
			}
		}
	})
}

// The list is what its type says, whatever people write.
func TestTheListIsWhatItsTypeSays(t *testing.T) {
	h := sqlite(t)
	for _, subject := range []string{"plain", `"quoted" \ and / <b>&amp;</b>`, "Zoë, 日本語, 🥖", "lines\u2028and\u2029more", "tab\tand bell"} {
		h.opens(t, h.Lea, subject)
	}
	h.post(t, h.Ada, "/categories", vars{"names": vars{"en": "Bread"}, "queueId": gid(opaque.Queue, h.Support.ID), "form": []vars{
		{"key": "loaves", "labels": vars{"en": "How many?"}, "type": "number"}, {"key": "kind", "labels": vars{"en": "Which?"}, "type": "multi_choice", "options": []vars{{"value": "rye", "labels": vars{"en": "Rye"}}}},
	}}).is(201)
	category := h.get(t, h.Lea, "/categories?orderBy=-createdAt&first=1").text("items.0.id")
	h.post(t, h.Lea, "/tickets", vars{"categoryId": category, "subject": "Order", "answers": []vars{{"key": "loaves", "value": "1.5"}, {"key": "kind", "values": []string{"rye"}}}}).is(201)
	h.patch(t, h.Chidi, "/tickets/"+h.get(t, h.Chidi, "/tickets?first=1").text("items.0.id"), vars{"assigneeId": memberID(h.Chidi), "tags": []string{"a", "b"}, "status": "resolved"}).is(200)
	for _, query := range []string{"", "?count=true&first=2", "?status=closed"} {
		a := h.get(t, h.Chidi, "/tickets"+query).is(200)
		var typed rest.Page[rest.Ticket]
		if err := json.Unmarshal([]byte(a.body), &typed); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(typed)
		if err != nil {
			t.Fatal(err)
		}
		var want any
		if err := json.Unmarshal(again, &want); err != nil || !reflect.DeepEqual(a.data, want) {
			t.Errorf("%q: %v: the list is\n%s, its type says\n%s", query, err, a.body, again)
		}
	}
}

func TestListsSayWhatIsWrongWithAQuestion(t *testing.T) {
	h := sqlite(t)
	for query, parameter := range map[string]string{
		"first=0": "first", "first=101": "first", "last=-1": "last", "first=x": "first", "first=1&last=1": "first", "after=x": "after", "orderBy=subject": "orderBy",
		"orderBy=number,number": "orderBy", "status=lost": "status", "where=x": "where", `where={"status":1}`: "where", `where={"colour":{}}`: "where",
		`where={"status":{"gte":"new"}}`: "where", `where={"number":{"eq":"1"}}`: "where", `where={"and":{}}`: "where", "colour=red": "colour",
		`where={"not":{"not":{"not":{"not":{"not":{"not":{"number":{"eq":1}}}}}}}}`: "where", `where={"field":{"number":{"eq":1}}}`: "where",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		a := h.get(t, h.Chidi, "/tickets?"+values.Encode()).refuses(400, "invalid")
		if got := a.at("errors.0.parameter"); got != parameter {
			t.Errorf("%s: the fault is said to lie in %v, want %s: %s", query, got, parameter, a.body)
		}
	}
}
