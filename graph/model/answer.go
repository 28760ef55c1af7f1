package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Answer is what a field of a ticket holds.
type Answer struct {
	category.Answer

	rows *load.Rows
}

// Answers gives what the ticket's fields hold, and what staff keeps only to who
// may see notes.
func (t *Ticket) Answers() []*Answer {
	a := t.rows.Call.Actor
	staff := access.Allowed(a, access.NoteSee, t.Scope(a))
	made := make([]*Answer, 0, len(t.View.Answers))
	for _, one := range t.View.Answers {
		if staff || !one.Internal {
			made = append(made, &Answer{Answer: one, rows: t.rows})
		}
	}
	return made
}

// Type gives what kind of value it is.
func (a *Answer) Type() category.Type {
	if a.Answer.Type == "" { // from before there were types
		return category.Text
	}
	return a.Answer.Type
}

// Number gives the number, nil unless it is one.
func (a *Answer) Number() *float64 {
	if a.Answer.Type != category.Number {
		return nil
	}
	return &a.Answer.Number
}

// Date gives the day, "" unless it is one.
func (a *Answer) Date() string {
	if a.Answer.Type != category.Date {
		return ""
	}
	return a.Value
}

// Member gives the member, nil unless it is one.
func (a *Answer) Member(ctx context.Context) (*Member, error) {
	return memberOf(ctx, a.rows, a.Answer.Member)
}

// IsInternal reports whether only staff sees it.
func (a *Answer) IsInternal() bool { return a.Internal }

// AnswerInput is what is filled into a field.
type AnswerInput struct {
	Key      string
	Value    *string
	Values   []string
	MemberID id.Member
}

// given gives what is filled in for a service, by field key.
func given(answers []AnswerInput) map[string]category.Given {
	all := make(map[string]category.Given, len(answers))
	for _, a := range answers {
		g := category.Given{Texts: a.Values, Member: a.MemberID}
		if a.Value != nil {
			g.Texts = append(g.Texts, *a.Value)
		}
		all[a.Key] = g
	}
	return all
}

// UpdateTicketFieldsInput is what is filled into fields of a ticket.
type UpdateTicketFieldsInput struct {
	TicketInput

	Answers []AnswerInput
}

// Values gives what is filled in, by field key.
func (in UpdateTicketFieldsInput) Values() map[string]category.Given { return given(in.Answers) }
