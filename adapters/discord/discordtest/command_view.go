package discordtest

import "slices"

// Command is a slash command as a person is offered it.
type Command struct {
	// Name is the whole of it, such as "/ticket open", in the person's language.
	Name        string
	Description string
	Options     []CommandOption
}

// CommandOption is one value that a command takes.
type CommandOption struct {
	Name        string
	Label       string // the name in the person's language
	Description string
	Type        int // as Discord numbers them: 3 text, 4 whole number, 5 yes or no, 6 person, 7 channel, 8 role, 10 number
	Required    bool
	Completed   bool // the bot suggests values
	Choices     []Choice
}

// CommandsFor are the slash commands that the person may run in the channel, sorted.
func (c *Channel) CommandsFor(who *Member) []Command {
	return look(c, func() []Command {
		var out []Command
		for _, known := range c.s.app.commands {
			scoped := known.GuildID == 0 || known.GuildID == c.c.guildID()
			if known.Type == commandSlash && scoped && c.s.mayInvoke(who, c.c, known) == nil {
				out = known.offered(out, who.u.locale)
			}
		}
		slices.SortFunc(out, func(a, b Command) int { return cmpText(a.Name, b.Name) })
		return out
	})
}

// MenuFor are the names of the commands in the menu of a message.
func (c *Channel) MenuFor(who *Member) []string {
	return look(c, func() []string {
		var out []string
		for _, known := range c.s.app.commands {
			scoped := known.GuildID == 0 || known.GuildID == c.c.guildID()
			if known.Type == commandMessage && scoped && c.s.mayInvoke(who, c.c, known) == nil {
				out = append(out, translated(known.Name, known.NameLocalizations, who.u.locale))
			}
		}
		return out
	})
}

func cmpText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func translated(text string, localized map[string]string, locale string) string {
	if other := localized[locale]; other != "" {
		return other
	}
	return text
}

func (c *command) offered(out []Command, locale string) []Command {
	name := "/" + translated(c.Name, c.NameLocalizations, locale)
	return unfold(out, name, translated(c.Description, c.DescriptionLocalizations, locale), c.Options, locale)
}

// unfold lists subcommands one by one.
func unfold(out []Command, name, description string, options []commandOption, locale string) []Command {
	if len(options) > 0 && options[0].Type <= optionGroup {
		for _, o := range options {
			inner := name + " " + translated(o.Name, o.NameLocalizations, locale)
			out = unfold(out, inner, translated(o.Description, o.DescriptionLocalizations, locale), o.Options, locale)
		}
		return out
	}
	one := Command{Name: name, Description: description}
	for _, o := range options {
		one.Options = append(one.Options, CommandOption{
			Name: o.Name, Label: translated(o.Name, o.NameLocalizations, locale), Type: o.Type, Required: o.Required,
			Description: translated(o.Description, o.DescriptionLocalizations, locale), Completed: o.Autocomplete, Choices: o.Choices,
		})
	}
	return append(out, one)
}
