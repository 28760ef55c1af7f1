package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/domain/access"
)

// story is the whole life of one ticket in a day's community: every step of it
// is seen to have happened, in the history and on Discord, before the next.
type story struct {
	*day
	lena, theo  *discordtest.Member // who asks, and whom she wants beside her
	iris        *discordtest.Member // of the team that the ticket goes to
	engineers   *discordtest.Role
	wrong, slip *discordtest.Message
	bridge      *discordtest.Channel // where the team is told of what is urgent
	// inStore lets something be done in the program's database past the program.
	inStore func(context.Context, func(*sqlstore.Store) error) error
}

const (
	repairs         = "Repairs"
	subjectOfLena   = "L’ancre est coincée"
	bodyOfLena      = "Elle ne remonte plus depuis hier."
	wrongFromLena   = "C’est l’encre de babord."
	rightFromLena   = "C’est l’ancre de bâbord."
	slipFromLena    = "Mon numéro est le 555-0100."
	answerFromIris  = "Un plongeur passera demain matin."
	lastFromLena    = "Elle remonte de nouveau, merci à tous."
	greetingForLena = "Bienvenue à bord, Lena"
)

// newStory brings the people of the story into the day's guild.
func newStory(d *day) *story {
	s := &story{day: d, engineers: d.guild.Role("Engineers")}
	s.lena = d.guild.Member("Lena", discordtest.Locale("fr"))
	s.theo = d.guild.Member("Theo", discordtest.Locale("fr"))
	s.iris = d.guild.Member("Iris", s.engineers, discordtest.Locale("en-US"))
	d.others = []*discordtest.Member{s.lena, s.theo, s.iris}
	return s
}

// act is a step of the story.
type act struct {
	name string
	do   func(s *story, ctx context.Context) error
}

// told are the steps of the story, in order.
func told() []act {
	return []act{
		{"open", (*story).opensIt},
		{"greet", (*story).isGreeted},
		{"card", (*story).seesTheCard},
		{"claim", (*story).isClaimed},
		{"reply in", (*story).writes},
		{"edit", (*story).corrects},
		{"delete", (*story).regrets},
		{"transfer", (*story).isTransferred},
		{"alert", (*story).isUrgent},
		{"reply out", (*story).isAnswered},
		{"add", (*story).isJoined},
		{"resolve", (*story).isResolved},
		{"close", (*story).isClosed},
		{"reopen", (*story).isReopened},
		{"end", (*story).ends},
		{"remove", (*story).isOver},
	}
}

// steps are the story as steps of a day.
func (s *story) steps() []step {
	var all []step
	for _, a := range told() {
		all = append(all, step{key: a.name, do: func(_ *day, ctx context.Context) (map[string]any, error) { return nil, a.do(s, ctx) }})
	}
	return all
}

func (s *story) number() int64 { return s.tickets[s.lena.Name()] }

func (s *story) place() *discordtest.Channel { return s.channelOf(s.number()) }

func (s *story) opensIt(ctx context.Context) error {
	return s.opensByCommand(ctx, s.lena, subjectOfLena, bodyOfLena)
}

func (s *story) isGreeted(ctx context.Context) error {
	_, err := s.place().WaitFor(ctx, greetingForLena)
	return err
}

func (s *story) seesTheCard(ctx context.Context) error {
	_, err := s.place().WaitFor(ctx, bodyOfLena)
	return err
}

func (s *story) isClaimed(ctx context.Context) error {
	claims := s.button(ctx, s.nadia, s.place(), "claim")
	err := s.does(ctx, s.number(), "Nadia as the assignee", claims, func(h *history) bool {
		return h.Assignee != nil && h.Assignee.Name == "Nadia" && h.Status == "OPEN"
	})
	if err != nil {
		return err
	}
	return s.until(ctx, "Nadia on the card", func() bool {
		card := s.place().Find(bodyOfLena)
		return card != nil && strings.Contains(card.Text(), "Nadia")
	})
}

func (s *story) writes(ctx context.Context) error {
	var err error
	if s.wrong, err = s.lena.Posts(s.place(), wrongFromLena); err != nil {
		return err
	}
	nextMillisecond()
	if s.slip, err = s.lena.Posts(s.place(), slipFromLena); err != nil {
		return err
	}
	return s.recorded(ctx, s.number(), "what Lena wrote", func(h *history) bool {
		return h.has("MessagePosted", wrongFromLena) && h.has("MessagePosted", slipFromLena)
	})
}

// nextMillisecond lets two messages be of different moments, as people's are.
func nextMillisecond() {
	for now := time.Now().UnixMilli(); time.Now().UnixMilli() == now; {
	}
}

func (s *story) corrects(ctx context.Context) error {
	if err := s.lena.Edits(s.wrong, rightFromLena); err != nil {
		return err
	}
	return s.recorded(ctx, s.number(), "the corrected text", func(h *history) bool { return h.has("MessageEdited", rightFromLena) })
}

func (s *story) regrets(ctx context.Context) error {
	if err := s.lena.Deletes(s.slip); err != nil {
		return err
	}
	return s.recorded(ctx, s.number(), "the deletion", func(h *history) bool { return h.has("MessageDeleted", "") })
}

// isTransferred brings the ticket to a queue that another team serves.
func (s *story) isTransferred(ctx context.Context) error {
	moves := s.command(ctx, s.nadia, s.place(), "/ticket transfer", discordtest.Args{"queue": repairs})
	err := s.does(ctx, s.number(), "the transfer", moves, func(h *history) bool { return h.has("TicketTransferred", repairs) })
	if err != nil {
		return err
	}
	return s.until(ctx, "that the new team sees the channel and the old does not", func() bool {
		return s.place().SeenBy(s.iris) && !s.place().SeenBy(s.nadia) && !s.place().SeenBy(s.omar)
	})
}

func (s *story) isAnswered(ctx context.Context) error {
	return s.answersByAPI(ctx, "Iris", s.number(), answerFromIris)
}

func (s *story) isJoined(ctx context.Context) error {
	adds := s.command(ctx, s.iris, s.place(), "/ticket add", discordtest.Args{"member": s.theo})
	err := s.does(ctx, s.number(), "Theo", adds, func(h *history) bool { return h.has("ParticipantAdded", "Theo") })
	if err != nil {
		return err
	}
	return s.until(ctx, "that Theo sees the channel", func() bool { return s.place().CanSend(s.theo) })
}

func (s *story) isResolved(ctx context.Context) error {
	return s.resolves(ctx, s.lena, s.button(ctx, s.iris, s.place(), "resolve"))
}

func (s *story) isClosed(ctx context.Context) error {
	if err := s.moves(ctx, s.lena, "CLOSED", s.button(ctx, s.lena, s.place(), "confirm")); err != nil {
		return err
	}
	return s.until(ctx, "that nobody writes in the closed channel, which says so", func() bool {
		last := s.place().Last()
		return !s.place().CanSend(s.lena) && !s.place().CanSend(s.theo) && newestButton([]*discordtest.Message{last}, "confirm") == nil &&
			newestButton([]*discordtest.Message{last}, "reopen") != nil
	})
}

func (s *story) isReopened(ctx context.Context) error {
	reopens := s.button(ctx, s.lena, s.place(), "reopen")
	err := s.does(ctx, s.number(), "that it was reopened", reopens, func(h *history) bool {
		return h.Status == "OPEN" && h.has("TicketReopened", "Lena")
	})
	if err != nil {
		return err
	}
	return s.until(ctx, "that people write again and nothing asks", func() bool {
		last := s.place().Last()
		return s.place().CanSend(s.lena) && s.place().CanSend(s.theo) && newestButton([]*discordtest.Message{last}, "reopen") == nil
	})
}

// ends is what shows that the ticket goes on.
func (s *story) ends(ctx context.Context) error {
	if _, err := s.lena.Posts(s.place(), lastFromLena); err != nil {
		return err
	}
	return s.recorded(ctx, s.number(), "her last word", func(h *history) bool { return h.has("MessagePosted", lastFromLena) })
}

// engineersServe makes the queue that only Iris's team serves, and the category in
// which the ticket ends.
func (s *story) engineersServe(ctx context.Context) error {
	admin, err := s.as(ctx, access.RoleAdmin, "")
	if err != nil {
		return err
	}
	err = s.eventually(ctx, "the first team's roles", func() bool { found, err := s.crewServes(ctx, admin); return err == nil && found })
	if err != nil {
		return err
	}
	err = s.insists(ctx, func() error {
		return admin.change(ctx, `mutation($n: String!) { result: saveQueue(input: {name: $n}) { userErrors { code message } } }`,
			map[string]any{"n": repairs})
	}, func() bool { id, err := s.repairsQueue(ctx, admin); return err == nil && id != "" })
	if err != nil {
		return err
	}
	queue, err := s.repairsQueue(ctx, admin)
	if err != nil {
		return err
	}
	err = s.insists(ctx, func() error {
		return admin.change(ctx,
			`mutation($n: String!, $q: ID!, $r: String!) {
				result: saveTeam(input: {name: $n, queueIds: [$q], roles: [{channel: DISCORD, externalId: $r}]}) { userErrors { code message } }
			}`, map[string]any{"n": "Engineers", "q": queue, "r": s.engineers.ID().String()})
	}, func() bool { there, err := s.engineersAreThere(ctx, admin); return err == nil && there })
	if err != nil {
		return err
	}
	if err := s.farewellsAre(ctx, admin, queue); err != nil {
		return err
	}
	s.iris.IsCalled("Iris") // which makes her known
	err = s.eventually(ctx, "Iris as a member", func() bool { _, err := s.memberID(ctx, "Iris"); return err == nil })
	if err != nil {
		return err
	}
	return s.bridgeIsManned(ctx, admin)
}

// crewServes reports whether the guild's first visit found the roles of the first
// team, which it does not do any more once somebody named roles for another.
func (s *story) crewServes(ctx context.Context, admin client) (bool, error) {
	var out struct {
		Teams struct {
			Nodes []struct{ Roles []struct{ ExternalID string } }
		}
	}
	err := admin.ask(ctx, `{ teams(first: 1) { nodes { roles { externalId } } } }`, nil, &out)
	return len(out.Teams.Nodes) > 0 && len(out.Teams.Nodes[0].Roles) > 0, err
}

// repairsQueue is the queue as the API knows it, "" if it is not there.
func (s *story) repairsQueue(ctx context.Context, admin client) (string, error) {
	var out struct {
		Queues struct{ Nodes []struct{ ID, Name string } }
	}
	err := admin.ask(ctx, `{ queues(first: 100) { nodes { id name } } }`, nil, &out)
	for _, q := range out.Queues.Nodes {
		if q.Name == repairs {
			return q.ID, err
		}
	}
	return "", err
}

func (s *story) engineersAreThere(ctx context.Context, admin client) (bool, error) {
	var out struct {
		Teams struct{ Nodes []struct{ Name string } }
	}
	err := admin.ask(ctx, `{ teams(first: 100) { nodes { name } } }`, nil, &out)
	return slices.ContainsFunc(out.Teams.Nodes, func(t struct{ Name string }) bool { return t.Name == "Engineers" }), err
}

// eventually waits for a condition on the program's side.
func (d *day) eventually(ctx context.Context, what string, holds func() bool) error {
	again := time.NewTicker(firstReading)
	defer again.Stop()
	for !holds() {
		select {
		case <-ctx.Done():
			return notSeen("%s", what)
		case <-again.C:
		}
	}
	return nil
}
