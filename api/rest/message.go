package rest

import (
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Message is something said in a ticket.
type Message struct {
	ID          string       `json:"id" doc:"Identifies the message."`
	Kind        string       `json:"kind" enum:"reply,note,system" doc:"For whom it is: all in the ticket, by a person; staff alone; all, by the helpdesk itself."`
	Side        string       `json:"side" enum:"requester,staff,system" doc:"For whom its author spoke."`
	Author      *Person      `json:"author" doc:"Who wrote it; null for the helpdesk itself."`
	Body        string       `json:"body" doc:"What it says now, at most 10000 characters; empty once it is deleted. Moments in what the helpdesk says by itself are by the caller's clocks if their time zone is known, else by those of the queue."`
	Version     int64        `json:"version" doc:"Counts its texts, from 1; for If-Match."`
	Locale      string       `json:"locale" doc:"The language of who wrote it."`
	Channel     string       `json:"channel" doc:"How it reached the helpdesk."`
	OccurredAt  string       `json:"occurredAt" format:"date-time" doc:"When it was written."`
	RecordedAt  string       `json:"recordedAt" format:"date-time" doc:"When the helpdesk heard of it."`
	EditedAt    *string      `json:"editedAt" format:"date-time" doc:"When it was last edited; null if never."`
	DeletedAt   *string      `json:"deletedAt" format:"date-time" doc:"When it was deleted; null if not."`
	Attachments []Attachment `json:"attachments" nullable:"false" doc:"The files that it carries, in their order. Those of a deleted message are for who may read its earlier texts."`
}

// TransformSchema lets what may be missing be null.
func (Message) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	return orNull(s, "author")
}

// Attachment is a file of a message.
type Attachment struct {
	ID          string  `json:"id" doc:"Identifies the attachment."`
	Name        string  `json:"name" doc:"What it is called; safe as the name of a file."`
	ContentType string  `json:"contentType" doc:"Its type, as its content shows once it is stored, until then as it was announced."`
	Size        int64   `json:"size" doc:"Its size in bytes, by the same rule."`
	Width       *int    `json:"width" doc:"An image's width in pixels, as people see it; null for anything else."`
	Height      *int    `json:"height" doc:"An image's height in pixels, as people see it; null for anything else."`
	State       string  `json:"state" enum:"uploading,pending,stored,failed" doc:"How it stands: it may be uploaded; it is being copied from its channel; it can be opened; it could not be copied."`
	Failure     *string `json:"failure" enum:"too_large,gone,unreachable" doc:"Why it could not be copied; null unless it failed."`
	URL         *string `json:"url" doc:"Where the caller opens it within 15 minutes; null unless it is stored. Relative to the server's address if that is not configured."`

	Thumbnail *Thumbnail `json:"thumbnail" doc:"The picture in small, for lists; null of what is no picture, of one that cannot be drawn (broken, too large, or of a kind that is not read), and until it is drawn, moments after the content came."`
}

// TransformSchema lets there be no failure, and no thumbnail.
func (Attachment) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["failure"].Enum = append(s.Properties["failure"].Enum, nil)
	return orNull(s, "thumbnail")
}

// Thumbnail is a picture in small.
type Thumbnail struct {
	URL         string `json:"url" doc:"Where the caller opens it, as long as the attachment's own address works."`
	Width       int    `json:"width" doc:"Its width in pixels, at most 320."`
	Height      int    `json:"height" doc:"Its height in pixels, at most 320."`
	ContentType string `json:"contentType" enum:"image/jpeg,image/png" doc:"Its type; PNG if one can see through it."`
}

func (s *server) thumbnail(ctx context.Context, c access.Call, a *file.Attachment) (*Thumbnail, error) {
	url, err := s.Files.ThumbnailLink(ctx, c, a)
	if url == "" {
		return nil, err
	}
	t := a.Thumbnail
	return &Thumbnail{URL: url, Width: t.Width, Height: t.Height, ContentType: t.ContentType}, err
}

func (s *server) attachment(ctx context.Context, c access.Call, a *file.Attachment) (Attachment, error) {
	url, err := s.Files.Link(ctx, c, a)
	if err != nil {
		return Attachment{}, err
	}
	thumbnail, err := s.thumbnail(ctx, c, a)
	return Attachment{
		ID: external(opaque.Attachment, a.ID), Name: a.Name, ContentType: a.ContentType, Size: a.Size, Width: pixels(a.Width),
		Height: pixels(a.Height), State: string(a.State), Failure: filled(string(a.Failure)), URL: filled(url), Thumbnail: thumbnail,
	}, err
}

func pixels(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// messages shows messages with their authors and files, all at once.
func (s *server) messages(ctx context.Context, c access.Call, all []*ticket.Message) ([]Message, error) {
	ids, authors := make([]id.Message, len(all)), make([]id.Member, len(all))
	for i, m := range all {
		ids[i], authors[i] = m.ID, m.Author
	}
	who, err := s.meet(ctx, c, authors)
	if err != nil || len(all) == 0 {
		return []Message{}, err
	}
	files, err := s.Files.Of(ctx, c, ids...)
	if err != nil {
		return nil, err
	}
	out := make([]Message, len(all))
	for i, m := range all {
		out[i] = Message{
			ID: external(opaque.Message, m.ID), Kind: string(m.Kind), Side: string(m.Side), Author: who.of(m.Author), Body: m.ToldBy(c.Actor.Zone),
			Version: m.Version, Locale: string(m.Locale), Channel: outside(string(m.Channel)), OccurredAt: when(m.OccurredAt),
			RecordedAt: when(m.RecordedAt), EditedAt: perhaps(m.EditedAt), DeletedAt: perhaps(m.DeletedAt),
		}
		if out[i].Attachments, err = s.attachments(ctx, c, files[m.ID]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *server) attachments(ctx context.Context, c access.Call, files []*file.Attachment) ([]Attachment, error) {
	all := make([]Attachment, len(files))
	for i, a := range files {
		one, err := s.attachment(ctx, c, a)
		if err != nil {
			return nil, err
		}
		all[i] = one
	}
	return all, nil
}

// Texts are all that a message said.
type Texts struct {
	Items []Text `json:"items" nullable:"false" doc:"The texts, oldest first. Empty for who is not staff."`
}

// Text is one text that a message had.
type Text struct {
	Number    int64   `json:"number" doc:"Which one, from 1. One that is missing was never seen: it was edited before the helpdesk heard of it."`
	Body      string  `json:"body" doc:"What it said."`
	Author    *Person `json:"author" doc:"Who wrote it; null for the helpdesk itself."`
	WrittenAt string  `json:"writtenAt" format:"date-time" doc:"When it was written."`
	// Attachments are what the message carried then.
	Attachments []Attachment `json:"attachments" nullable:"false" doc:"The files that the message carried then, in their order. Those that were taken away since are here, and no longer among the message's own."`
}

// TransformSchema lets what may be missing be null.
func (Text) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema { return orNull(s, "author") }

// texts shows all that a message said.
func (s *server) texts(ctx context.Context, c access.Call, m id.Message) (*Texts, error) {
	found, err := s.Tickets.Versions(ctx, c, m)
	if err != nil {
		return nil, err
	}
	who, err := s.meet(ctx, c, each(found[m], func(v ticket.Version) id.Member { return v.By }))
	if err != nil {
		return nil, err
	}
	files, err := s.Files.Ever(ctx, c, m)
	if err != nil {
		return nil, err
	}
	out := &Texts{Items: make([]Text, len(found[m]))}
	for i, v := range found[m] {
		carried := slices.DeleteFunc(slices.Clone(files[m]), func(a *file.Attachment) bool { return !a.In(v.Number) })
		out.Items[i] = Text{Number: v.Number, Body: v.Body, Author: who.of(v.By), WrittenAt: when(v.At)}
		if out.Items[i].Attachments, err = s.attachments(ctx, c, carried); err != nil {
			return nil, err
		}
	}
	return out, nil
}
