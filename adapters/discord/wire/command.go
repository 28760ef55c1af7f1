package wire

// The types of a command's options.
const (
	OptionCommand = 1
	OptionGroup   = 2
	OptionText    = 3
	OptionNumber  = 4 // a whole one
	OptionUser    = 6
	OptionRole    = 8
)

// Command is a slash command. Its JSON is the same for what is registered and
// for what Discord says is registered, so that both can be compared.
type Command struct {
	Type               int               `json:"type"`
	Name               string            `json:"name"`
	Names              map[string]string `json:"name_localizations,omitempty"`
	Description        string            `json:"description"`
	Descriptions       map[string]string `json:"description_localizations,omitempty"`
	Options            []CommandOption   `json:"options,omitempty"`
	DefaultPermissions *Permission       `json:"default_member_permissions,omitempty"`
	Contexts           []int             `json:"contexts,omitempty"`
	IntegrationTypes   []int             `json:"integration_types,omitempty"`
}

// CommandOption is a subcommand, a group of them, or an argument.
type CommandOption struct {
	Type         int               `json:"type"`
	Name         string            `json:"name"`
	Names        map[string]string `json:"name_localizations,omitempty"`
	Description  string            `json:"description"`
	Descriptions map[string]string `json:"description_localizations,omitempty"`
	Required     bool              `json:"required,omitempty"`
	Autocomplete bool              `json:"autocomplete,omitempty"`
	MaxLength    int               `json:"max_length,omitempty"`
	Choices      []Choice          `json:"choices,omitempty"`
	Options      []CommandOption   `json:"options,omitempty"`
}

// Choice is a value that is offered for an argument.
type Choice struct {
	Name  string            `json:"name"`
	Names map[string]string `json:"name_localizations,omitempty"`
	Value string            `json:"value"`
}

// Locales lists the languages that Discord offers its users.
func Locales() []string {
	return []string{
		"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl", "pt-BR",
		"ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja", "zh-TW", "ko",
	}
}
