package discord

import (
	"regexp"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

var userMention = regexp.MustCompile(`<@!?(\d+)>`)

// bodyOf gives what a message says as plain text: people who are mentioned by
// their names, and a line for each file and sticker. "" if nothing is known of
// what it says.
func bodyOf(m *wire.Message) string {
	parts := lines(named(m.Content, m.Mentions), m.Stickers)
	for _, s := range m.Snapshots {
		forwarded := lines(s.Message.Content, s.Message.Stickers)
		for line := range strings.SplitSeq(strings.Join(forwarded, "\n"), "\n") {
			parts = append(parts, "> "+line)
		}
	}
	body := []rune(strings.TrimSpace(strings.ReplaceAll(strings.Join(parts, "\n"), "\x00", "")))
	return string(body[:min(len(body), ticket.MaxBody)])
}

func lines(content string, stickers []wire.Sticker) []string {
	var parts []string
	if content != "" {
		parts = append(parts, content)
	}
	for _, s := range stickers {
		parts = append(parts, "🏷️ "+s.Name+" https://media.discordapp.net/stickers/"+string(s.ID)+".png")
	}
	return parts
}

func named(content string, mentions []wire.Mention) string {
	names := make(map[string]string, len(mentions))
	for _, m := range mentions {
		names[string(m.ID)] = m.Member.Name(&m.User)
	}
	return userMention.ReplaceAllStringFunc(content, func(found string) string {
		if name := names[userMention.FindStringSubmatch(found)[1]]; name != "" {
			return "@" + name
		}
		return found
	})
}
