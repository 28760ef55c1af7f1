package file

import (
	"bytes"
	"context"
	"errors"
	"io"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// ThumbnailSide is the longest side of a thumbnail, in pixels.
const ThumbnailSide = 320

// ThumbnailConsumer names who draws thumbnails.
const ThumbnailConsumer job.Consumer = "thumbnails"

// Thumbnail is a picture in small, without what cameras write beside it.
type Thumbnail struct {
	Blob        id.Blob // names its object; 0: there is none, or none yet
	ContentType string
	Width       int // pixels
	Height      int
}

// ErrNoPicture tells that something cannot be drawn in small, now or ever: it is
// broken, of a kind that is not read, or would need too much memory or time.
var ErrNoPicture = errors.New("no picture that can be drawn in small")

// Painter is the port to who draws pictures in small.
type Painter interface {
	// Draw gives a picture in small, no side longer than most pixels, within bounds of
	// memory and time. What it tells has no Blob. Its error is ErrNoPicture, unless the
	// picture could not be read.
	Draw(ctx context.Context, from io.ReadSeeker, most int) (Thumbnail, []byte, error)
}

// Drawing has thumbnails drawn.
func (s *Service) Drawing(p Painter) *Service {
	s.painter = p
	return s
}

// Drawing is the durable work of drawing the blob in small; false if there is nothing
// to draw.
func (b *Blob) Drawing() (job.Key, bool) {
	key := job.Key{Consumer: ThumbnailConsumer, Key: b.ID.String(), Workspace: b.Workspace}
	switch b.ContentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return key, b.Width > 0
	}
	return key, false
}

// Draw makes the thumbnail of a blob, once. One of which none can be made is left
// without. Only the helpdesk itself may. Codes: unauthenticated, forbidden.
func (s *Service) Draw(ctx context.Context, c access.Call, of id.Blob) error {
	if err := access.RequireSystem(c.Actor); err != nil {
		return err
	}
	b, err := s.repo.Undrawn(ctx, c.Actor.Workspace, of)
	if b == nil || err != nil {
		return err
	}
	content, err := s.bucket.Open(ctx, b.Key())
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	defer content.Close()
	t, picture, err := s.painter.Draw(ctx, content, ThumbnailSide)
	if errors.Is(err, ErrNoPicture) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.illustrate(ctx, c, b, t, picture)
}

// illustrate stores what was drawn as write stores blobs: noted first, then written,
// then made the blob's in the transaction that drops the note.
func (s *Service) illustrate(ctx context.Context, c access.Call, b *Blob, t Thumbnail, picture []byte) error {
	drawn := &Blob{ID: id.Blob(s.ids()), Workspace: b.Workspace}
	if err := s.repo.Loose(ctx, drawn, c.Now); err != nil {
		return err
	}
	if err := s.bucket.Write(ctx, drawn.Key(), bytes.NewReader(picture)); err != nil {
		s.discard(ctx, drawn)
		return err
	}
	t.Blob = drawn.ID
	taken, err := s.repo.Illustrate(ctx, b, t)
	if err == nil && !taken {
		s.discard(ctx, drawn)
	}
	return err
}

// Thumbnail opens the picture of an attachment in small. The caller closes it. Codes:
// unauthenticated, not_found (there is none, or none yet).
func (s *Service) Thumbnail(ctx context.Context, c access.Call, of id.Attachment) (*Attachment, io.ReadSeekCloser, error) {
	a, err := s.Get(ctx, c, of)
	if err != nil {
		return nil, nil, err
	}
	if a.Thumbnail.Blob == 0 {
		return nil, nil, ErrNotFound
	}
	content, err := s.bucket.Open(ctx, (&Blob{ID: a.Thumbnail.Blob, Workspace: a.Workspace}).Key())
	return a, content, err
}

// ThumbnailLink gives the address at which the actor opens the attachment's thumbnail,
// as Link does the attachment itself; "" if there is none. Codes: unauthenticated.
func (s *Service) ThumbnailLink(ctx context.Context, c access.Call, a *Attachment) (string, error) {
	if c.Actor.Known() && a.Thumbnail.Blob == 0 {
		return "", nil
	}
	return s.link(ctx, c, a, false, "/thumbnail")
}
