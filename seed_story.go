package main

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// seedSpacing is how long after one ticket the next is opened, on average.
const seedSpacing = 4 * time.Minute

// seedFresh is how many of the newest tickets may still be worked on, of a hundred.
const seedFresh = 5

// seedStory is a ticket's life as it is made up.
type seedStory struct {
	*seeding
	*ticket.Ticket
	now       time.Time
	requester *member.Member
	agent     *member.Member
	language  seedLanguage
}

// ticket makes the i-th ticket, with its life up to the plan's end.
func (s *seeding) ticket(i int) (*ticket.Ticket, error) {
	opened := s.plan.until.Add(-time.Duration(s.plan.tickets-1-i) * seedSpacing)
	requester := s.people.members[s.rand.IntN(len(s.people.members))]
	st := &seedStory{
		seeding: s, now: opened, requester: requester,
		agent: s.people.agents[s.rand.IntN(len(s.people.agents))], language: languageOf(requester.Locale),
	}
	if err := st.opens(); err != nil {
		return nil, err
	}
	fresh := i >= s.plan.tickets-s.plan.tickets*seedFresh/100
	if fresh && s.rand.IntN(3) == 0 {
		return st.Ticket, nil // nobody has looked at it yet
	}
	if err := st.goesOn(); err != nil {
		return nil, err
	}
	return st.Ticket, st.ends(fresh)
}

func (st *seedStory) cause(by *member.Member) ticket.Cause {
	return ticket.Cause{By: by.ID, Now: st.now, Origin: event.Origin{Channel: event.ChannelAPI}, IDs: st.store.IDs()}
}

// later lets some time pass, but never beyond the end.
func (st *seedStory) later(most time.Duration) {
	st.now = st.now.Add(time.Second + time.Duration(st.rand.Int64N(int64(most))))
	if st.now.After(st.plan.until) {
		st.now = st.plan.until
	}
}

func (st *seedStory) opens() error {
	c := st.category()
	body := st.language.text(st.rand, 3)
	opening := ticket.Opening{Subject: st.language.subject(st.rand), Body: body, Answers: category.Texts(answersTo(c, body)), Channel: event.ChannelAPI}
	t, err := ticket.Begin(st.cause(st.requester), c, st.requester, opening)
	st.Ticket = t
	return err
}

// category is mostly the first one.
func (st *seedStory) category() *category.Category {
	all := st.people.categories
	if st.rand.IntN(4) > 0 {
		return all[0]
	}
	return all[st.rand.IntN(len(all))]
}

// answersTo fills in what a form insists on.
func answersTo(c *category.Category, body string) map[string]string {
	answers := map[string]string{}
	for _, f := range c.Form {
		if f.Purpose == category.Detail && f.Required {
			answers[f.Key] = body[:min(len(body), 1)]
		}
	}
	return answers
}

// goesOn lets an agent take it up, sort it in, and talk with the requester.
func (st *seedStory) goesOn() error {
	st.later(2 * time.Hour)
	if err := st.Claim(st.cause(st.agent)); err != nil {
		return err
	}
	for range st.rand.IntN(3) {
		if err := st.AddTag(st.cause(st.agent), seedTags()[st.rand.IntN(len(seedTags()))]); err != nil {
			return err
		}
	}
	if st.rand.IntN(8) == 0 {
		if err := st.SetPriority(st.cause(st.agent), priority.High); err != nil {
			return err
		}
	}
	return st.talks()
}

func (st *seedStory) talks() error {
	for i := range max(2*st.plan.messages-3, 1) {
		if i > 0 && st.rand.IntN(2) == 0 {
			continue
		}
		st.later(3 * time.Hour)
		if err := st.says(i%2 == 0); err != nil {
			return err
		}
	}
	if st.rand.IntN(6) > 0 {
		return nil
	}
	_, err := st.AddNote(st.cause(st.agent), "en", englishSeed().text(st.rand, 1))
	return err
}

func (st *seedStory) says(agent bool) error {
	who, side := st.requester, ticket.FromRequester
	if agent {
		who, side = st.agent, ticket.FromStaff
	}
	_, err := st.Reply(st.cause(who), side, st.requester.Locale, st.language.text(st.rand, 2))
	return err
}

// ends resolves what is old, and leaves what is fresh somewhere on the way.
func (st *seedStory) ends(fresh bool) error {
	st.later(12 * time.Hour)
	agent := st.cause(st.agent)
	if fresh {
		switch st.rand.IntN(4) {
		case 0:
			return st.Pend(agent)
		case 1:
			return st.Hold(agent)
		case 2:
			return nil
		}
	}
	if err := st.Resolve(agent); err != nil || fresh {
		return err
	}
	st.later(24 * time.Hour)
	return st.Confirm(st.cause(st.requester))
}
