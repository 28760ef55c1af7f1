package model

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// ChannelLink is a place of a channel that is linked to the workspace.
type ChannelLink struct{ workspace.Link }

// Name gives the place's name; nil if it is not known.
func (l *ChannelLink) Name() *string {
	if l.Link.Name == "" {
		return nil
	}
	return &l.Link.Name
}

// LinkedAt gives when it was linked; nil if that is not known.
func (l *ChannelLink) LinkedAt() *time.Time {
	if l.At.IsZero() {
		return nil
	}
	return &l.At
}

// ChannelLinkCode is a code by which a place is linked.
type ChannelLinkCode = workspace.LinkCode

// CreateChannelLinkCodeInput says of which channel a place is to be linked.
type CreateChannelLinkCodeInput struct {
	Keyed

	Channel event.Channel
}

// RemoveChannelLinkInput names a link.
type RemoveChannelLinkInput struct {
	Keyed
	Expecting

	Channel    event.Channel
	ExternalID string
}

// Showing adds a code that is shown this one time: it is not kept with the result.
func (p *Payload) Showing(c workspace.LinkCode) *Payload {
	p.code = &c
	return p
}

// LinkCode gives the code; nil when nothing was done, and in a result that is
// given again.
func (p *Payload) LinkCode() *workspace.LinkCode { return p.code }
