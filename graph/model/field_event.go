package model

import (
	"context"
	"strings"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
)

// FieldChangedEvent is an event of type FieldChanged.
type FieldChangedEvent struct {
	Base

	data event.FieldChanged
}

// Key gives the field's name for programs.
func (e *FieldChangedEvent) Key() string { return e.data.Key }

// Type gives what kind of value it holds.
func (e *FieldChangedEvent) Type() category.Type { return category.Type(e.data.Kind) }

// From gives what it held.
func (e *FieldChangedEvent) From() []string { return values(e.data.From) }

// To gives what it holds.
func (e *FieldChangedEvent) To() []string { return values(e.data.To) }

// FromMember gives whom it named, nil if nobody.
func (e *FieldChangedEvent) FromMember(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.FromMember)
}

// ToMember gives whom it names, nil if nobody.
func (e *FieldChangedEvent) ToMember(ctx context.Context) (*Member, error) {
	return memberOf(ctx, e.rows, e.data.ToMember)
}

// values takes apart what an event holds of a field's value.
func values(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
