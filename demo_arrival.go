package main

import (
	"context"
	"errors"

	"github.com/ticketsys/ticketsys/domain/access"
)

// arrival is how the helpdesk comes into the community.
func arrival() []step {
	return []step{
		{"demo.step.joined", (*day).botJoins},
		{"demo.step.greeting_set", (*day).greetingIsSet},
		{"demo.step.panel", (*day).panelIsPosted},
	}
}

// botJoins invites the bot; it is there when people are offered its commands.
func (d *day) botJoins(ctx context.Context) (map[string]any, error) {
	d.guild.AddBot()
	args := map[string]any{"Guild": d.guild.Name()}
	return args, d.until(ctx, "the command /ticket", func() bool { return d.guild.Offers(d.camille, "/ticket open") })
}

const categoryQuery = `{ categories(where: {intent: {eq: SUPPORT}}) { nodes {
  id intent queue { id } priority emoji position
  names { locale text } descriptions { locale text }
  form { key style purpose required minLength maxLength labels { locale text } placeholders { locale text } }
} } }`

// greetings are what the community's admin wants said, in three languages.
func greetings() []map[string]string {
	return []map[string]string{
		{"locale": "en", "text": "Welcome aboard, {{requester}}! This is ticket #{{number}} about “{{subject}}”. Somebody from the crew will answer here."},
		{"locale": "fr", "text": "Bienvenue à bord, {{requester}} ! Voici le ticket n° {{number}} : « {{subject}} ». L’équipage vous répondra ici."},
		{"locale": "ja", "text": "{{requester}}さん、ようこそ！「{{subject}}」についてのチケット #{{number}} です。担当者がここでお返事します。"},
	}
}

// greetingIsSet lets an admin write the Support category's greeting through
// GraphQL, leaving all else of the category as it is.
func (d *day) greetingIsSet(ctx context.Context) (map[string]any, error) {
	admin, err := d.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return nil, err
	}
	var out struct {
		Categories struct{ Nodes []map[string]any }
	}
	if err := admin.ask(ctx, categoryQuery, nil, &out); err != nil {
		return nil, err
	}
	if len(out.Categories.Nodes) == 0 {
		return nil, errors.New("there is no support category")
	}
	c := out.Categories.Nodes[0]
	if queue, ok := c["queue"].(map[string]any); ok {
		c["queueId"] = queue["id"]
	}
	delete(c, "queue")
	c["greetings"] = greetings()
	return nil, d.insists(ctx, func() error {
		return admin.change(ctx,
			`mutation($input: SaveCategoryInput!) { result: saveCategory(input: $input) { userErrors { code message } } }`,
			map[string]any{"input": c})
	}, never)
}

// panelIsPosted puts buttons into the lobby.
func (d *day) panelIsPosted(ctx context.Context) (map[string]any, error) {
	there := func() bool {
		for _, m := range d.lobby.Messages() {
			if len(m.Components) > 0 {
				d.panel = m
			}
		}
		return d.panel != nil
	}
	err := d.insists(ctx, func() error { return answered(ctx, d.olga.Runs(ctx, d.lobby, "/setup panel", nil)) }, there)
	if err == nil {
		err = d.until(ctx, "a panel in the lobby", there)
	}
	return map[string]any{"Channel": "#" + d.lobby.Name()}, err
}
