package discordtest

import (
	"net/http"
	"slices"
)

// answered is the interaction whose token stands in the path, once it was acknowledged and for 15 minutes.
func (c *call) answered() (*interaction, error) {
	in := c.s.interactions[c.r.PathValue("token")]
	if in == nil || !in.acked {
		return nil, unknownWebhook()
	}
	if c.s.now().Sub(in.at) > interactionTokenLife {
		return nil, refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	}
	return in, nil
}

// followUp sends a further message, or fills the one that was deferred.
func followUp(c *call) (any, error) {
	in, err := c.answered()
	if err != nil {
		return nil, err
	}
	body, err := c.messageBody()
	if err != nil {
		return nil, err
	}
	if body.empty(len(c.files)) {
		return nil, emptyMessage()
	}
	if in.callback == callbackDeferred && in.original.flags&flagLoading != 0 {
		return c.fill(in.original, body)
	}
	d := in.draft(c.s, body, c.files)
	if in.original != nil && in.original.ephemeralFor == nil && !in.original.deleted {
		d.kind, d.replied = messageReply, in.original
	}
	m := c.s.post(in.channel, d)
	in.followUp = append(in.followUp, m)
	return c.s.wire(m), nil
}

// fill edits a message of the interaction; what was loading is there now.
func (c *call) fill(m *message, body *messageBody) (any, error) {
	if err := body.apply(c.s, m, c.files); err != nil {
		return nil, err
	}
	loading := m.flags&flagLoading != 0
	m.flags &^= flagLoading
	if body.v2() {
		m.flags |= flagV2
	}
	if loading {
		c.s.updated(m)
	} else {
		c.s.edited(m)
	}
	return c.s.wire(m), nil
}

// interactionMessage is the message of the path: @original or a follow-up.
func (c *call) interactionMessage() (*message, error) {
	in, err := c.answered()
	if err != nil {
		return nil, err
	}
	m := in.original
	if c.r.PathValue("message") != "@original" {
		id := c.id("message")
		m = nil
		for _, own := range append(slices.Clone(in.followUp), in.original) {
			if own != nil && own.id == id {
				m = own
			}
		}
	}
	if m == nil || m.deleted {
		return nil, unknownMessage()
	}
	return m, nil
}

func getFollowUp(c *call) (any, error) {
	m, err := c.interactionMessage()
	if err != nil {
		return nil, err
	}
	return c.s.wire(m), nil
}

func editFollowUp(c *call) (any, error) {
	m, err := c.interactionMessage()
	if err != nil {
		return nil, err
	}
	body, err := c.editBody(m)
	if err != nil {
		return nil, err
	}
	return c.fill(m, body)
}

func deleteFollowUp(c *call) (any, error) {
	m, err := c.interactionMessage()
	if err != nil {
		return nil, err
	}
	c.s.remove(m)
	return nil, nil
}
