package discordtest

import (
	"net/http"
	"slices"
	"strconv"
)

func (s *Server) routes(mux router) {
	s.appRoutes(mux)
	s.commandRoutes(mux)
	s.guildRoutes(mux)
	s.moderationRoutes(mux)
	s.channelRoutes(mux)
	s.threadRoutes(mux)
	s.messageRoutes(mux)
	s.pinRoutes(mux)
	s.webhookRoutes(mux)
	s.interactionRoutes(mux)
	s.route(mux, "/", needsToken, func(*call) (any, error) {
		return nil, refuse(http.StatusNotFound, 0, "404: Not Found")
	})
}

func (s *Server) appRoutes(mux router) {
	s.route(mux, "GET /gateway", needsNothing, func(c *call) (any, error) {
		return map[string]any{"url": c.s.GatewayURL()}, nil
	})
	s.route(mux, "GET /gateway/bot", needsToken, gatewayBot)
	s.route(mux, "GET /users/@me", needsToken, getMe)
	s.route(mux, "GET /users/@me/guilds", needsToken, myGuilds)
	s.route(mux, "POST /users/@me/channels", needsToken, openDM)
	s.route(mux, "GET /users/{user}", needsToken, getUser)
	s.route(mux, "GET /applications/@me", needsToken, getApplication)
	s.route(mux, "GET /oauth2/applications/@me", needsToken, getApplication)
}

// getMe is the bot as it sees itself, with more than others see.
func getMe(c *call) (any, error) {
	return struct {
		userJSON
		MFA    bool   `json:"mfa_enabled"`
		Locale string `json:"locale"`
	}{c.s.app.bot.wire(), false, c.s.app.bot.locale}, nil
}

func gatewayBot(c *call) (any, error) {
	return map[string]any{
		"url": c.s.GatewayURL(), "shards": 1,
		"session_start_limit": map[string]int{"total": 1000, "remaining": 1000, "reset_after": 86400000, "max_concurrency": 1},
	}, nil
}

func getApplication(c *call) (any, error) {
	app := c.s.app
	return map[string]any{
		"id": app.id, "name": app.bot.username, "icon": nil, "description": "", "bot_public": true,
		"bot_require_code_grant": false, "verify_key": "00", "flags": app.flags(), "team": nil, "bot": app.bot.wire(),
		"type": nil, "flags_new": strconv.Itoa(app.flags()), "redirect_uris": []string{}, "interactions_endpoint_url": nil,
		"role_connections_verification_url": nil, "approximate_user_install_count": 0,
		"approximate_user_authorization_count": 0, "explicit_content_filter": 0, "eligible_oauth2_scopes": []string{},
		"event_webhooks_status": 1, "integration_types_config": map[string]any{"0": map[string]any{}},
		"approximate_guild_count": len(c.s.botGuilds()), "owner": app.bot.wire(),
	}, nil
}

// flags say which privileged intents the application has; an unverified one has them as "limited".
func (a *application) flags() int {
	flags := 0
	for intent, flag := range map[Intent]int{IntentGuildPresences: 1 << 13, IntentGuildMembers: 1 << 15, IntentMessageContent: 1 << 19} {
		if a.granted.Has(intent) {
			flags |= flag
		}
	}
	return flags
}

func (s *Server) botGuilds() []*guild {
	var out []*guild
	for _, g := range s.guilds {
		if s.botIn(g) != nil {
			out = append(out, g)
		}
	}
	return out
}

func myGuilds(c *call) (any, error) {
	guilds := c.s.botGuilds()
	slices.SortFunc(guilds, func(a, b *guild) int { return int(int64(a.id) - int64(b.id)) })
	out := []map[string]any{}
	for _, g := range guilds {
		if g.id <= parseID(c.r.URL.Query().Get("after")) {
			continue
		}
		out = append(out, map[string]any{
			"id": g.id, "name": g.name, "icon": nil, "banner": nil, "owner": g.owner == c.s.app.bot, "features": []string{},
			"permissions": c.s.botIn(g).base(),
		})
	}
	return out[:min(len(out), c.limit(200, 200))], nil
}

func getUser(c *call) (any, error) {
	u := c.s.user(c.id("user"))
	if u == nil {
		return nil, notFound(10013, "User")
	}
	return u.wire(), nil
}

func openDM(c *call) (any, error) {
	var body struct {
		Recipient ID `json:"recipient_id"`
	}
	if err := c.decode(&body); err != nil {
		return nil, err
	}
	u := c.s.user(body.Recipient)
	if u == nil {
		return nil, badForm("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if u.bot {
		return nil, refuse(http.StatusBadRequest, 50007, "Cannot send messages to this user")
	}
	return c.s.dm(u).wire(), nil
}
