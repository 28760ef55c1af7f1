package wire

// Guild is a Discord server as GUILD_CREATE gives it.
type Guild struct {
	ID          ID            `json:"id"`
	Name        string        `json:"name"`
	OwnerID     ID            `json:"owner_id"`
	Locale      string        `json:"preferred_locale"`
	Unavailable bool          `json:"unavailable"`
	Roles       List[Role]    `json:"roles"`
	Channels    List[Channel] `json:"channels"`
	Members     List[Member]  `json:"members"`
	MemberCount int           `json:"member_count"`
}

// The types of channel that the adapter makes.
const (
	TypeText     = 0
	TypeCategory = 4
)

// Channel is a channel of a guild.
type Channel struct {
	ID         ID              `json:"id"`
	Type       int             `json:"type"`
	GuildID    ID              `json:"guild_id"`
	ParentID   ID              `json:"parent_id"`
	Name       string          `json:"name"`
	Topic      string          `json:"topic"`
	Overwrites List[Overwrite] `json:"permission_overwrites"`
	LastID     ID              `json:"last_message_id"`
}

// NewChannel is what it takes to make a channel.
type NewChannel struct {
	Name       string      `json:"name"`
	Type       int         `json:"type"`
	Topic      string      `json:"topic,omitempty"`
	ParentID   ID          `json:"parent_id,omitempty"`
	Overwrites []Overwrite `json:"permission_overwrites,omitempty"`
}

// Renaming changes a channel's name and topic.
type Renaming struct {
	Name  string `json:"name"`
	Topic string `json:"topic"`
}

// Application is the bot's own application.
type Application struct {
	ID    ID    `json:"id"`
	Flags int64 `json:"flags"`
}

// The application flags that tell which privileged intents are granted.
const (
	FlagMembers        = 1 << 14
	FlagMembersLimited = 1 << 15
	FlagContent        = 1 << 18
	FlagContentLimited = 1 << 19
)
