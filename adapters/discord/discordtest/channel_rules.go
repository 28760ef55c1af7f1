package discordtest

import (
	"regexp"
	"strings"
	"sync"
)

const (
	maxGuildChannels  = 500
	maxParentChannels = 50
)

// checkParent refuses what is no category of the guild, and a full one.
func checkParent(f *form, g *guild, id ID) {
	if id == 0 {
		return
	}
	for _, ch := range g.channels {
		if ch.id != id {
			continue
		}
		if ch.kind != TypeCategory {
			f.add("parent_id", "CHANNEL_PARENT_INVALID_TYPE", "Not a category")
		} else if len(ch.children()) >= maxParentChannels {
			f.add("parent_id", "CHANNEL_PARENT_MAX_CHANNELS", "Maximum number of channels in category reached (50)")
		}
		return
	}
	f.add("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
}

var (
	spaces    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[\s]+`) })
	forbidden = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("[!\"#$%&'()*+,./:;<=>?@\\[\\\\\\]^`{|}~]+") })
)

// channelName is the name that Discord makes of the wanted one: text channels are lower-case and hyphened.
func channelName(kind int, name string) string {
	if kind == TypeCategory || kind == TypePublicThread || kind == TypePrivateThread || kind == TypeAnnouncementThread {
		return name
	}
	name = spaces().ReplaceAllString(strings.TrimSpace(name), "-")
	return forbidden().ReplaceAllString(strings.ToLower(name), "")
}
