package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/domain/access"
)

// camilleAsks is a ticket from a command in French, up to its private channel.
func camilleAsks() []step {
	return []step{
		{"demo.step.opened", (*day).camilleOpens},
		{"demo.step.private", (*day).channelIsPrivate},
		{"demo.step.greeted", (*day).camilleIsGreeted},
	}
}

// camilleIsHelped is how that ticket is worked and ends.
func camilleIsHelped() []step {
	return []step{
		{"demo.step.claimed", (*day).nadiaClaims},
		{"demo.step.talked", (*day).theyTalk},
		{"demo.step.edited", (*day).camilleCorrects},
		{"demo.step.deleted", (*day).camilleRegrets},
		{"demo.step.note", (*day).nadiaNotes},
		{"demo.step.api_reply", (*day).omarAnswersByAPI},
		{"demo.step.resolved", (*day).nadiaResolves},
		{"demo.step.confirmed", (*day).camilleConfirms},
		{"demo.step.read_only", (*day).channelIsReadOnly},
	}
}

const (
	helloFromCamille = "Mon bateau ne démarre plus depuis la mise à jour."
	typoFromCamille  = "C’est la version 4.2 sur un Mca."
	fixFromCamille   = "C’est la version 4.2 sur un Mac."
	slipFromCamille  = "Mon mot de passe est hunter2, ça aide ?"
	askFromNadia     = "Quelle version utilises-tu ?"
	noteFromNadia    = "Known bug of 4.2, see the release notes."
	answerFromOmar   = "La 4.2.1 corrige cela : elle est disponible dès maintenant."
)

func (d *day) camilleOpens(ctx context.Context) (map[string]any, error) {
	err := d.opensByCommand(ctx, d.camille, "Le bateau ne démarre plus", helloFromCamille)
	return map[string]any{"Member": d.camille.Name(), "Number": d.tickets[d.camille.Name()]}, err
}

// camilles is the channel of her ticket.
func (d *day) camilles() *discordtest.Channel { return d.channelOf(d.tickets[d.camille.Name()]) }

// channelIsPrivate looks at the channel with everybody's eyes.
func (d *day) channelIsPrivate(ctx context.Context) (map[string]any, error) {
	c := d.camilles()
	err := d.until(ctx, "that only Camille and the team see the channel", func() bool {
		return c.SeenBy(d.camille) && c.SeenBy(d.nadia) && c.SeenBy(d.omar) && !c.SeenBy(d.sam) && !c.SeenBy(d.yuki)
	})
	return map[string]any{"Channel": "#" + c.Name(), "Viewers": strings.Join(c.Viewers(), ", ")}, err
}

func (d *day) camilleIsGreeted(ctx context.Context) (map[string]any, error) {
	m, err := d.camilles().WaitFor(ctx, "Bienvenue à bord, Camille")
	if err != nil {
		return nil, err
	}
	return map[string]any{"Text": firstLine(m, "Bienvenue")}, nil
}

// firstLine is the line of a message that has the words in it.
func firstLine(m *discordtest.Message, words string) string {
	for line := range strings.Lines(m.Text()) {
		if strings.Contains(line, words) {
			return strings.TrimSpace(line)
		}
	}
	return m.Text()
}

func (d *day) nadiaClaims(ctx context.Context) (map[string]any, error) {
	n := d.tickets[d.camille.Name()]
	return map[string]any{"Agent": "Nadia", "Number": n}, d.does(ctx, n, "Nadia as the assignee", d.button(ctx, d.nadia, d.camilles(), "claim"),
		func(h *history) bool { return h.Assignee != nil && h.Assignee.Name == "Nadia" && h.Status == "OPEN" })
}

// command runs a command in a channel.
func (d *day) command(ctx context.Context, who *discordtest.Member, c *discordtest.Channel, name string, args discordtest.Args) func() (*discordtest.Interaction, error) {
	return func() (*discordtest.Interaction, error) { return who.Runs(ctx, c, name, args), nil }
}

// button clicks the newest button in the channel that stands for the verb.
func (d *day) button(ctx context.Context, who *discordtest.Member, c *discordtest.Channel, verb string) func() (*discordtest.Interaction, error) {
	return func() (*discordtest.Interaction, error) { return d.presses(ctx, who, c, verb) }
}

func (d *day) presses(ctx context.Context, who *discordtest.Member, c *discordtest.Channel, verb string) (*discordtest.Interaction, error) {
	var found *pressable
	looking, cancel := context.WithTimeout(ctx, answerPatience)
	defer cancel()
	err := d.until(looking, fmt.Sprintf("a button to %s in #%s", verb, c.Name()), func() bool {
		found = newestButton(c.Messages(), verb)
		return found != nil
	})
	if err != nil {
		return nil, err
	}
	return who.Clicks(ctx, found.message, found.button), nil
}

// pressable is a button by its custom ID.
type pressable struct {
	message *discordtest.Message
	button  string
}

// newestButton finds the last button that stands for the verb; nil if there is none.
func newestButton(messages []*discordtest.Message, verb string) *pressable {
	for _, m := range slices.Backward(messages) {
		for _, row := range m.Components {
			for _, b := range row.Components {
				if strings.Contains(b.CustomID, verb) && !b.Disabled {
					return &pressable{m, b.CustomID}
				}
			}
		}
	}
	return nil
}

func (d *day) theyTalk(ctx context.Context) (map[string]any, error) {
	c, n := d.camilles(), d.tickets[d.camille.Name()]
	if _, err := d.nadia.Posts(c, askFromNadia); err != nil {
		return nil, err
	}
	var err error
	if d.corrected, err = d.camille.Posts(c, typoFromCamille); err != nil {
		return nil, err
	}
	if d.regretted, err = d.camille.Posts(c, slipFromCamille); err != nil {
		return nil, err
	}
	return nil, d.recorded(ctx, n, "what they said", func(h *history) bool {
		return h.has("MessagePosted", askFromNadia) && h.has("MessagePosted", typoFromCamille) && h.has("MessagePosted", slipFromCamille)
	})
}

func (d *day) camilleCorrects(ctx context.Context) (map[string]any, error) {
	if err := d.camille.Edits(d.corrected, fixFromCamille); err != nil {
		return nil, err
	}
	return map[string]any{"Text": fixFromCamille}, d.recorded(ctx, d.tickets[d.camille.Name()], "the corrected text", func(h *history) bool {
		return h.has("MessageEdited", fixFromCamille)
	})
}

func (d *day) camilleRegrets(ctx context.Context) (map[string]any, error) {
	if err := d.camille.Deletes(d.regretted); err != nil {
		return nil, err
	}
	return nil, d.recorded(ctx, d.tickets[d.camille.Name()], "the deletion", func(h *history) bool {
		return h.has("MessageDeleted", "") && !h.has("MessagePosted", slipFromCamille)
	})
}

// nadiaNotes writes among staff; nobody sees it in the channel.
func (d *day) nadiaNotes(ctx context.Context) (map[string]any, error) {
	writes := d.command(ctx, d.nadia, d.camilles(), "/ticket note", discordtest.Args{"text": noteFromNadia})
	err := d.does(ctx, d.tickets[d.camille.Name()], "the note", writes, func(h *history) bool {
		return h.has("NoteAdded", noteFromNadia)
	})
	if d.camilles().Find(noteFromNadia) != nil {
		err = notSeen("that the note stays among staff")
	}
	return nil, err
}

// omarAnswersByAPI is an agent who is not on Discord at all at that moment.
func (d *day) omarAnswersByAPI(ctx context.Context) (map[string]any, error) {
	return map[string]any{"Agent": "Omar", "Text": answerFromOmar}, d.answersByAPI(ctx, "Omar", d.tickets[d.camille.Name()], answerFromOmar)
}

// answersByAPI lets an agent answer a ticket through GraphQL, and waits until
// that shows in its channel with their name.
func (d *day) answersByAPI(ctx context.Context, agent string, n int64, answer string) error {
	id, err := d.memberID(ctx, agent)
	if err != nil {
		return err
	}
	by, err := d.as(ctx, access.RoleAgent, id)
	if err != nil {
		return err
	}
	h, err := d.history(ctx, n)
	if err != nil {
		return err
	}
	err = d.insists(ctx, func() error {
		return by.change(ctx,
			`mutation($t: ID!, $b: String!) { result: replyToTicket(input: {ticketId: $t, body: $b}) { userErrors { code message } } }`,
			map[string]any{"t": h.ID, "b": answer})
	}, func() bool {
		h, err := d.history(ctx, n)
		return err == nil && h.has("MessagePosted", answer)
	})
	if err != nil {
		return err
	}
	m, err := d.channelOf(n).WaitFor(ctx, answer)
	if err == nil && !strings.Contains(m.Text(), agent) {
		err = notSeen("%s’s name on their answer", agent)
	}
	return err
}

func (d *day) memberID(ctx context.Context, name string) (string, error) {
	admin, err := d.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return "", err
	}
	var out struct {
		Members struct{ Nodes []struct{ ID string } }
	}
	err = admin.ask(ctx, `query($n: String!) { members(where: {name: {contains: $n}}, first: 1) { nodes { id } } }`,
		map[string]any{"n": name}, &out)
	if err == nil && len(out.Members.Nodes) == 0 {
		err = notSeen("%s among the members", name)
	}
	if err != nil {
		return "", err
	}
	return out.Members.Nodes[0].ID, nil
}

func (d *day) nadiaResolves(ctx context.Context) (map[string]any, error) {
	resolves := d.command(ctx, d.nadia, d.camilles(), "/ticket resolve", nil)
	return map[string]any{"Agent": "Nadia"}, d.resolves(ctx, d.camille, resolves)
}

// resolves lets an agent resolve the ticket of who asked, who is then asked in turn.
func (d *day) resolves(ctx context.Context, asker *discordtest.Member, ask func() (*discordtest.Interaction, error)) error {
	if err := d.moves(ctx, asker, "RESOLVED", ask); err != nil {
		return err
	}
	return d.until(ctx, "the question whether it is solved", func() bool {
		last := d.channelOf(d.tickets[asker.Name()]).Last()
		return last != nil && newestButton([]*discordtest.Message{last}, "confirm") != nil
	})
}

// moves lets somebody bring the ticket of who asked to a status.
func (d *day) moves(ctx context.Context, asker *discordtest.Member, status string, ask func() (*discordtest.Interaction, error)) error {
	return d.does(ctx, d.tickets[asker.Name()], "the status "+status, ask, func(h *history) bool { return h.Status == status })
}

func (d *day) camilleConfirms(ctx context.Context) (map[string]any, error) {
	return map[string]any{"Member": "Camille"}, d.moves(ctx, d.camille, "CLOSED", d.button(ctx, d.camille, d.camilles(), "confirm"))
}

func (d *day) channelIsReadOnly(ctx context.Context) (map[string]any, error) {
	c := d.camilles()
	return map[string]any{"Channel": "#" + c.Name()}, d.until(ctx, "that nobody writes in the closed channel", func() bool {
		return c.SeenBy(d.camille) && !c.CanSend(d.camille) && !c.CanSend(d.nadia)
	})
}
