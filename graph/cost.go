package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/graph/generated"
	"github.com/ticketsys/ticketsys/graph/model"
)

// A field costs 1, and a list as many times what is in it as it has rows at most.

// few is how many rows a list is taken to have that is not paged: participants,
// a team's members.
const few = 10

// searching is what it costs to look for something, whatever is found.
const searching = 25

func short(child int) int { return times(few, child) }

// paged is the cost of a page.
func paged(child int, first, last *int) int {
	size := page.DefaultSize
	if first != nil {
		size = *first
	} else if last != nil {
		size = *last
	}
	return times(min(max(size, 1), page.MaxSize), child)
}

func times(rows, child int) int {
	if child > huge/rows {
		return huge
	}
	return 1 + rows*child
}

// listed sets the cost of a connection.
func listed[W any](cost *func(child int, _ *W, _ []*model.Order, first *int, _ page.Cursor, last *int, _ page.Cursor) int) {
	*cost = func(child int, _ *W, _ []*model.Order, first *int, _ page.Cursor, last *int, _ page.Cursor) int {
		return paged(child, first, last)
	}
}

// costs tells what lists cost.
func costs() generated.ComplexityRoot {
	var c generated.ComplexityRoot
	listed(&c.Query.Tickets)
	listed(&c.Query.Members)
	listed(&c.Query.Categories)
	listed(&c.Query.Queues)
	listed(&c.Query.Workspaces)
	listed(&c.Query.Teams)
	listed(&c.Query.Grants)
	listed(&c.Query.AuditEntries)
	listed(&c.Query.Tags)
	listed(&c.Query.APIKeys)
	listed(&c.Query.Sessions)
	listed(&c.Query.SLAPolicies)
	listed(&c.Query.BusinessHours)
	c.Query.Digests = func(child int, _ string, _ *model.DigestWhere, _ []*model.Order, first *int, _ page.Cursor, last *int, _ page.Cursor) int {
		return paged(child, first, last)
	}
	c.Digest.Tickets = func(child, first int) int { return paged(child, &first, nil) }
	c.Query.SearchTickets = func(child int, _ string, _ search.Order, first *int, _ page.Cursor) int {
		return searching + paged(child, first, nil)
	}
	listed(&c.Ticket.Messages)
	listed(&c.Ticket.Timeline)
	c.Query.Nodes = func(child int, ids []string) int { return times(max(len(ids), 1), child) }
	c.ChannelReport.BlockedTickets = func(child int) int { return times(mostHeldUp, child) }
	c.Ticket.Participants, c.Team.Members, c.Team.Queues, c.Message.Versions = short, short, short, short
	c.Ticket.TagDetails, c.Workspace.Locales = short, short
	c.Mutation.BulkAssignTickets = func(child int, in model.BulkAssignTicketsInput) int { return perItem(child, in.BulkInput) }
	c.Mutation.BulkTransferTickets = func(child int, in model.BulkTransferTicketsInput) int { return perItem(child, in.BulkInput) }
	c.Mutation.BulkTagTickets = func(child int, in model.BulkTagTicketsInput) int { return perItem(child, in.BulkInput) }
	c.Mutation.BulkSetTicketPriority = func(child int, in model.BulkSetTicketPriorityInput) int { return perItem(child, in.BulkInput) }
	c.Mutation.BulkSetTicketStatus = func(child int, in model.BulkSetTicketStatusInput) int { return perItem(child, in.BulkInput) }
	return c
}

// perItem is the cost of a bulk change: as many times what is asked of it as it
// names tickets.
func perItem(child int, in model.BulkInput) int { return times(max(len(in.Tickets), 1), child) }

// tellCost adds what the operation cost to the response's extensions, if the
// request's extensions ask for it: {"cost": true}.
func tellCost(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	op := graphql.GetOperationContext(ctx)
	if asked, _ := op.Extensions["cost"].(bool); asked {
		if s := complexityOf(op); s != nil {
			graphql.RegisterExtension(ctx, "cost", map[string]int{"requested": s.Complexity, "limit": s.ComplexityLimit})
		}
	}
	return next(ctx)
}
