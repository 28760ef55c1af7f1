package discord

import (
	"context"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
)

// hitsAtOnce is how many hits a message shows.
const hitsAtOnce = 5

// search looks for what the command says.
func (q *asked) search(ctx context.Context) error {
	return q.looksFor(ctx, q.args["query"].Text(), nil)
}

// goesOn shows what comes after a place. What is looked for stands below the hits.
func (q *asked) goesOn(ctx context.Context, after int64) error {
	if q.Message == nil || len(q.Message.Embeds) == 0 || q.Message.Embeds[0].Footer == nil {
		return errUnknownUse
	}
	return q.looksFor(ctx, q.Message.Embeds[0].Footer.Text, page.Cursor{after})
}

func (q *asked) looksFor(ctx context.Context, text string, after page.Cursor) error {
	found, err := q.Search.Search(ctx, q.call, search.Input{Text: text}, page.Request{First: hitsAtOnce, After: after})
	if err != nil {
		return err
	}
	tickets := make([]id.Ticket, len(found.Items))
	for i, h := range found.Items {
		tickets[i] = h.Ticket
	}
	views, err := q.Tickets.Find(ctx, q.call, tickets...)
	if err != nil {
		return err
	}
	places, err := q.Channels.Standings(ctx, q.call, tickets...)
	if err != nil {
		return err
	}
	hits := make([]render.Hit, 0, len(found.Items))
	for _, h := range found.Items {
		for _, v := range views {
			if v.ID == h.Ticket {
				hit := render.Hit{Hit: h, Number: v.Number, Subject: v.Subject}
				if p := places[h.Ticket]; p != nil {
					hit.URL = p.URL()
				}
				hits = append(hits, hit)
				break
			}
		}
	}
	var next int64
	if found.HasNext {
		next = found.Items[len(found.Items)-1].Place
	}
	q.reply.show(ctx, q.speech.Found(text, hits, next))
	return nil
}
