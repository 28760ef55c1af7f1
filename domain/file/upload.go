package file

import (
	"context"
	"io"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// BeginUpload makes an attachment for the actor to upload, and to enclose in a
// message afterwards. Codes: unauthenticated, forbidden, invalid (no name).
func (s *Service) BeginUpload(ctx context.Context, c access.Call, name string) (*Attachment, error) {
	as := c.Actor
	if as.Admits(access.TicketReply) || as.Admits(access.NoteWrite) { // in which it is enclosed
		as = as.Within(nil)
	}
	if err := access.Require(as, access.TicketOpen, access.InWorkspace(as.Workspace)); err != nil {
		return nil, err
	}
	if strings.TrimSpace(name) == "" {
		return nil, ErrName
	}
	a := &Attachment{
		ID: id.Attachment(s.ids()), Workspace: c.Actor.Workspace, Uploader: c.Actor.Member, Channel: c.Origin.Channel,
		Name: SafeName(name), ContentType: Binary, State: Uploading, AddedAt: c.Now,
	}
	return a, s.repo.AddUpload(ctx, a)
}

// Upload stores the content of an attachment that the actor began. Codes:
// unauthenticated, not_found, conflict (it was uploaded before), invalid (too
// large, or empty).
func (s *Service) Upload(ctx context.Context, c access.Call, id id.Attachment, from io.Reader) (*Attachment, error) {
	a, err := s.Get(ctx, c, id)
	switch {
	case err != nil:
		return nil, err
	case a.Uploader != c.Actor.Member || a.Uploader == 0:
		return nil, ErrNotFound
	case a.State != Uploading:
		return nil, ErrUploaded
	}
	b, err := s.write(ctx, c, from)
	if err != nil {
		return nil, err
	}
	if b.Size == 0 {
		return nil, ErrEmpty
	}
	a.Show(b)
	return a, s.repo.Uploaded(ctx, a)
}

// Link gives the address at which the actor opens the attachment, for LinkLife at least;
// "" unless it is stored. Whoever has the address has the actor's rights to it,
// as they are then. Codes: unauthenticated.
func (s *Service) Link(ctx context.Context, c access.Call, a *Attachment) (string, error) {
	if c.Actor.Known() && a.State != Stored {
		return "", nil
	}
	return s.link(ctx, c, a, false, "")
}

// UploadLink gives the address to which the actor sends the content. Codes:
// unauthenticated.
func (s *Service) UploadLink(ctx context.Context, c access.Call, a *Attachment) (string, error) {
	return s.link(ctx, c, a, true, "")
}

func (s *Service) link(ctx context.Context, c access.Call, a *Attachment, upload bool, of string) (string, error) {
	if !c.Actor.Known() {
		return "", access.ErrNobody
	}
	// Whoever asks again within a step gets the same link: what shows it has not
	// changed for them.
	issued := c.Now.Truncate(LinkStep)
	l := Link{
		Workspace: a.Workspace, Member: c.Actor.Member, Attachment: a.ID, Upload: upload, IssuedAt: issued, ExpiresAt: issued.Add(LinkLife + LinkStep),
		SignOuts: c.Actor.SignOuts,
	}
	signed, err := s.links.Sign(ctx, l, c.Now)
	if err != nil {
		return "", err
	}
	// The secret is not in the path, which logs keep.
	return s.base + "/files/" + l.Name() + of + "?link=" + signed, nil
}

// ByLink reads the secret part of a link. It asks no actor: it is how a door
// learns who acts. Codes: unauthenticated.
func (s *Service) ByLink(ctx context.Context, signed string, now time.Time) (Link, error) {
	return s.links.Check(ctx, signed, now)
}
