package rest

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// SearchInput is what somebody looks for.
type SearchInput struct {
	Conditional

	Query string `query:"query" required:"true" doc:"Words, phrases in quotation marks, wor*, -not, and the filters status:open assignee:me assignee:none assignee:name requester:name queue:name category:name tag:name priority:high before:2026-01-31 after:2026-01-31T12:00:00Z has:attachment, with commas between values of which one will do. At most 500 characters and 20 parts. Filters alone find tickets."`
	Order string `query:"order" enum:"newest,best" default:"newest" doc:"newest: the newest first; best: of the newest 200, those first that fit best."`
	First int    `query:"first" minimum:"1" maximum:"100" doc:"How many: 25 if it is not given."`
	After string `query:"after" doc:"Only what comes after this place: a cursor that a page gave."`
}

// SearchHit is a place at which something was found.
type SearchHit struct {
	Ticket     *Ticket       `json:"ticket" doc:"The ticket in which it stands."`
	MessageID  *string       `json:"messageId" doc:"The message in which it stands; null if it is found by the ticket itself."`
	IsInternal bool          `json:"isInternal" doc:"Whether only staff may read it: a note, a tag, or what a form keeps for staff."`
	At         string        `json:"at" format:"date-time" doc:"When the message was written, or the ticket opened."`
	Source     string        `json:"source" enum:"subject,answer,message,note,tag,author,requester,assignee,participant" doc:"Of what the excerpt is a part; of people and tags it is the name."`
	Label      *string       `json:"label" doc:"The question, for what was filled into a form."`
	Excerpt    []SearchPiece `json:"excerpt" nullable:"false" doc:"Up to 160 characters of plain text, in pieces."`
}

// SearchPiece is a piece of an excerpt.
type SearchPiece struct {
	Text   string `json:"text" doc:"The piece."`
	Marked bool   `json:"marked" doc:"Whether it is what was looked for."`
}

func (s *server) search() {
	o := operation{
		id: "search", method: http.MethodGet, path: "/search", tag: tagTickets, summary: "Find what was said",
		about: "Whatever was said that has all of the words: in messages and notes, subjects, forms, tags and names of people, as far as the caller may " +
			"read it. Neither case nor accents matter. What was said is found at once. Hits are not counted: that would read them all.",
	}
	s.register(o, func(api huma.API) {
		h := o.huma(api, reflect.TypeFor[Page[SearchHit]]())
		header(&h, http.StatusOK, "ETag", "What is shown, for If-None-Match.")
		header(&h, http.StatusOK, "Link", "The next page, if there is one (RFC 8288).")
		h.Responses["304"] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
		huma.Register(api, h, func(ctx context.Context, in *SearchInput) (*answer, error) {
			e := exchangeOf(ctx)
			body, err := s.hits(ctx, e.call, in)
			if err != nil {
				return s.refused(e, err), nil
			}
			a := s.show(e, http.StatusOK, body, 0, in.IfNoneMatch)
			a.Link = links(e.r.URL, PageInfo{HasNext: body.Page.HasNext, EndCursor: body.Page.EndCursor}) // nothing leads back
			return a, nil
		})
	})
}

func (s *server) hits(ctx context.Context, c access.Call, in *SearchInput) (*Page[SearchHit], error) {
	order, r := search.Order(in.Order), page.Request{First: in.First}
	if in.After != "" {
		r.After = opaque.DecodeCursor(in.After)
	}
	found, err := s.Search.Search(ctx, c, search.Input{Text: in.Query, Order: order}, r)
	if err != nil {
		return nil, err
	}
	views, err := s.Tickets.Find(ctx, c, each(found.Items, func(h search.Hit) id.Ticket { return h.Ticket })...)
	if err != nil {
		return nil, err
	}
	tickets := make(map[id.Ticket]*ticket.View, len(views))
	for _, v := range views {
		tickets[v.ID] = v
	}
	body := &Page[SearchHit]{Page: PageInfo{HasNext: found.HasNext, HasPrevious: found.HasPrevious}, Items: []SearchHit{}}
	for _, h := range found.Items {
		if v := tickets[h.Ticket]; v != nil {
			body.Items = append(body.Items, showHit(c.Actor, h, v))
		}
	}
	if n := len(found.Items); n > 0 {
		start, end := opaque.EncodeCursor(found.Items[0].Cursor(order)), opaque.EncodeCursor(found.Items[n-1].Cursor(order))
		body.Page.StartCursor, body.Page.EndCursor = &start, &end
	}
	return body, nil
}

func showHit(a access.Actor, h search.Hit, v *ticket.View) SearchHit {
	t := showTicket(a, v)
	out := SearchHit{
		Ticket: &t, MessageID: externalOrNone(opaque.Message, h.Message), IsInternal: h.Internal, At: when(h.At), Source: string(h.Excerpt.Kind),
		Excerpt: each(h.Excerpt.Pieces, func(p search.Piece) SearchPiece { return SearchPiece(p) }),
	}
	if h.Excerpt.Label != "" {
		out.Label = &h.Excerpt.Label
	}
	return out
}
