package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
)

// Upload is a file that the caller may send.
type Upload struct {
	Attachment Attachment `json:"attachment" doc:"The file, for attachmentIds of a message."`
	UploadURL  *string    `json:"uploadUrl" doc:"Where its content goes by PUT within 15 minutes; null once it is there. Relative to the server's address if that is not configured."`
}

// The inputs of files.
type (
	// UploadInput names a file.
	UploadInput struct {
		Keyed

		Body struct {
			Name string `json:"name" doc:"What the file is called."`
		} `nameHint:"NewUpload"`
	}
	// AttachmentPath names an attachment.
	AttachmentPath struct {
		AttachmentID string `path:"attachmentId" doc:"The attachment's ID."`
	}
)

func (p AttachmentPath) id() id.Attachment {
	return opaque.Of[id.Attachment](opaque.Attachment, p.AttachmentID)
}

func (s *server) uploads() {
	change(s, operation{
		id: "createUpload", path: "/attachments", tag: tagMessages, summary: "Begin to upload a file", status: http.StatusCreated,
		about: "Its content is sent by PUT to the address that is given, and it goes with a message that names it, within 24 hours.",
		codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, in *UploadInput, _ int64) (string, error) {
		a, err := s.Files.BeginUpload(ctx, c, in.Body.Name)
		if err != nil {
			return "", err
		}
		return external(opaque.Attachment, a.ID), nil
	}, func(ctx context.Context, c access.Call, _ *UploadInput, a string) (shown[Upload], error) {
		return s.upload(ctx, c, opaque.Of[id.Attachment](opaque.Attachment, a))
	})
	fetch(s, operation{
		id: "getAttachment", path: "/attachments/{attachmentId}", tag: tagMessages, summary: "Show a file", codes: []fault.Code{fault.NotFound},
		about: "One that the caller may open, or uploads.",
	}, func(ctx context.Context, c access.Call, in *struct {
		AttachmentPath
		Conditional
	},
	) (shown[Attachment], error) {
		a, err := s.Files.Get(ctx, c, in.id())
		if err != nil {
			return shown[Attachment]{}, err
		}
		body, err := s.attachment(ctx, c, a)
		return shown[Attachment]{&body, 0}, err
	})
}

func (s *server) upload(ctx context.Context, c access.Call, a id.Attachment) (shown[Upload], error) {
	found, err := s.Files.Get(ctx, c, a)
	if err != nil {
		return shown[Upload]{}, err
	}
	body, err := s.attachment(ctx, c, found)
	if err != nil {
		return shown[Upload]{}, err
	}
	made := Upload{Attachment: body}
	if body.State == "uploading" {
		url, err := s.Files.UploadLink(ctx, c, found)
		if err != nil {
			return shown[Upload]{}, err
		}
		made.UploadURL = &url
	}
	return shown[Upload]{&made, 0}, nil
}
