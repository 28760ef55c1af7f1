package discordtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// messageBody is the body of every request that sends or edits a message.
type messageBody struct {
	Content      opt[string]          `json:"content"`
	Embeds       opt[[]Embed]         `json:"embeds"`
	Components   opt[json.RawMessage] `json:"components"`
	Attachments  opt[[]attachmentRef] `json:"attachments"`
	Flags        opt[int]             `json:"flags"`
	Allowed      *allowedMentions     `json:"allowed_mentions"`
	Reference    *reference           `json:"message_reference"`
	Nonce        json.RawMessage      `json:"nonce"`
	EnforceNonce bool                 `json:"enforce_nonce"`
	TTS          bool                 `json:"tts"`
	Username     string               `json:"username"`
	AvatarURL    string               `json:"avatar_url"`
	Stickers     []ID                 `json:"sticker_ids"`
	Poll         json.RawMessage      `json:"poll"`
	was          int                  // the flags before an edit
}

// attachmentRef names a file of this request by its number, or an attachment to keep by its ID.
type attachmentRef struct {
	ID          ID     `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description"`
}

func (c *call) messageBody() (*messageBody, error) { return c.decodeMessage(0) }

// editBody is the body of a change of a message, which stays of Components V2 if it was.
func (c *call) editBody(m *message) (*messageBody, error) { return c.decodeMessage(m.flags) }

func (c *call) decodeMessage(flags int) (*messageBody, error) {
	body := &messageBody{was: flags}
	if err := c.decode(body); err != nil {
		return nil, err
	}
	body.Content.v = strings.TrimSpace(body.Content.v)
	return body, body.check(len(c.files))
}

// check applies the limits; files is the number of files that came with the body.
func (b *messageBody) check(files int) error {
	f := &form{}
	f.length("content", b.Content.v, 0, 2000)
	checkEmbeds(f, b.Embeds.v)
	list, err := parseComponents(b.Components.v)
	if err != nil {
		return err
	}
	checkComponents(f, list, b.v2())
	if files > maxFiles {
		f.add("attachments", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
	}
	if b.v2() && (b.Content.v != "" || len(b.Embeds.v) > 0) {
		f.add("content", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
			"The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
	}
	b.checkMentions(f)
	b.checkNonce(f)
	return f.err()
}

func (b *messageBody) v2() bool { return (b.Flags.v|b.was)&flagV2 != 0 }

func (b *messageBody) checkMentions(f *form) {
	if b.Allowed == nil {
		return
	}
	for _, kind := range []struct {
		name string
		ids  []ID
	}{{"users", b.Allowed.Users}, {"roles", b.Allowed.Roles}} {
		if len(kind.ids) > 100 {
			f.add("allowed_mentions."+kind.name, "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
		}
		for i, parse := range b.Allowed.Parse {
			if parse == kind.name && len(kind.ids) > 0 {
				f.add(fmt.Sprintf("allowed_mentions.parse.%d", i), "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
					fmt.Sprintf("parse:[%q] and %s: [ids...] are mutually exclusive.", kind.name, kind.name))
			}
		}
	}
}

func (b *messageBody) checkNonce(f *form) {
	f.length("nonce", b.nonce(), 0, 25)
}

// nonce is the nonce as text, whether it came as string or number.
func (b *messageBody) nonce() string {
	raw := strings.Trim(string(b.Nonce), `"`)
	if raw == "null" {
		return ""
	}
	return raw
}

func (b *messageBody) empty(files int) bool {
	return b.Content.v == "" && len(b.Embeds.v) == 0 && emptyList(b.Components.v) && files == 0 &&
		len(b.Stickers) == 0 && len(b.Poll) == 0
}

func (b *messageBody) forwards() bool {
	return b.Reference != nil && b.Reference.Type == referenceForward
}

func emptyList(raw json.RawMessage) bool {
	return len(raw) == 0 || string(raw) == "null" || string(raw) == "[]"
}

func emptyMessage() error {
	return refuse(http.StatusBadRequest, 50006, "Cannot send an empty message")
}

// draft is the message that the body describes, from an author.
func (b *messageBody) draft(author *user, files []upload) draft {
	return draft{
		author: author.wire(), from: author, content: b.Content.v, embeds: b.Embeds.v, components: b.Components.v,
		flags: b.Flags.v & (flagSuppressEmbeds | flagEphemeral | flagV2 | 1<<12), files: files, described: b.Attachments.v,
		tts: b.TTS, allowed: b.Allowed, nonce: b.echoedNonce(),
	}
}

func (b *messageBody) echoedNonce() json.RawMessage {
	if b.nonce() == "" {
		return nil
	}
	return b.Nonce
}

// apply edits a message in place with the fields that are there.
func (b *messageBody) apply(s *Server, m *message, files []upload) error {
	content, embeds, components := b.Content.or(m.content), b.Embeds.or(m.embeds), b.Components.or(m.components)
	kept := m.attachments
	if b.Attachments.set {
		kept = keep(m.attachments, b.Attachments.v)
	}
	if content == "" && len(embeds) == 0 && emptyList(components) && len(kept)+len(files) == 0 {
		return emptyMessage()
	}
	added := s.store(m.channel.id, files)
	describe(added, files, b.Attachments.v)
	m.content, m.embeds, m.components = content, embeds, components
	m.attachments = append(kept, added...)
	if b.Flags.set {
		m.flags = m.flags&^flagSuppressEmbeds | b.Flags.v&(flagSuppressEmbeds|flagV2)
	}
	m.mentions = s.resolveMentions(m, s.user(m.author.ID), b.Allowed)
	return nil
}

func keep(list []attachment, refs []attachmentRef) []attachment {
	out := []attachment{}
	for _, a := range list {
		for _, ref := range refs {
			if ref.ID == a.ID {
				out = append(out, a)
			}
		}
	}
	return out
}
