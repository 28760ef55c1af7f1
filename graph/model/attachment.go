package model

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/graph/load"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// Attachment is a file of a message in a list.
type Attachment struct {
	*file.Attachment

	rows *load.Rows
}

// NewAttachment makes an attachment of a list.
func NewAttachment(rows *load.Rows, a *file.Attachment) *Attachment {
	return &Attachment{Attachment: a, rows: rows}
}

// Attachments gives the files that a message carries.
func (m *Message) Attachments(ctx context.Context) ([]*Attachment, error) {
	return attachmentsOf(ctx, m.rows, m.ID, func(a *file.Attachment) bool { return !a.TakenAway() })
}

// Attachments gives the files that the message carried then.
func (v *MessageVersion) Attachments(ctx context.Context) ([]*Attachment, error) {
	return attachmentsOf(ctx, v.ofMessage, v.Message, func(a *file.Attachment) bool { return a.In(v.Number) })
}

// attachmentsOf gives those of all files that a message ever had.
func attachmentsOf(ctx context.Context, rows *load.Rows, m id.Message, those func(*file.Attachment) bool) ([]*Attachment, error) {
	found, err := rows.Attachments.Get(ctx, m)
	made := make([]*Attachment, 0, len(found))
	for _, a := range found {
		if those(a) {
			made = append(made, NewAttachment(rows, a))
		}
	}
	return made, err
}

// attachmentOf finds a file of a message; nil if the viewer may not open it.
func attachmentOf(ctx context.Context, rows *load.Rows, m id.Message, a id.Attachment) (*Attachment, error) {
	found, err := rows.Attachments.Get(ctx, m)
	for _, one := range found {
		if one.ID == a {
			return NewAttachment(rows, one), err
		}
	}
	return nil, err
}

// Width gives an image's width, nil of anything else.
func (a *Attachment) Width() *int { return pixels(a.Attachment.Width) }

// Height gives an image's height, nil of anything else.
func (a *Attachment) Height() *int { return pixels(a.Attachment.Height) }

func pixels(n int) *int {
	if n == 0 {
		return nil
	}
	return &n
}

// URL gives where the viewer opens it, nil unless it is stored.
func (a *Attachment) URL(ctx context.Context) (*string, error) {
	url, err := a.rows.Link(ctx, a.Attachment)
	if url == "" {
		return nil, err
	}
	return &url, err
}

// Thumbnail is an attachment's picture in small.
type Thumbnail struct {
	file.Thumbnail

	URL string // where the viewer opens it
}

// Thumbnail gives the picture in small, nil if there is none.
func (a *Attachment) Thumbnail(ctx context.Context) (*Thumbnail, error) {
	if a.Attachment.Thumbnail.Blob == 0 {
		return nil, nil
	}
	url, err := a.rows.ThumbnailLink(ctx, a.Attachment)
	return &Thumbnail{a.Attachment.Thumbnail, url}, err
}

// Failure gives why it could not be copied, nil unless it failed.
func (a *Attachment) Failure() *file.Failure {
	if a.Attachment.Failure == "" {
		return nil
	}
	return &a.Attachment.Failure
}

// Attachment gives the file as it is now.
func (p *Payload) Attachment(ctx context.Context) (*Attachment, error) {
	return object[Attachment](ctx, p, scalar.Attachment)
}

// UploadURL gives where the caller sends the file's content.
func (p *Payload) UploadURL(ctx context.Context) (*string, error) {
	a, err := p.Attachment(ctx)
	if a == nil || err != nil {
		return nil, err
	}
	url, err := a.rows.UploadLink(ctx, a.Attachment)
	return &url, err
}
