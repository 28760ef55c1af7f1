package rest

import (
	"context"
	"net/http"
	"strconv"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// Me gives the bot's own user.
func (c *Client) Me(ctx context.Context) (*wire.User, error) {
	var u wire.User
	return &u, c.do(ctx, http.MethodGet, "/users/@me", nil, &u)
}

// Application gives the bot's own application.
func (c *Client) Application(ctx context.Context) (*wire.Application, error) {
	var a wire.Application
	return &a, c.do(ctx, http.MethodGet, "/applications/@me", nil, &a)
}

// Gateway gives the address of the gateway.
func (c *Client) Gateway(ctx context.Context) (string, error) {
	var out struct {
		URL string `json:"url"`
	}
	return out.URL, c.do(ctx, http.MethodGet, "/gateway/bot", nil, &out)
}

// Guild gives the guild with its roles, without channels and members.
func (c *Client) Guild(ctx context.Context, guild wire.ID) (*wire.Guild, error) {
	var g wire.Guild
	return &g, c.do(ctx, http.MethodGet, "/guilds/"+string(guild), nil, &g)
}

// Roles gives the guild's roles.
func (c *Client) Roles(ctx context.Context, guild wire.ID) ([]wire.Role, error) {
	var roles wire.List[wire.Role]
	return roles, c.do(ctx, http.MethodGet, "/guilds/"+string(guild)+"/roles", nil, &roles)
}

// Member gives a member of the guild.
func (c *Client) Member(ctx context.Context, guild, user wire.ID) (*wire.Member, error) {
	var m wire.Member
	return &m, c.do(ctx, http.MethodGet, "/guilds/"+string(guild)+"/members/"+string(user), nil, &m)
}

// MembersPage is how many members Members gives at most.
const MembersPage = 1000

// Members pages through the guild's members by ID. It takes the GUILD_MEMBERS intent.
func (c *Client) Members(ctx context.Context, guild, after wire.ID) ([]wire.Member, error) {
	var members wire.List[wire.Member]
	path := "/guilds/" + string(guild) + "/members?limit=" + strconv.Itoa(MembersPage)
	if after != "" {
		path += "&after=" + string(after)
	}
	return members, c.do(ctx, http.MethodGet, path, nil, &members)
}

// Commands gives the application's commands with all their translations.
func (c *Client) Commands(ctx context.Context, app wire.ID) ([]wire.Command, error) {
	var commands []wire.Command
	path := "/applications/" + string(app) + "/commands?with_localizations=true"
	return commands, c.do(ctx, http.MethodGet, path, nil, &commands)
}

// SetCommands replaces all of the application's commands.
func (c *Client) SetCommands(ctx context.Context, app wire.ID, commands []wire.Command) error {
	return c.do(ctx, http.MethodPut, "/applications/"+string(app)+"/commands", commands, nil)
}
