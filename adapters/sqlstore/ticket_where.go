package sqlstore

import (
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// ticketAspects is how tickets can be compared.
var ticketAspects = map[ticket.Field]aspect{
	query.FieldID:          {column: "t.id", ordered: true, few: true, growing: true},
	ticket.FieldNumber:     {column: "t.number", ordered: true, few: true, growing: true},
	ticket.FieldStatus:     {column: "t.status", text: true},
	ticket.FieldPriority:   {column: "t.priority", ordered: true, alike: true},
	ticket.FieldCategory:   {column: "t.category_id"},
	ticket.FieldQueue:      {column: "t.queue_id"},
	ticket.FieldRequester:  {column: "t.requester_id", few: true},
	ticket.FieldAssignee:   {column: "t.assignee_id", nullable: true, few: true},
	ticket.FieldOpenedAt:   {column: "t.opened_at", ordered: true, few: true, growing: true},
	ticket.FieldActivityAt: {column: "t.activity_at", ordered: true, coarse: "t.activity_minute", grain: minute},
	ticket.FieldResolvedAt: {column: "t.resolved_at", ordered: true, nullable: true},
	ticket.FieldClosedAt:   {column: "t.closed_at", ordered: true, nullable: true},
	ticket.FieldTurn:       {column: "t.turn", text: true, others: turnUnsnoozed},
	ticket.FieldDeadline:   {column: "t.deadline", ordered: true, nullable: true, none: "t.deadline >= 9223372036854775807", some: "t.deadline < 9223372036854775807", staff: true, few: true},
	ticket.FieldSnoozed:    {column: "t.snoozed_until", ordered: true, nullable: true, staff: true, few: true},
	ticket.FieldAnswer:     {column: "f.text", text: true, ordered: true, nullable: true, keyed: true},
	ticket.FieldAmount:     {column: "f.number", ordered: true, keyed: true},
	ticket.FieldParticipant: {
		column: "p.member_id", list: "t.id IN (SELECT p.ticket_id FROM ticket_participants p WHERE ",
	},
	ticket.FieldTag: {
		column: "n.key", list: `t.id IN (SELECT g.ticket_id FROM tag_names n JOIN tags s ON s.target_id = n.tag_id
			JOIN ticket_tags g ON g.workspace_id = n.workspace_id AND g.tag_id = s.id WHERE n.workspace_id = t.workspace_id AND `,
		text: true, fold: tag.Key, nullable: true, staff: true,
		none: "(t.tags = '[]' OR NOT EXISTS (SELECT 1 FROM ticket_tags g JOIN tags s ON s.id = g.tag_id WHERE g.ticket_id = t.id))",
	},
	ticket.FieldTagID: {
		column: "s.target_id", list: `t.id IN (SELECT g.ticket_id FROM tags s
			JOIN ticket_tags g ON g.workspace_id = s.workspace_id AND g.tag_id = s.id WHERE s.workspace_id = t.workspace_id AND `,
		staff: true,
	},
}

// turnUnsnoozed is whose turn it is for those who are not told what staff put off, as
// ticket.TurnFor has it.
const turnUnsnoozed = "CASE WHEN t.turn = 'nobody' AND t.status IN ('new', 'open') THEN 'staff' ELSE t.turn END"

// ticketTerms are the aspects of tickets; what only staff reads is compared
// where notes passes.
func ticketTerms(notes access.TicketFilter) terms {
	return terms{aspects: ticketAspects, staffOnly: !notes.All, readable: func(q *selection) { q.allowed(notes) }}
}
