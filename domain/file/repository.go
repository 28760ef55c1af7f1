package file

import (
	"context"
	"io"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
)

// Bucket is the port to where objects are stored. Their names are digits and
// slashes.
type Bucket interface {
	// Write stores all that can be read, or nothing. When it returns, the object
	// survives a crash.
	Write(ctx context.Context, key string, from io.Reader) error
	// Open reads an object. The caller closes it. Codes: not_found.
	Open(ctx context.Context, key string) (io.ReadSeekCloser, error)
	// Delete removes an object; one that is not there is removed already.
	Delete(ctx context.Context, key string) error
}

// Reading is what an actor may read of attachments.
type Reading struct {
	See      access.TicketFilter
	Notes    access.TicketFilter // those of notes, besides
	History  access.TicketFilter // those of deleted messages, and those that were taken away, besides
	Uploader id.Member           // whose uploads that are not attached yet, besides
}

// Repository is the port to what is known of files. An attachment of a message
// is stored with its message, by a ticket.Repository.
type Repository interface {
	// Loose notes an object that nothing relies on: before it is written, and
	// before it is removed.
	Loose(ctx context.Context, b *Blob, at time.Time) error
	// Keep records that a blob is written and not loose any more, and gives the
	// blob to use: an equal one if the workspace has it already, and then this one
	// stays loose. The given one is kept from Condemn for a time. A new one that can be
	// drawn in small is work to be done.
	Keep(ctx context.Context, b *Blob, at time.Time) (*Blob, error)
	// Undrawn finds a blob that has no thumbnail; nil if there is none.
	Undrawn(ctx context.Context, w id.Workspace, b id.Blob) (*Blob, error)
	// Illustrate gives a blob a thumbnail whose object is written, which is not loose
	// any more. False: the blob is gone, or has one already, and this one stays loose.
	Illustrate(ctx context.Context, b *Blob, t Thumbnail) (bool, error)
	// Condemn makes blobs loose, and their thumbnails, that no attachment has and that were last kept
	// before the time, up to limit, and says how many.
	Condemn(ctx context.Context, before time.Time, limit int) (int, error)
	// Abandoned gives objects that have been loose since before the time, up to limit.
	Abandoned(ctx context.Context, before time.Time, limit int) ([]*Blob, error)
	// Forget forgets a loose object that is removed.
	Forget(ctx context.Context, b id.Blob) error

	// AddUpload stores an attachment that somebody may upload.
	AddUpload(ctx context.Context, a *Attachment) error
	// Uploaded completes an upload with what was written. Codes: not_found,
	// conflict (it was before).
	Uploaded(ctx context.Context, a *Attachment) error
	// DropUploads forgets those that were begun before the time and never attached.
	DropUploads(ctx context.Context, before time.Time) error

	// Pending finds an attachment that is being copied; nil if there is nothing to do.
	Pending(ctx context.Context, w id.Workspace, a id.Attachment) (*Attachment, error)
	// Find finds an attachment that may be read. Codes: not_found.
	Find(ctx context.Context, r Reading, a id.Attachment) (*Attachment, error)
	// Of gives the attachments of messages that may be read, in their order: also
	// those that were taken away, as far as Find finds them.
	Of(ctx context.Context, r Reading, messages ...id.Message) (map[id.Message][]*Attachment, error)
}

// Link lets who holds it open or upload an attachment as a member, while that
// member may.
type Link struct {
	Workspace  id.Workspace
	Member     id.Member
	Attachment id.Attachment
	Upload     bool      // else: download
	IssuedAt   time.Time // from when it is good
	ExpiresAt  time.Time
	SignOuts   int64 // of the member, when it was made
}

// Name is what the link calls the attachment in an address.
func (l Link) Name() string { return strconv.FormatInt(int64(l.Attachment), 36) }

// Links is the port to the form of links.
type Links interface {
	// Sign writes a link's secret part; now chooses the key.
	Sign(ctx context.Context, l Link, now time.Time) (string, error)
	// Check reads it. Codes: unauthenticated (ErrLink).
	Check(ctx context.Context, signed string, now time.Time) (Link, error)
}
