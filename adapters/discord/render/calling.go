package render

import (
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/channel"
)

// Calling lets the first of the messages call those, and nobody else.
func Calling(posts []wire.Post, who channel.Called) []wire.Post {
	var users, roles []wire.ID
	var calls []string
	for _, p := range who.People {
		users, calls = append(users, wire.ID(p)), append(calls, mention(p))
	}
	for _, r := range who.Roles {
		roles, calls = append(roles, wire.ID(r)), append(calls, "<@&"+r+">")
	}
	if len(posts) > 0 && len(calls) > 0 {
		posts[0].Content, posts[0].AllowedMentions = strings.Join(calls, " "), wire.These(users, roles)
	}
	return posts
}
