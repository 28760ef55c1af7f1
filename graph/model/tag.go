package model

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Tag is a tag in a list.
type Tag struct {
	*tag.Tag

	rows *load.Rows
}

// NewTag makes a tag of a list, nil of nil.
func NewTag(rows *load.Rows, t *tag.Tag) *Tag {
	if t == nil {
		return nil
	}
	rows.TagTickets.Want(t.ID)
	return &Tag{Tag: t, rows: rows}
}

// FormerNames gives the other names by which the tag is found.
func (t *Tag) FormerNames() []string { return t.Former }

// Colour gives the tag's colour, nil without one.
func (t *Tag) Colour() *string { return orNil(t.Tag.Colour) }

// Description gives what the tag is for, nil without one.
func (t *Tag) Description() *string { return orNil(t.Tag.Description) }

// TicketCount counts the tickets that have the tag.
func (t *Tag) TicketCount(ctx context.Context) (int, error) { return t.rows.TagTickets.Get(ctx, t.ID) }

func orNil(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// TagDetails gives staff's marks as the vocabulary has them.
func (t *Ticket) TagDetails(ctx context.Context) ([]*Tag, error) {
	var all []*Tag
	for _, name := range t.Tags() {
		found, err := t.rows.TagsByName.Get(ctx, name)
		if err != nil {
			return nil, err
		}
		if found != nil {
			all = append(all, NewTag(t.rows.OfTickets(), found))
		}
	}
	return all, nil
}

// TagWhere is conditions on tags.
type TagWhere struct {
	Name      *TagNameFilter
	CreatedAt *DateTimeFilter

	Tree[TagWhere]
}

func (w *TagWhere) conditions() conditions {
	var c conditions
	add(&c, tag.FieldName, w.Name, plain)
	add(&c, tag.FieldCreatedAt, w.CreatedAt, micros)
	return c
}

// What tags are put in order by. gqlgen takes values of an enum only from packages
// that it binds types to.
const (
	TagName      = tag.FieldName
	TagCreatedAt = tag.FieldCreatedAt
)

// TagQuery gives conditions and sort keys for the service.
func TagQuery(w *TagWhere, order []*Order) query.Query {
	return query.Query{Where: where(w), Order: orders(order)}
}

// The connection of tags.
type (
	// TagConnection is a page of tags.
	TagConnection = Connection[*tag.Tag, *Tag]
	// TagEdge is a tag and its place.
	TagEdge = Edge[*Tag]
	// TagNameFilter is conditions on a tag's name.
	TagNameFilter = Filter[string]
)

// NewTagPage makes the page of a query's tags; count counts them all.
func NewTagPage(rows *load.Rows, q query.Query, p page.Page[*tag.Tag], count Counted) *TagConnection {
	return Connect(p, func(t *tag.Tag) *Tag { return NewTag(rows, t) }, placed[*tag.Tag](tag.Terms(), q), count)
}

// CreateTagInput is a tag to make.
type CreateTagInput struct {
	Keyed

	Name, Colour, Description string
}

// Tag gives the tag for the service.
func (in CreateTagInput) Tag() tag.Tag {
	return tag.Tag{Name: in.Name, Colour: in.Colour, Description: in.Description}
}

// UpdateTagInput is what to change of a tag.
type UpdateTagInput struct {
	Keyed
	Expecting

	TagID                     id.Tag
	Name, Colour, Description graphql.Omittable[*string]
}

// Apply changes what is given.
func (in UpdateTagInput) Apply(t *tag.Tag) {
	presentedTo(in.Name, &t.Name)
	presentedTo(in.Colour, &t.Colour)
	presentedTo(in.Description, &t.Description)
}

// MergeTagsInput is tags that become part of another one.
type MergeTagsInput struct {
	Keyed
	Expecting

	TagIDs []id.Tag
	IntoID id.Tag
}

// DeleteTagInput is a tag to take away.
type DeleteTagInput struct {
	Keyed
	Expecting

	TagID id.Tag
}
