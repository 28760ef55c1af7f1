package discordtest

import (
	"encoding/json"
	"errors"
	"net/http"
)

func (s *Server) interactionRoutes(mux router) {
	s.route(mux, "POST /interactions/{interaction}/{token}/callback", needsNothing, callback)
}

type callbackBody struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

func callback(c *call) (any, error) {
	in := c.s.interactions[c.r.PathValue("token")]
	if in == nil || in.id != c.id("interaction") {
		return nil, unknownInteraction()
	}
	if in.acked {
		return nil, refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	}
	if c.s.now().Sub(in.at) > c.s.ackTime {
		return nil, unknownInteraction()
	}
	var body callbackBody
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	if err := in.checkCallback(body.Type); err != nil {
		return nil, err
	}
	c.body = body.Data
	if err := c.applyCallback(in, body.Type); err != nil {
		return nil, err
	}
	in.acked, in.callback = true, body.Type
	if c.r.URL.Query().Get("with_response") == "true" {
		return in.response(c.s), nil
	}
	return nil, nil
}

func unknownInteraction() error { return notFound(10062, "interaction") }

// checkCallback refuses kinds of answer that do not fit the interaction.
func (in *interaction) checkCallback(kind int) error {
	onMessage := in.kind == interactionComponent || in.sequel
	fits := false
	switch kind {
	case callbackMessage, callbackDeferred:
		fits = in.kind != interactionComplete
	case callbackDeferUpdate, callbackUpdate:
		fits = onMessage
	case callbackChoices:
		fits = in.kind == interactionComplete
	case callbackModal:
		fits = in.kind == interactionCommand || in.kind == interactionComponent
	}
	if !fits {
		return badForm("type", "INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", "Interaction callback type is invalid for this interaction")
	}
	return nil
}

func (c *call) applyCallback(in *interaction, kind int) error {
	switch kind {
	case callbackMessage, callbackDeferred:
		return c.answerWithMessage(in, kind == callbackDeferred)
	case callbackDeferUpdate:
		in.original = in.source
		return nil
	case callbackUpdate:
		return c.updateSource(in)
	case callbackModal:
		return c.openModal(in)
	default:
		return c.complete(in)
	}
}

func (c *call) answerWithMessage(in *interaction, deferred bool) error {
	body, err := c.messageBody()
	if err != nil {
		return prefixed(err)
	}
	if !deferred && body.empty(len(c.files)) {
		return emptyMessage()
	}
	d := in.draft(c.s, body, c.files)
	if deferred {
		d.flags |= flagLoading
	}
	if in.kind == interactionCommand {
		d.kind = messageSlash
	}
	in.original = c.s.post(in.channel, d)
	return nil
}

// prefixed moves the errors of a callback's form below "data", where they were.
func prefixed(err error) error {
	if e, ok := errors.AsType[*apiError](err); ok && e.Errors != nil {
		e.Errors = map[string]any{"data": e.Errors}
	}
	return err
}

func (c *call) updateSource(in *interaction) error {
	body, err := c.editBody(in.source)
	if err != nil {
		return prefixed(err)
	}
	if err := body.apply(c.s, in.source, c.files); err != nil {
		return err
	}
	in.original = in.source
	c.s.edited(in.source)
	return nil
}

func (c *call) complete(in *interaction) error {
	var body struct{ Choices []Choice }
	if err := c.decode(&body); err != nil {
		return err
	}
	f := &form{}
	if len(body.Choices) > 25 {
		f.add("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for _, choice := range body.Choices {
		f.length("data.choices", choice.Name, 1, 100)
	}
	in.choices = body.Choices
	return f.err()
}

func (in *interaction) response(s *Server) map[string]any {
	about := map[string]any{"id": in.id, "type": in.kind, "channel_id": in.channel.id, "guild_id": in.channel.guildID()}
	resource := map[string]any{"type": in.callback}
	if in.original != nil {
		about["response_message_id"] = in.original.id
		about["response_message_loading"] = in.original.flags&flagLoading != 0
		about["response_message_ephemeral"] = in.original.ephemeralFor != nil
		resource["message"] = s.wire(in.original)
	}
	return map[string]any{"interaction": about, "resource": resource}
}
