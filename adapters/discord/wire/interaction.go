package wire

import "encoding/json"

// The types of interaction.
const (
	InteractionCommand   = 2
	InteractionComponent = 3
	InteractionComplete  = 4
	InteractionModal     = 5
)

// The types of answer to an interaction.
const (
	AnswerMessage  = 4
	AnswerDeferred = 5
	AnswerChoices  = 8
	AnswerModal    = 9
)

// Interaction is somebody using a command, a component or a modal.
type Interaction struct {
	ID            ID              `json:"id"`
	ApplicationID ID              `json:"application_id"`
	Type          int             `json:"type"`
	Token         string          `json:"token"`
	GuildID       ID              `json:"guild_id"`
	ChannelID     ID              `json:"channel_id"`
	Member        *Member         `json:"member"`
	User          *User           `json:"user"`
	Locale        string          `json:"locale"`
	GuildLocale   string          `json:"guild_locale"`
	Data          InteractionData `json:"data"`
	Message       *Message        `json:"message"` // on which a component was used
}

// InteractionData is what was used, and how.
type InteractionData struct {
	Name       string        `json:"name"`
	Options    []Argument    `json:"options"`
	Resolved   Resolved      `json:"resolved"`
	CustomID   string        `json:"custom_id"`
	Values     []string      `json:"values"`
	Components []FilledInput `json:"components"`
}

// Argument is an option of a command with its value, or a subcommand with its
// arguments.
type Argument struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Options []Argument      `json:"options"`
	Focused bool            `json:"focused"`
}

// Text is the argument's value as text, whatever its type.
func (a Argument) Text() string {
	var s string
	if json.Unmarshal(a.Value, &s) == nil {
		return s
	}
	return string(a.Value)
}

// Resolved are the people and roles that arguments name.
type Resolved struct {
	Users   map[ID]*User   `json:"users"`
	Members map[ID]*Member `json:"members"`
	Roles   map[ID]*Role   `json:"roles"`
}

// FilledInput is a part of a submitted modal: an input, or what holds inputs.
type FilledInput struct {
	CustomID   string        `json:"custom_id"`
	Value      string        `json:"value"`
	Values     []string      `json:"values"` // of a select
	Components []FilledInput `json:"components"`
	Component  *FilledInput  `json:"component"`
}

// Filled gives what was written into a modal and chosen in it, by custom ID.
func (d *InteractionData) Filled() map[string][]string {
	values := map[string][]string{}
	collect(d.Components, values)
	return values
}

func collect(parts []FilledInput, values map[string][]string) {
	for _, p := range parts {
		if p.CustomID != "" {
			values[p.CustomID] = p.Values
			if p.Values == nil {
				values[p.CustomID] = []string{p.Value}
			}
		}
		collect(p.Components, values)
		if p.Component != nil {
			collect([]FilledInput{*p.Component}, values)
		}
	}
}

// Person is who used it; nil if Discord did not say.
func (i *Interaction) Person() *User {
	if i.Member != nil && i.Member.User != nil {
		return i.Member.User
	}
	return i.User
}

// Answer is the first answer to an interaction.
type Answer struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

// Choices are what is offered while somebody types.
type Choices struct {
	Choices []Choice `json:"choices"`
}
