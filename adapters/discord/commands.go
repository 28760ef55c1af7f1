package discord

import (
	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// slash is the vocabulary of a command: its name, which code knows it by, and
// the keys of what people read instead.
type slash struct {
	name    string
	nameKey string
	textKey string
}

// commands are all commands of the bot, in every language that it speaks.
func (a *Adapter) commands() []wire.Command {
	ticketWords := slash{"ticket", "discord.command.ticket", "discord.describe.ticket"}
	setupWords := slash{"setup", "discord.command.setup", "discord.describe.setup"}
	manage := wire.ManageGuild
	setup := a.slashCommand(setupWords,
		a.sub(slash{"team", "discord.command.team", "discord.describe.team"}, a.argument(
			wire.OptionRole, slash{"role", "discord.command.role", "discord.describe.role"}), a.teamArgument()),
		a.sub(slash{"panel", "discord.command.panel", "discord.describe.panel"}),
		a.sub(slash{"status", "discord.command.status", "discord.describe.status"}),
		a.sub(slash{"category", "discord.command.category", "discord.describe.setup_category"}, a.required(a.categoryArgument()), a.surfaceArgument()),
		a.sub(slash{"lost", "discord.command.lost", "discord.describe.lost"}, a.lossArgument()),
		a.sub(slash{"staff", "discord.command.staff", "discord.describe.staff"}, optional(a.queueArgument()), a.deskArgument()),
		a.sub(slash{"link", "discord.command.link", "discord.describe.link"}, a.argument(
			wire.OptionText, slash{"code", "discord.command.code", "discord.describe.code"})),
		a.keyCommands(),
	)
	setup.DefaultPermissions = &manage
	all := []wire.Command{setup, a.slashCommand(ticketWords, a.ticketCommands()...), a.searchCommand()}
	return append(all, a.loginCommands()...)
}

func (a *Adapter) searchCommand() wire.Command {
	query := a.argument(wire.OptionText, slash{"query", "discord.command.query", "discord.describe.query"})
	query.MaxLength = search.MaxText
	return a.slashCommand(slash{"search", "discord.command.search", "discord.describe.search"}, query)
}

func (a *Adapter) ticketCommands() []wire.CommandOption {
	who := a.argument(wire.OptionUser, slash{"member", "discord.command.member", "discord.describe.member"})
	tag := a.argument(wire.OptionText, slash{"word", "discord.command.word", "discord.describe.word"})
	tag.MaxLength, tag.Autocomplete = ticket.MaxTag, true
	tags := a.sub(slash{"tag", "discord.command.tag", "discord.describe.tag"},
		a.sub(slash{"add", "discord.command.add", "discord.describe.tag_add"}, tag),
		a.sub(slash{"remove", "discord.command.remove", "discord.describe.tag_remove"}, tag))
	tags.Type = wire.OptionGroup
	return []wire.CommandOption{
		a.sub(slash{"open", "discord.command.open", "discord.describe.open"}, a.categoryArgument()),
		a.sub(slash{"claim", "discord.command.claim", "discord.describe.claim"}),
		a.sub(slash{"resolve", "discord.command.resolve", "discord.describe.resolve"}),
		a.sub(slash{"confirm", "discord.command.confirm", "discord.describe.confirm"}),
		a.sub(slash{"close", "discord.command.close", "discord.describe.close"}),
		a.sub(slash{"reopen", "discord.command.reopen", "discord.describe.reopen"}, a.numberArgument()),
		a.sub(slash{"pending", "discord.command.pending", "discord.describe.pending"}),
		a.sub(slash{"hold", "discord.command.hold", "discord.describe.hold"}),
		a.sub(slash{"snooze", "discord.command.snooze", "discord.describe.snooze"}, a.lengthArgument()),
		a.sub(slash{"wake", "discord.command.wake", "discord.describe.wake"}),
		a.sub(slash{"assign", "discord.command.assign", "discord.describe.assign"}, who),
		a.sub(slash{"unassign", "discord.command.unassign", "discord.describe.unassign"}),
		a.sub(slash{"transfer", "discord.command.transfer", "discord.describe.transfer"}, a.queueArgument()),
		a.sub(slash{"priority", "discord.command.priority", "discord.describe.priority"}, a.levelArgument()),
		tags,
		a.fieldCommand(),
		a.sub(slash{"note", "discord.command.note", "discord.describe.note"}, a.argument(
			wire.OptionText, slash{"text", "discord.command.text", "discord.describe.text"})),
		a.sub(slash{"add", "discord.command.add", "discord.describe.add"}, who),
		a.sub(slash{"remove", "discord.command.remove", "discord.describe.remove"}, who),
		a.sub(slash{"info", "discord.command.info", "discord.describe.info"}, a.numberArgument()),
	}
}

func (a *Adapter) teamArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"team", "discord.command.team", "discord.describe.team_name"})
	o.Required, o.Autocomplete = false, true
	return o
}

// numberArgument names a ticket from another channel than its own.
func (a *Adapter) numberArgument() wire.CommandOption {
	o := a.argument(wire.OptionNumber, slash{"number", "discord.command.number", "discord.describe.number"})
	o.Required = false
	return o
}

func (a *Adapter) categoryArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"category", "discord.command.category", "discord.describe.category"})
	o.Required, o.Autocomplete = false, true
	return o
}

func (a *Adapter) required(o wire.CommandOption) wire.CommandOption {
	o.Required = true
	return o
}

func (a *Adapter) surfaceArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"place", "discord.command.place", "discord.describe.place"})
	for _, s := range category.Surfaces() {
		key := render.SurfaceKey(s)
		o.Choices = append(o.Choices, wire.Choice{Name: a.english(key), Names: a.translated(key), Value: string(s)})
	}
	return o
}

func (a *Adapter) lossArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"outcome", "discord.command.outcome", "discord.describe.outcome"})
	for _, p := range workspace.LossPolicies() {
		key := render.LossKey(p)
		o.Choices = append(o.Choices, wire.Choice{Name: a.english(key), Names: a.translated(key), Value: string(p)})
	}
	return o
}

func optional(o wire.CommandOption) wire.CommandOption {
	o.Required = false
	return o
}

func (a *Adapter) deskArgument() wire.CommandOption {
	o := optional(a.argument(wire.OptionText, slash{"state", "discord.command.state", "discord.describe.state"}))
	for _, c := range []struct{ state, key string }{{deskOn, "discord.state.on"}, {deskOff, "discord.state.off"}} {
		o.Choices = append(o.Choices, wire.Choice{Name: a.english(c.key), Names: a.translated(c.key), Value: c.state})
	}
	return o
}

func (a *Adapter) queueArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"queue", "discord.command.queue", "discord.describe.queue"})
	o.Autocomplete = true
	return o
}

func (a *Adapter) levelArgument() wire.CommandOption {
	o := a.argument(wire.OptionText, slash{"level", "discord.command.level", "discord.describe.level"})
	for _, l := range priority.Levels() {
		key := render.PriorityKey(l)
		o.Choices = append(o.Choices, wire.Choice{Name: a.english(key), Names: a.translated(key), Value: string(l)})
	}
	return o
}

func (a *Adapter) slashCommand(w slash, options ...wire.CommandOption) wire.Command {
	return wire.Command{
		Type: 1, Name: w.name, Names: a.translated(w.nameKey),
		Description: a.english(w.textKey), Descriptions: a.translated(w.textKey), Options: options,
		Contexts: []int{0}, IntegrationTypes: []int{0},
	}
}

func (a *Adapter) sub(w slash, options ...wire.CommandOption) wire.CommandOption {
	return wire.CommandOption{
		Type: wire.OptionCommand, Name: w.name, Names: a.translated(w.nameKey),
		Description: a.english(w.textKey), Descriptions: a.translated(w.textKey), Options: options,
	}
}

func (a *Adapter) argument(kind int, w slash) wire.CommandOption {
	o := a.sub(w)
	o.Type, o.Required = kind, true
	return o
}

func (a *Adapter) english(key string) string { return a.Catalogue.Text(locales.English, key, nil) }

// translated gives a text for each language that Discord offers and the
// catalogues have; English is the text itself.
func (a *Adapter) translated(key string) map[string]string {
	texts := a.Catalogue.In(key, wire.Locales())
	delete(texts, "en-US")
	delete(texts, "en-GB")
	if len(texts) == 0 {
		return nil
	}
	return texts
}
