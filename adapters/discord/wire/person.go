package wire

// User is an account of Discord's.
type User struct {
	ID         ID     `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Avatar     string `json:"avatar"`
	Bot        bool   `json:"bot"`
}

// Member is a user in a guild. Within a message or a resolved option it comes
// without its user.
type Member struct {
	User        *User       `json:"user"`
	Nick        string      `json:"nick"`
	Avatar      string      `json:"avatar"`
	Roles       []ID        `json:"roles"`
	Permissions *Permission `json:"permissions"` // in interactions only
	GuildID     ID          `json:"guild_id"`    // in events only
}

// Role is a role of a guild.
type Role struct {
	ID          ID         `json:"id"`
	Name        string     `json:"name"`
	Permissions Permission `json:"permissions"`
	Managed     bool       `json:"managed"`
}

// Name is what others see of the user outside of a guild.
func (u *User) Name() string {
	if u.GlobalName != "" {
		return u.GlobalName
	}
	return u.Username
}

// Name is what others see of the user in the guild; m may be nil.
func (m *Member) Name(u *User) string {
	if m != nil && m.Nick != "" {
		return m.Nick
	}
	return u.Name()
}

const cdn = "https://cdn.discordapp.com/"

// AvatarURL is the user's picture, "" if they have none.
func (u *User) AvatarURL() string {
	if u.Avatar == "" {
		return ""
	}
	return cdn + "avatars/" + string(u.ID) + "/" + u.Avatar + ".png"
}

// AvatarURL is the user's picture in the guild, or else their own; m may be nil.
func (m *Member) AvatarURL(guild ID, u *User) string {
	if m == nil || m.Avatar == "" || guild == "" {
		return u.AvatarURL()
	}
	return cdn + "guilds/" + string(guild) + "/users/" + string(u.ID) + "/avatars/" + m.Avatar + ".png"
}

// RoleIDs are the member's roles, never nil; m may not be nil.
func (m *Member) RoleIDs() []string {
	ids := make([]string, 0, len(m.Roles))
	for _, r := range m.Roles {
		ids = append(ids, string(r))
	}
	return ids
}
