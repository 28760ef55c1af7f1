package discordtest

import (
	"slices"
	"time"
)

func (s *Server) threadListRoutes(mux router) {
	s.route(mux, "GET /guilds/{guild}/threads/active", needsToken, activeThreads)
	s.route(mux, "GET /channels/{channel}/threads/archived/public", needsToken, archivedThreads(TypePublicThread, PermReadHistory))
	s.route(mux, "GET /channels/{channel}/threads/archived/private", needsToken,
		archivedThreads(TypePrivateThread, PermReadHistory|PermManageThreads))
	s.route(mux, "GET /channels/{channel}/users/@me/threads/archived/private", needsToken, joinedThreads)
}

func activeThreads(c *call) (any, error) {
	g, bot, err := c.guild(0)
	if err != nil {
		return nil, err
	}
	var list []*channel
	for _, ch := range slices.Backward(g.channels) {
		if ch.isThread() && !ch.thread.archived && c.s.sees(bot.user, ch) {
			list = append(list, ch)
		}
	}
	return map[string]any{"threads": c.s.channelsWire(list), "members": c.s.ownMemberships(list), "has_more": false}, nil
}

// archivedThreads lists by the time of archiving, newest first.
func archivedThreads(kind int, need Permission) handle {
	return func(c *call) (any, error) {
		ch, err := c.channel(need)
		if err != nil {
			return nil, err
		}
		before, err := c.before()
		if err != nil {
			return nil, err
		}
		list := ch.archived(func(t *channel) bool {
			fits := t.kind == kind || kind == TypePublicThread && t.kind == TypeAnnouncementThread
			return fits && (before.IsZero() || t.thread.changed.Before(before))
		})
		slices.SortStableFunc(list, func(a, b *channel) int { return b.thread.changed.Compare(a.thread.changed) })
		return c.threadPage(list), nil
	}
}

// joinedThreads lists the private threads that the bot is in by ID, newest first.
func joinedThreads(c *call) (any, error) {
	ch, err := c.channel(PermReadHistory)
	if err != nil {
		return nil, err
	}
	before := parseID(c.r.URL.Query().Get("before"))
	list := ch.archived(func(t *channel) bool {
		return t.kind == TypePrivateThread && c.s.inThread(t) && (before == 0 || t.id < before)
	})
	slices.Reverse(list)
	return c.threadPage(list), nil
}

func (ch *channel) archived(fits func(*channel) bool) []*channel {
	var out []*channel
	for _, t := range ch.children() {
		if t.isThread() && t.thread.archived && fits(t) {
			out = append(out, t)
		}
	}
	return out
}

func (c *call) before() (time.Time, error) {
	text := c.r.URL.Query().Get("before")
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, badForm("before", "DATETIME_TYPE_INVALID", "Could not parse "+text)
	}
	return at, nil
}

func (c *call) threadPage(list []*channel) map[string]any {
	limit := c.limit(50, 100)
	more := len(list) > limit
	list = list[:min(len(list), limit)]
	return map[string]any{"threads": c.s.channelsWire(list), "members": c.s.ownMemberships(list), "has_more": more}
}
