package discordtest

import "encoding/json"

// Command types and option types, as Discord numbers them.
const (
	commandSlash   = 1
	commandUser    = 2
	commandMessage = 3

	optionSubcommand = 1
	optionGroup      = 2
	optionString     = 3
	optionInteger    = 4
	optionBoolean    = 5
	optionUser       = 6
	optionChannel    = 7
	optionRole       = 8
	optionMention    = 9
	optionNumber     = 10
	optionAttachment = 11
)

type command struct {
	ID                       ID                `json:"id"`
	ApplicationID            ID                `json:"application_id"`
	GuildID                  ID                `json:"guild_id,omitempty"`
	Version                  ID                `json:"version"`
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations"`
	Options                  []commandOption   `json:"options,omitempty"`
	DefaultMemberPermissions *Permission       `json:"default_member_permissions"`
	DMPermission             *bool             `json:"dm_permission,omitempty"`
	NSFW                     bool              `json:"nsfw"`
	IntegrationTypes         []int             `json:"integration_types,omitempty"`
	Contexts                 []int             `json:"contexts"`
}

type commandOption struct {
	Type                     int               `json:"type"`
	Name                     string            `json:"name"`
	NameLocalizations        map[string]string `json:"name_localizations,omitempty"`
	Description              string            `json:"description"`
	DescriptionLocalizations map[string]string `json:"description_localizations,omitempty"`
	Required                 bool              `json:"required,omitempty"`
	Choices                  []Choice          `json:"choices,omitempty"`
	Options                  []commandOption   `json:"options,omitempty"`
	ChannelTypes             []int             `json:"channel_types,omitempty"`
	MinValue                 *float64          `json:"min_value,omitempty"`
	MaxValue                 *float64          `json:"max_value,omitempty"`
	MinLength                *int              `json:"min_length,omitempty"`
	MaxLength                *int              `json:"max_length,omitempty"`
	Autocomplete             bool              `json:"autocomplete,omitempty"`
}

// Choice is one choice of a command option, or of an autocompletion.
type Choice struct {
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Value             any               `json:"value"`
}

// commandPatch is a change: what is absent stays.
type commandPatch struct{ raw json.RawMessage }

func (p commandPatch) apply(c command) (command, error) {
	id, app, guild, kind := c.ID, c.ApplicationID, c.GuildID, c.Type
	var probe map[string]json.RawMessage
	if err := json.Unmarshal(p.raw, &probe); err != nil {
		return c, badForm("", "BASE_TYPE_BAD_TYPE", err.Error())
	}
	if _, ok := probe["options"]; ok {
		c.Options = nil
	}
	if err := json.Unmarshal(p.raw, &c); err != nil {
		return c, badForm("", "BASE_TYPE_BAD_TYPE", err.Error())
	}
	c.ID, c.ApplicationID, c.GuildID, c.Type = id, app, guild, kind
	return c, nil
}
