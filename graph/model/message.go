package model

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Message is a message in a list.
type Message struct {
	*ticket.Message

	rows *load.Rows
}

// NewMessage makes a message of a list, nil of nil. What it may be asked for is
// known to the list already.
func NewMessage(rows *load.Rows, m *ticket.Message) *Message {
	if m == nil {
		return nil
	}
	return &Message{Message: m, rows: rows}
}

// Body gives what it says, with moments by the clocks of who asks.
func (m *Message) Body() string { return m.ToldBy(m.rows.Call.Actor.Zone) }

// Author gives who wrote it, nil for the helpdesk itself.
func (m *Message) Author(ctx context.Context) (*Member, error) {
	return memberOf(ctx, m.rows, m.Message.Author)
}

// Versions gives every text that it had, to staff.
func (m *Message) Versions(ctx context.Context) ([]*MessageVersion, error) {
	found, err := m.rows.Versions.Get(ctx, m.ID)
	made := make([]*MessageVersion, len(found))
	for i, v := range found {
		made[i] = &MessageVersion{Version: v, rows: m.rows.OfVersions(), ofMessage: m.rows}
	}
	return made, err
}

// MessageVersion is one text that a message had.
type MessageVersion struct {
	ticket.Version

	rows, ofMessage *load.Rows
}

// Author gives who wrote it, nil for the helpdesk itself.
func (v *MessageVersion) Author(ctx context.Context) (*Member, error) {
	return memberOf(ctx, v.rows, v.By)
}

// WrittenAt gives when it was written.
func (v *MessageVersion) WrittenAt() time.Time { return v.At }
