package wire

import (
	"cmp"
	"context"
	"io"
	"path"
	"strings"
	"time"
)

// Message is a message as REST and the gateway give it.
type Message struct {
	ID        ID             `json:"id"`
	ChannelID ID             `json:"channel_id"`
	GuildID   ID             `json:"guild_id"`
	Author    *User          `json:"author"`
	Member    *Member        `json:"member"`
	Edited    *time.Time     `json:"edited_timestamp"`
	Type      int            `json:"type"`
	WebhookID ID             `json:"webhook_id"`
	Snapshots List[Snapshot] `json:"message_snapshots"`
	Answers   struct {
		MessageID ID `json:"message_id"`
	} `json:"message_reference"`
	Referenced Maybe[Message] `json:"referenced_message"` // that it answers, if it is still there
	Said
}

// Said is what a message shows, be it sent or forwarded.
type Said struct {
	Content     string           `json:"content"`
	Mentions    List[Mention]    `json:"mentions"`
	Attachments List[Attachment] `json:"attachments"`
	Stickers    List[Sticker]    `json:"sticker_items"`
	Embeds      List[Embed]      `json:"embeds"`
	Components  List[Shown]      `json:"components"`
	Poll        Maybe[Poll]      `json:"poll"`
}

// Shown is a component of a message as a reader sees it: of any kind, known or not.
type Shown struct {
	Content     string       `json:"content"`
	Label       string       `json:"label"`
	URL         string       `json:"url"`
	Placeholder string       `json:"placeholder"`
	Description string       `json:"description"`
	Name        string       `json:"name"`
	Items       List[Shown]  `json:"items"` // of a gallery
	Components  List[Shown]  `json:"components"`
	Accessory   Maybe[Shown] `json:"accessory"`
}

// Poll is a question with answers to choose from.
type Poll struct {
	Question PollMedia        `json:"question"`
	Answers  List[PollAnswer] `json:"answers"`
}

// PollAnswer is an answer of a poll.
type PollAnswer struct {
	Media PollMedia `json:"poll_media"`
}

// PollMedia is what a poll's question or answer shows.
type PollMedia struct {
	Text  string       `json:"text"`
	Emoji Maybe[Emoji] `json:"emoji"`
}

// The types of message that a person wrote; all others are Discord's notices.
const (
	MessageDefault = 0
	MessageReply   = 19
)

// Snapshot is a message that was forwarded.
type Snapshot struct {
	Message struct{ Said } `json:"message"`
}

// Mention is a user whom a message names.
type Mention struct {
	User
	Member *Member `json:"member"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID          ID     `json:"id"`
	Filename    string `json:"filename"`
	Title       string `json:"title"` // its name as it was, where Filename had to be changed
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	URL         string `json:"url"`
}

// Name is what people see.
func (a Attachment) Name() string {
	ending := path.Ext(a.Filename)
	if a.Title == "" || strings.HasSuffix(a.Title, ending) {
		return cmp.Or(a.Title, a.Filename)
	}
	return a.Title + ending
}

// Sticker is a sticker of a message.
type Sticker struct {
	ID   ID     `json:"id"`
	Name string `json:"name"`
}

// Deletion tells of messages that were deleted.
type Deletion struct {
	ID        ID   `json:"id"`
	IDs       []ID `json:"ids"`
	ChannelID ID   `json:"channel_id"`
	GuildID   ID   `json:"guild_id"`
}

// Post is a message that is sent or changed. AllowedMentions is always
// written: what is absent would let Discord ping everybody who is named.
type Post struct {
	Content         string          `json:"content"`
	Embeds          []Embed         `json:"embeds"`
	Components      []Component     `json:"components"`
	AllowedMentions AllowedMentions `json:"allowed_mentions"`
	Flags           int             `json:"flags,omitempty"`
	Nonce           string          `json:"nonce,omitempty"`
	EnforceNonce    bool            `json:"enforce_nonce,omitempty"`
	Reference       *Reference      `json:"message_reference,omitempty"`
	Files           []File          `json:"-"` // sent along; a change of a message keeps those that it had
	Refiles         bool            `json:"-"` // of a change: the message has Files then, and no others
}

// File is a file that is sent with a message.
type File struct {
	Name        string
	ContentType string
	Size        int64 // bytes, exactly
	Open        func(ctx context.Context) (io.ReadCloser, error)
}

// Ephemeral is the flag of a message that only the asking person sees.
const Ephemeral = 1 << 6

// Reference names the message that another one answers.
type Reference struct {
	MessageID       ID   `json:"message_id"`
	FailIfNotExists bool `json:"fail_if_not_exists"`
}

// AllowedMentions says whom a message may ping; the zero value: nobody.
type AllowedMentions struct {
	Parse []string `json:"parse"`
	Users []ID     `json:"users,omitempty"`
	Roles []ID     `json:"roles,omitempty"`
}

// Nobody pings nobody.
func Nobody() AllowedMentions { return AllowedMentions{Parse: []string{}} }

// Only pings one person.
func Only(user ID) AllowedMentions {
	a := Nobody()
	if user != "" {
		a.Users = []ID{user}
	}
	return a
}

// These pings people and the holders of roles.
func These(users, roles []ID) AllowedMentions {
	a := Nobody()
	a.Users, a.Roles = users, roles
	return a
}

// Embed is a framed part of a message.
type Embed struct {
	Type        string       `json:"type,omitempty"` // of one that is read
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	Color       int          `json:"color,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
}

// EmbedAuthor is the name and picture above an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a titled line of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

// EmbedFooter is the small print below an embed.
type EmbedFooter struct {
	Text string `json:"text"`
}
