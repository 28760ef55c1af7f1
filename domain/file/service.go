package file

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Service is what one may do with files.
type Service struct {
	repo   Repository
	bucket Bucket
	links  Links
	ids    id.Source
	base   string // of links

	painter Painter // nil: nothing is drawn in small
}

// NewService makes the service. Links begin with base, "" for those that are
// relative to where the helpdesk is reached.
func NewService(r Repository, b Bucket, l Links, ids id.Source, base string) *Service {
	return &Service{repo: r, bucket: b, links: l, ids: ids, base: strings.TrimSuffix(base, "/")}
}

// ReadingOf gives what the actor may read of attachments. Codes: unauthenticated.
func ReadingOf(a access.Actor) (Reading, error) {
	var r Reading
	var err error
	for _, f := range []struct {
		into *access.TicketFilter
		p    access.Permission
	}{{&r.See, access.TicketSee}, {&r.Notes, access.NoteSee}, {&r.History, access.MessageHistory}} {
		if *f.into, err = access.Filter(a, f.p); err != nil {
			return Reading{}, err
		}
	}
	r.Uploader = a.Member
	return r, nil
}

// Of gives the attachments that messages carry and the actor may read, in their
// order. Codes: unauthenticated.
func (s *Service) Of(ctx context.Context, c access.Call, messages ...id.Message) (map[id.Message][]*Attachment, error) {
	found, err := s.Ever(ctx, c, messages...)
	for m, all := range found {
		found[m] = slices.DeleteFunc(all, (*Attachment).TakenAway)
	}
	return found, err
}

// Ever is Of with those attachments, too, that were taken away from their messages:
// they are for who may read what messages said before. Codes: unauthenticated.
func (s *Service) Ever(ctx context.Context, c access.Call, messages ...id.Message) (map[id.Message][]*Attachment, error) {
	r, err := ReadingOf(c.Actor)
	if err != nil {
		return nil, err
	}
	return s.repo.Of(ctx, r, messages...)
}

// Get finds an attachment that the actor may read. Codes: unauthenticated, not_found.
func (s *Service) Get(ctx context.Context, c access.Call, a id.Attachment) (*Attachment, error) {
	r, err := ReadingOf(c.Actor)
	if err != nil {
		return nil, err
	}
	return s.repo.Find(ctx, r, a)
}

// Open gives an attachment with its content, which the caller closes. Codes:
// unauthenticated, not_found, unavailable (it is not copied yet).
func (s *Service) Open(ctx context.Context, c access.Call, id id.Attachment) (*Attachment, io.ReadSeekCloser, error) {
	a, err := s.Get(ctx, c, id)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case a.State == Pending:
		return nil, nil, ErrNotReady
	case a.State != Stored:
		return nil, nil, ErrNotFound
	}
	content, err := s.bucket.Open(ctx, (&Blob{ID: a.Blob, Workspace: a.Workspace}).Key())
	return a, content, err
}

// Pending finds an attachment that a channel's adapter is to copy; nil if there
// is nothing to do. Only the helpdesk itself may ask. Codes: unauthenticated,
// forbidden.
func (s *Service) Pending(ctx context.Context, c access.Call, a id.Attachment) (*Attachment, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.repo.Pending(ctx, c.Actor.Workspace, a)
}

// Receive stores what can be read, in the actor's workspace. Only the helpdesk
// itself may. Codes: unauthenticated, forbidden, invalid (ErrTooLarge); an error
// of the reader is given as it is.
func (s *Service) Receive(ctx context.Context, c access.Call, from io.Reader) (*Blob, error) {
	if err := access.RequireSystem(c.Actor); err != nil {
		return nil, err
	}
	return s.write(ctx, c, from)
}

// write stores a blob: first the note that there may be an object, then the
// object, then what it is. A crash in between leaves a loose object, which Sweep
// finds.
func (s *Service) write(ctx context.Context, c access.Call, from io.Reader) (*Blob, error) {
	b := &Blob{ID: id.Blob(s.ids()), Workspace: c.Actor.Workspace}
	if err := s.repo.Loose(ctx, b, c.Now); err != nil {
		return nil, err
	}
	seen := newLook(from, MaxSize)
	if err := s.bucket.Write(ctx, b.Key(), seen); err != nil || seen.cause != nil {
		s.discard(ctx, b)
		if seen.cause != nil {
			err = seen.cause
		}
		return nil, err
	}
	b.Facts = seen.facts()
	kept, err := s.repo.Keep(ctx, b, c.Now)
	if err != nil {
		return nil, err
	}
	if kept.ID != b.ID {
		s.discard(ctx, b)
	}
	return kept, nil
}

// discard removes a loose object. What fails here, Sweep does later.
func (s *Service) discard(ctx context.Context, b *Blob) {
	ctx = context.WithoutCancel(ctx)
	if s.bucket.Delete(ctx, b.Key()) == nil {
		_ = s.repo.Forget(ctx, b.ID) // it stays loose
	}
}

// Show fills in what a blob shows of an attachment.
func (a *Attachment) Show(b *Blob) {
	a.State, a.Failure, a.Blob = Stored, "", b.ID
	a.Size, a.ContentType, a.Width, a.Height = b.Size, b.ContentType, b.Width, b.Height
}

// IsTooLarge reports whether the error says that a file is larger than MaxSize.
func IsTooLarge(err error) bool { return errors.Is(err, ErrTooLarge) }
