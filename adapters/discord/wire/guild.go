package wire

// Guild is a Discord server as GUILD_CREATE gives it.
type Guild struct {
	ID          ID           `json:"id"`
	Name        string       `json:"name"`
	OwnerID     ID           `json:"owner_id"`
	Locale      string       `json:"preferred_locale"`
	Unavailable bool         `json:"unavailable"`
	Roles       List[Role]   `json:"roles"`
	Channels    List[Newest] `json:"channels"`
	Threads     List[Newest] `json:"threads"` // those that are not archived
	Members     List[Member] `json:"members"`
	MemberCount int          `json:"member_count"`
	Tier        int          `json:"premium_tier"` // the level that its boosts reached, 0 to 3
}

// Newest tells which message is the newest of a channel; "" if it has none.
type Newest struct {
	ID     ID `json:"id"`
	LastID ID `json:"last_message_id"`
}

// Newest gives the newest message of each channel and thread that is told.
func (g *Guild) Newest() map[ID]ID {
	all := make(map[ID]ID, len(g.Channels)+len(g.Threads))
	for _, list := range []List[Newest]{g.Channels, g.Threads} {
		for _, n := range list {
			all[n.ID] = n.LastID
		}
	}
	return all
}

// The types of channel that the adapter makes or writes in.
const (
	TypeText               = 0
	TypeDM                 = 1
	TypeVoice              = 2
	TypeCategory           = 4
	TypeAnnouncement       = 5
	TypeAnnouncementThread = 10
	TypePublicThread       = 11
	TypePrivateThread      = 12
	TypeStage              = 13
	TypeForum              = 15
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
	OwnerID    ID              `json:"owner_id"`        // of a thread
	Thread     *ThreadState    `json:"thread_metadata"` // of a thread
}

// ThreadState is how a thread stands.
type ThreadState struct {
	Archived bool `json:"archived"`
	Locked   bool `json:"locked"`
}

// NewThread is what it takes to make a thread. A post in a forum is one with a
// first message.
type NewThread struct {
	Name      string `json:"name"`
	Type      int    `json:"type,omitempty"`
	Invitable *bool  `json:"invitable,omitempty"`
	Duration  int    `json:"auto_archive_duration,omitempty"` // minutes without a message until it is archived
	Message   *Post  `json:"message,omitempty"`
}

// ThreadChange changes a thread; nil stays.
type ThreadChange struct {
	Name     string `json:"name,omitempty"`
	Archived *bool  `json:"archived,omitempty"`
	Locked   *bool  `json:"locked,omitempty"`
}

// ThreadMember is somebody in a thread.
type ThreadMember struct {
	UserID ID `json:"user_id"`
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
