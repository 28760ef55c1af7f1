package wire

// The types of component that the adapter uses.
const (
	TypeRow       = 1
	TypeButton    = 2
	TypeSelect    = 3
	TypeTextInput = 4
	TypeUserPick  = 5
	TypeLabel     = 18
)

// The styles of buttons.
const (
	Primary   = 1
	Secondary = 2
	Success   = 3
	Danger    = 4
)

// The styles of text inputs.
const (
	OneLine   = 1
	Paragraph = 2
)

// Component is a part of a message or modal that one can use.
type Component struct {
	Type        int         `json:"type"`
	CustomID    string      `json:"custom_id,omitempty"`
	Label       string      `json:"label,omitempty"`
	Style       int         `json:"style,omitempty"`
	Emoji       *Emoji      `json:"emoji,omitempty"`
	Placeholder string      `json:"placeholder,omitempty"`
	MinLength   *int        `json:"min_length,omitempty"`
	MaxLength   *int        `json:"max_length,omitempty"`
	MinValues   *int        `json:"min_values,omitempty"`
	MaxValues   *int        `json:"max_values,omitempty"`
	Required    *bool       `json:"required,omitempty"`
	Options     []Option    `json:"options,omitempty"`
	Components  []Component `json:"components,omitempty"`
	Component   *Component  `json:"component,omitempty"`
}

// Option is a choice of a select.
type Option struct {
	Label       string `json:"label"`
	Value       string `json:"value"`
	Description string `json:"description,omitempty"`
	Emoji       *Emoji `json:"emoji,omitempty"`
}

// Emoji is a Unicode emoji.
type Emoji struct {
	Name string `json:"name"`
}

// Row puts components beside each other.
func Row(parts ...Component) Component { return Component{Type: TypeRow, Components: parts} }

// Button is a button that tells the bot when it is used.
func Button(style int, customID, label string) Component {
	return Component{Type: TypeButton, Style: style, CustomID: customID, Label: label}
}

// Modal is a form that is shown to one person.
type Modal struct {
	CustomID   string      `json:"custom_id"`
	Title      string      `json:"title"`
	Components []Component `json:"components"`
}
