package hear

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// Names finds what Discord's IDs stand for; "" for what is not known.
type Names struct {
	User, Role, Channel func(wire.ID) string
}

// knowing adds the users whom a message names.
func (n Names) knowing(mentions []wire.Mention) Names {
	before := n.User
	n.User = func(id wire.ID) string {
		for i := range mentions {
			if m := &mentions[i]; m.ID == id {
				return m.Member.Name(&m.User)
			}
		}
		if before == nil {
			return ""
		}
		return before(id)
	}
	return n
}

// What stands for something whose name is not known, in Discord's own words.
const (
	unknownUser    = "unknown-user"
	unknownRole    = "unknown-role"
	unknownChannel = "unknown"
)

// code is what Discord shows as it is written.
var code = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("(?s)```.*?```|``[^`].*?``|`[^`\n]+`") })

// Plain replaces Discord's notation in a text by what people see. Code stays as
// it is written.
func (n Names) Plain(text string) string {
	if !strings.ContainsRune(text, '<') {
		return text
	}
	var b strings.Builder
	at := 0
	for _, span := range code().FindAllStringIndex(text, -1) {
		b.WriteString(n.plain(text[at:span[0]]))
		b.WriteString(text[span[0]:span[1]])
		at = span[1]
	}
	b.WriteString(n.plain(text[at:]))
	return b.String()
}

// notation is what Discord writes between angle brackets: users, roles,
// channels, commands, custom emoji, moments, places of the server, and addresses
// that shall have no preview.
var notation = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`<(?:@!?(\d{1,20})|@&(\d{1,20})|#(\d{1,20})|(/[^<>:\n]{1,110}):\d{1,20}|a?(:\w{1,64}:)\d{1,20}|t:(-?\d{1,17})(?::[tTdDfFRsS])?|id:([a-z-]{1,40})(?::\d+)?|(https?://[^<>\s]+))>`)
})

// The groups of notation.
const (
	user = iota + 1
	role
	channel
	command
	emoji
	moment
	spot
	address
)

func (n Names) plain(text string) string {
	return notation().ReplaceAllStringFunc(text, func(found string) string {
		g := notation().FindStringSubmatch(found)
		switch {
		case g[user] != "":
			return "@" + known(n.User, g[user], unknownUser)
		case g[role] != "":
			return "@" + known(n.Role, g[role], unknownRole)
		case g[channel] != "":
			return "#" + known(n.Channel, g[channel], unknownChannel)
		case g[moment] != "":
			return date(g[moment], found)
		case g[spot] != "":
			return "#" + g[spot]
		}
		return g[command] + g[emoji] + g[address]
	})
}

func known(find func(wire.ID) string, id, otherwise string) string {
	if find != nil {
		if name := find(wire.ID(id)); name != "" {
			return name
		}
	}
	return otherwise
}

// date writes a moment so that it means the same everywhere and always.
func date(seconds, otherwise string) string {
	const years = 8_640_000_000_000 // seconds; Discord shows nothing beyond
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n > years || n < -years {
		return otherwise
	}
	return time.Unix(n, 0).UTC().Format("2006-01-02 15:04 MST")
}
