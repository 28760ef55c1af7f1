package discordtest

// Intent is a set of gateway intents.
type Intent int

// The intents that this server knows.
const (
	IntentGuilds                Intent = 1 << 0
	IntentGuildMembers          Intent = 1 << 1
	IntentGuildModeration       Intent = 1 << 2
	IntentGuildWebhooks         Intent = 1 << 5
	IntentGuildPresences        Intent = 1 << 8
	IntentGuildMessages         Intent = 1 << 9
	IntentGuildMessageReactions Intent = 1 << 10
	IntentDirectMessages        Intent = 1 << 12
	IntentDirectReactions       Intent = 1 << 13
	IntentMessageContent        Intent = 1 << 15
	IntentGuildPolls            Intent = 1 << 24
	IntentDirectPolls           Intent = 1 << 25

	privileged = IntentGuildMembers | IntentGuildPresences | IntentMessageContent
	// allIntents are the bits that Discord has given a meaning.
	allIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// Has reports whether all bits of want are in i.
func (i Intent) Has(want Intent) bool { return i&want == want }

// intentOf is what a session must have asked for to hear an event; 0 needs none.
func intentOf(name string, dm bool) Intent {
	switch name {
	case "MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "MESSAGE_DELETE_BULK":
		return either(dm, IntentDirectMessages, IntentGuildMessages)
	case "MESSAGE_REACTION_ADD", "MESSAGE_REACTION_REMOVE":
		return either(dm, IntentDirectReactions, IntentGuildMessageReactions)
	case "MESSAGE_POLL_VOTE_ADD", "MESSAGE_POLL_VOTE_REMOVE":
		return either(dm, IntentDirectPolls, IntentGuildPolls)
	case "CHANNEL_PINS_UPDATE":
		return either(dm, IntentDirectMessages, IntentGuilds)
	case "GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE", "GUILD_MEMBER_REMOVE":
		return IntentGuildMembers
	case "GUILD_BAN_ADD":
		return IntentGuildModeration
	case "WEBHOOKS_UPDATE":
		return IntentGuildWebhooks
	case "INTERACTION_CREATE", "GUILD_MEMBERS_CHUNK":
		return 0
	default:
		return IntentGuilds
	}
}

func either(dm bool, direct, guild Intent) Intent {
	if dm {
		return direct
	}
	return guild
}
