package main_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

func (w *twins) restDoor() http.Handler {
	return rest.NewHandler(rest.Config{
		Tickets: w.services.Tickets, Members: w.services.Members, Teams: w.services.Teams, Queues: w.services.Queues,
		Categories: w.services.Categories, Workspaces: w.services.Workspaces, Files: w.services.Files, Auth: w.services.Auth, Channels: w.services.Channels, Search: w.services.Search,
		Idempotency: idempotency.NewService(w.store.Idempotency()), Catalogue: w.catalogue, Now: time.Now,
		Logger: slog.New(slog.NewTextHandler(w.log, nil)),
	})
}

// inREST gives a mutation's method and address below the ticket, and its body.
func (o operation) inREST() (method, path string, body map[string]any) {
	switch text := func(name string) string { return fmt.Sprint(o.input[name]) }; o.field {
	case "ticket":
		return http.MethodGet, "", nil
	case "updateTicketFields":
		return http.MethodPatch, "", o.input
	case "setTicketPriority":
		return http.MethodPatch, "", map[string]any{"priority": strings.ToLower(text("priority"))}
	case "addTicketTags":
		return http.MethodPost, "/tags", map[string]any{"tags": []string{text("tags")}}
	case "removeTicketTags":
		return http.MethodDelete, "/tags/" + text("tags"), nil
	case "addTicketParticipant":
		return http.MethodPost, "/participants", o.input
	case "removeTicketParticipant":
		return http.MethodDelete, "/participants/" + text("memberId"), nil
	case "addNote":
		return http.MethodPost, "/notes", o.input
	case "snoozeTicket":
		return http.MethodPost, "/snooze", map[string]any{}
	case "markTicketPending":
		return http.MethodPost, "/pend", nil
	case "putTicketOnHold":
		return http.MethodPost, "/hold", nil
	default: // claimTicket, assignTicket, …
		return http.MethodPost, "/" + strings.TrimSuffix(o.field, "Ticket"), o.input
	}
}

// settingInREST gives the method, the address and the body by which REST changes what a
// mutation does of the workspace.
func (o operation) settingInREST() (method, path string, body map[string]any) {
	switch in := o.input; o.field {
	case "setLossPolicy":
		return http.MethodPatch, "/workspace", map[string]any{"onSurfaceLost": strings.ToLower(fmt.Sprint(in["onSurfaceLost"]))}
	case "saveCategory":
		return http.MethodPatch, "/categories/" + fmt.Sprint(in["id"]), map[string]any{"surface": strings.ToLower(fmt.Sprint(in["surface"])), "priority": "low"}
	case "createChannelLinkCode":
		return http.MethodPost, "/channel-link-codes", map[string]any{"channel": "discord"}
	case "bindTeamRole":
		role, _ := in["role"].(map[string]any)
		return http.MethodPost, "/teams/" + fmt.Sprint(in["teamId"]) + "/roles", map[string]any{"channel": "discord", "externalId": role["externalId"]}
	case "createApiKey":
		return http.MethodPost, "/api-keys", map[string]any{"name": in["name"], "scopes": []string{"ticket.see"}, "memberId": in["memberId"]}
	case "removeDesk":
		return http.MethodDelete, "/desks/discord", nil
	default: // updateWorkspace
		return http.MethodPatch, "/workspace", in
	}
}

// posts asks REST for something about the ticket as a member and gives its refusal; ""
// if it was done.
func (w *twins) posts(m *discordtest.Member, o operation) string {
	w.t.Helper()
	method, path, in := o.inREST()
	return w.sends(m, method, "/tickets/"+opaque.Encode(opaque.Ticket, int64(w.posted.ID))+path, in)
}

// sends asks REST as a member and gives its refusal; "" if it was done.
func (w *twins) sends(m *discordtest.Member, method, path string, in map[string]any) string {
	w.t.Helper()
	body := ""
	if in != nil {
		raw, err := json.Marshal(in)
		ok(w.t, err)
		body = string(raw)
	}
	session := access.Session{Actor: w.as(m).Actor, ExpiresAt: time.Now().Add(time.Hour), Token: m.Name()}
	r := httptest.NewRequestWithContext(access.NewContext(w.ctx, session), method, rest.Prefix+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	recorded := httptest.NewRecorder()
	w.rest.ServeHTTP(recorded, r)
	var problem struct{ Detail, Subject string }
	if recorded.Code == http.StatusNoContent { // done, and not to be seen any more
		return ""
	}
	if err := json.Unmarshal(recorded.Body.Bytes(), &problem); err != nil {
		w.t.Fatalf("%s %s by %s: %v in %s", method, path, m.Name(), err, recorded.Body)
	}
	return problem.Detail
}

// past tells what happened in a ticket since it was opened, as its history has it.
func (w *twins) past(t id.Ticket) []string {
	w.t.Helper()
	var past []string
	found, err := w.services.Tickets.Timeline(w.ctx, w.system(), query.Query{}, page.Request{Last: page.MaxSize}, t)
	ok(w.t, err)
	for _, e := range found[t].Items {
		past = append(past, fmt.Sprintf("%s by %d", e.Data.Type(), e.Actor))
	}
	return past
}
