package main_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/locales"
)

// counterpart is by which operations REST does what a field of GraphQL's does.
type counterpart struct {
	field      string   // "Mutation.openTicket", "Query.tickets", "Workspace.links"
	operations []string // by any of which it is done, or which do it together
	instead    string   // the reason for which REST has none
	renamed    []string // of a mutation: "theirs=ours", input fields that are called otherwise or are not needed ("theirs=")
}

func by(field string, operations ...string) counterpart {
	return counterpart{field: field, operations: operations}
}

func without(field, reason string) counterpart { return counterpart{field: field, instead: reason} }

func (c counterpart) calling(renamed ...string) counterpart { c.renamed = renamed; return c }

// counterparts has a line for each mutation, each field of a query and of the
// workspace, and each subscription.
func counterparts() []counterpart {
	return slices.Concat(ticketMutations(), houseMutations(), queryFields(), otherFields())
}

func ticketMutations() []counterpart {
	return []counterpart{
		by("Mutation.openTicket", "openTicket"), by("Mutation.replyToTicket", "replyToTicket"), by("Mutation.addNote", "addNote"),
		by("Mutation.editMessage", "editMessage"), by("Mutation.deleteMessage", "deleteMessage"), by("Mutation.createUpload", "createUpload"),
		by("Mutation.claimTicket", "claimTicket"), by("Mutation.assignTicket", "assignTicket"), by("Mutation.unassignTicket", "unassignTicket"),
		by("Mutation.transferTicket", "transferTicket"), by("Mutation.recategoriseTicket", "recategoriseTicket"),
		by("Mutation.setTicketPriority", "changeTicket"), by("Mutation.updateTicketFields", "changeTicket"),
		by("Mutation.addTicketTags", "addTags"), by("Mutation.removeTicketTags", "removeTag").calling("tags=tag"),
		by("Mutation.addTicketParticipant", "addParticipant"), by("Mutation.removeTicketParticipant", "removeParticipant"),
		by("Mutation.markTicketPending", "pendTicket"), by("Mutation.putTicketOnHold", "holdTicket"), by("Mutation.snoozeTicket", "snoozeTicket"),
		by("Mutation.wakeTicket", "wakeTicket"), by("Mutation.resolveTicket", "resolveTicket"), by("Mutation.confirmTicket", "confirmTicket"),
		by("Mutation.closeTicket", "closeTicket"), by("Mutation.reopenTicket", "reopenTicket"),
		by("Mutation.bulkAssignTickets", "changeTickets").calling("assigneeId=changes"), by("Mutation.bulkTransferTickets", "changeTickets").calling("queueId=changes"),
		by("Mutation.bulkTagTickets", "changeTickets").calling("add=changes", "remove=changes"),
		by("Mutation.bulkSetTicketPriority", "changeTickets").calling("priority=changes"), by("Mutation.bulkSetTicketStatus", "changeTickets").calling("status=changes"),
	}
}

func houseMutations() []counterpart {
	return []counterpart{
		by("Mutation.saveQueue", "createQueue", "changeQueue").calling("id=queueId"), by("Mutation.saveTeam", "createTeam", "changeTeam").calling("id=teamId"),
		by("Mutation.bindTeamRole", "bindTeamRole").calling("role=externalId"), by("Mutation.saveCategory", "createCategory", "changeCategory").calling("id=categoryId"),
		by("Mutation.setGrant", "setGrant"), by("Mutation.removeGrant", "removeGrant").calling("queueId=grantId", "categoryId=grantId", "role=grantId", "permission=grantId"),
		by("Mutation.setMemberRole", "changeMember"), by("Mutation.setMyLocale", "changeMe"), by("Mutation.setMyTimeZone", "changeMe"), by("Mutation.saveAgent", "changeAgent"),
		by("Mutation.updateWorkspace", "changeWorkspace"), by("Mutation.setLossPolicy", "changeWorkspace"),
		by("Mutation.setDesk", "setDesk", "setQueueDesk"), by("Mutation.removeDesk", "removeDesk", "removeQueueDesk"),
		by("Mutation.createChannelLinkCode", "createChannelLinkCode"), by("Mutation.removeChannelLink", "removeChannelLink"),
		by("Mutation.saveBusinessHours", "changeBusinessHours", "changeQueueBusinessHours"), by("Mutation.removeBusinessHours", "removeBusinessHours", "removeQueueBusinessHours"),
		by("Mutation.importHolidays", "importHolidays", "importQueueHolidays").calling("iCalendar="), // the body, as it is
		by("Mutation.saveSlaPolicy", "createSlaPolicy", "changeSlaPolicy").calling("id=policyId"), by("Mutation.removeSlaPolicy", "removeSlaPolicy").calling("id=policyId"),
		by("Mutation.saveDigestPlan", "changeDigestPlan"), by("Mutation.removeDigestPlan", "removeDigestPlan"),
		by("Mutation.createTag", "createTag"), by("Mutation.updateTag", "changeTag"), by("Mutation.mergeTags", "mergeTags").calling("intoId=tagId"), by("Mutation.deleteTag", "deleteTag"),
		by("Mutation.createApiKey", "createApiKey"), by("Mutation.revokeApiKey", "revokeApiKey"),
		by("Mutation.createSignInCode", "createSignInCode"), by("Mutation.exchangeSignInCode", "signIn"), by("Mutation.refreshSession", "refreshSession"),
		by("Mutation.endSession", "endSession"), by("Mutation.signOutEverywhere", "signOutEverywhere"),
	}
}

func queryFields() []counterpart {
	return []counterpart{
		by("Query.viewer", "getMe"), by("Query.workspace", "getWorkspace"), by("Query.workspaces", "listWorkspaces"),
		by("Query.node", "getTicket", "getMessage", "getAttachment", "getMember", "getAgent", "getTeam", "getQueue", "getCategory", "getGrant", "getApiKey", "getSession", "getTag",
			"getSlaPolicy", "getDigest", "getDigestPlan"),
		without("Query.nodes", "each object has an address of its own, and connections are kept open"),
		by("Query.ticket", "getTicket"), by("Query.ticketByNumber", "listTickets"), by("Query.tickets", "listTickets"), by("Query.searchTickets", "search"),
		by("Query.members", "listMembers", "listAgents"), by("Query.teams", "listTeams"), by("Query.queues", "listQueues"), by("Query.categories", "listCategories"),
		by("Query.grants", "listGrants"), by("Query.tags", "listVocabulary"), by("Query.apiKeys", "listApiKeys"), by("Query.sessions", "listSessions"),
		by("Query.auditEntries", "listAuditEntries"), by("Query.businessHours", "listBusinessHours"), by("Query.slaPolicies", "listSlaPolicies"),
		by("Query.slaForecast", "foreseeSla"), by("Query.slaReport", "getSlaReport"), by("Query.digestPlan", "getDigestPlan"), by("Query.digests", "listDigests"),
		by("Query.supportedLocales", "listLocales"),
		without("Query.rateLimit", "each response tells it in RateLimit and RateLimit-Policy, and a request's price is fixed"),
	}
}

func otherFields() []counterpart {
	const pushed = "REST pushes nothing: who wants to be told subscribes by GraphQL, or asks again with If-None-Match"
	own := func(name string) counterpart { return by("Workspace."+name, "getWorkspace", "listWorkspaces") }
	return []counterpart{
		own("id"), own("slug"), own("name"), own("locale"), own("channel"), own("createdAt"), own("version"), own("onSurfaceLost"),
		by("Workspace.channels", "listChannelReports"), by("Workspace.links", "listChannelLinks"), by("Workspace.locales", "listWorkspaceLocales"), by("Workspace.desks", "listDesks"),
		without("Subscription.ticketEvents", pushed), without("Subscription.queueEvents", pushed), without("Subscription.myEvents", pushed),
		without("Subscription.digestEvents", pushed), without("Subscription.alertEvents", pushed),
	}
}

// restOperation is what an operation takes, wherever it takes it from.
type restOperation struct{ takes []string }

// restOperations gives the operations of REST's description by their names.
func restOperations(t *testing.T) map[string]restOperation {
	t.Helper()
	catalogue, err := locales.Load()
	ok(t, err)
	w := httptest.NewRecorder()
	rest.NewHandler(rest.Config{Catalogue: catalogue, Now: time.Now}).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, rest.Prefix+"/openapi.json", nil))
	type schema struct {
		Ref        string `json:"$ref"`
		Properties map[string]any
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string
			Parameters  []struct{ Name string }
			RequestBody struct {
				Content map[string]struct{ Schema schema }
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	ok(t, json.Unmarshal(w.Body.Bytes(), &doc))
	all := map[string]restOperation{}
	for _, methods := range doc.Paths {
		for _, o := range methods {
			var takes []string
			for _, p := range o.Parameters {
				takes = append(takes, p.Name)
			}
			for _, c := range o.RequestBody.Content {
				if name, named := strings.CutPrefix(c.Schema.Ref, "#/components/schemas/"); named {
					c.Schema = doc.Components.Schemas[name]
				}
				takes = slices.AppendSeq(takes, maps.Keys(c.Schema.Properties))
			}
			all[o.OperationID] = restOperation{takes: takes}
		}
	}
	return all
}

// graphQLFields gives the fields of a type of GraphQL's, and of an input.
func graphQLFields(t *testing.T, sdl, of string) []string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^(?:type|input) ` + of + `(?: implements [^{]*)? \{\n((?s:.*?))^\}`).FindStringSubmatch(sdl)
	if found == nil {
		t.Fatalf("GraphQL has no %s", of)
	}
	// Arguments are written further in than fields; descriptions are no names.
	var all []string
	for _, f := range regexp.MustCompile(`(?m)^  (\w+)[:(]`).FindAllStringSubmatch(found[1], -1) {
		all = append(all, f[1])
	}
	return all
}

// What GraphQL can do, REST can, or the table says why it does not: a mutation takes no
// input that its operation does not take as well.
func TestRESTDoesWhatGraphQLDoes(t *testing.T) {
	sdl, operations, known := string(graph.SDL()), restOperations(t), map[string]counterpart{}
	for _, c := range counterparts() {
		if _, twice := known[c.field]; twice || len(c.operations) == 0 && c.instead == "" {
			t.Errorf("%s is in the table twice, or has neither an operation nor a reason", c.field)
		}
		known[c.field] = c
		for _, o := range c.operations {
			if _, there := operations[o]; !there {
				t.Errorf("%s is said to be done by %s, which REST has not", c.field, o)
			}
		}
	}
	for _, of := range []string{"Mutation", "Query", "Workspace", "Subscription"} {
		for _, name := range graphQLFields(t, sdl, of) {
			c, there := known[of+"."+name]
			if !there {
				t.Errorf("REST has nothing like %s.%s: make an operation, or say in rest_operations_test.go why there is none", of, name)
			} else if of == "Mutation" && c.instead == "" {
				c.takesAll(t, graphQLFields(t, sdl, strings.ToUpper(name[:1])+name[1:]+"Input"), operations)
			}
			delete(known, of+"."+name)
		}
	}
	for field := range known {
		t.Errorf("GraphQL has no %s: take it out of rest_operations_test.go", field)
	}
}

// takesAll finds each part of a mutation's input in one of its operations: as it is
// called there, in seconds if it is a length of time, or in the header.
func (c counterpart) takesAll(t *testing.T, input []string, operations map[string]restOperation) {
	t.Helper()
	var takes []string
	for _, o := range c.operations {
		takes = append(takes, operations[o].takes...)
	}
	renamed := map[string]string{"expectedVersion": "If-Match", "idempotencyKey": "Idempotency-Key"}
	for _, pair := range c.renamed {
		theirs, ours, _ := strings.Cut(pair, "=")
		renamed[theirs] = ours
	}
	for _, name := range input {
		ours, other := renamed[name]
		if other && ours == "" {
			continue
		}
		if !other {
			ours = name
		}
		if !slices.Contains(takes, ours) && !slices.Contains(takes, ours+"Seconds") {
			t.Errorf("%s takes %s, which %v do not: they take %v", c.field, name, c.operations, takes)
		}
	}
}
