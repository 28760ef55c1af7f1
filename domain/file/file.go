// Package file is what messages carry besides words, and how it is kept.
//
// An Attachment is a file of a message as people see it: a name, a type, a
// size. What is in it is a Blob, stored once in a workspace however often it is
// sent. An Attachment is there as soon as its message is; its Blob follows when
// it was copied. A Service writes blobs so that a crash at any point leaves
// neither an Attachment without what it promises nor a stored object that
// nobody knows of.
package file

import (
	"time"

	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// Limits.
const (
	MaxSize       = 128 << 20 // of one file, in bytes
	MaxPerMessage = 10        // files
	MaxName       = 120       // of a name, in characters
)

// Times of grace.
const (
	// LinkLife is how long a link to a file works at least, and LinkStep how much
	// longer at most.
	LinkLife = 15 * time.Minute
	LinkStep = 5 * time.Minute
	// UploadLife is how long an upload waits for a message.
	UploadLife = 24 * time.Hour
	// blobGrace is how long a stored blob waits for an attachment.
	blobGrace = 24 * time.Hour
	// writeGrace is how long after its beginning a write is certainly over.
	writeGrace = 6 * time.Hour
)

// The refusals of this package.
var (
	ErrNotFound = fault.New(fault.NotFound, "fault.file.not_found")
	ErrTooLarge = fault.New(fault.Invalid, "fault.file.too_large").With("MegaBytes", MaxSize>>20)
	ErrTooMany  = fault.New(fault.Invalid, "fault.file.too_many").With("Most", MaxPerMessage)
	ErrEmpty    = fault.New(fault.Invalid, "fault.file.empty")
	ErrName     = fault.New(fault.Invalid, "fault.file.name").On("name")
	ErrUpload   = fault.New(fault.Invalid, "fault.file.upload")
	ErrUploaded = fault.New(fault.Conflict, "fault.file.uploaded")
	ErrLink     = fault.New(fault.Unauthenticated, "fault.file.link")
	ErrNotReady = fault.New(fault.Unavailable, "fault.file.not_ready")
)

// State says how an attachment stands.
type State string

// The states.
const (
	Uploading State = "uploading" // somebody may upload it
	Pending   State = "pending"   // it is being copied from a channel
	Stored    State = "stored"    // it can be opened
	Failed    State = "failed"    // it could not be copied; Failure tells why
)

// Failure is why an attachment could not be copied.
type Failure string

// The failures.
const (
	TooLarge    Failure = "too_large"   // larger than MaxSize
	Gone        Failure = "gone"        // taken away before it was copied
	Unreachable Failure = "unreachable" // the channel did not give it, for as long as one may try
)

// Attachment is a file of a message.
type Attachment struct {
	ID        id.Attachment
	Workspace id.Workspace
	Ticket    id.Ticket  // 0: not attached yet
	Message   id.Message // 0: not attached yet
	Position  int        // among all files that its message ever had, from 0
	Since     int64      // version of its message that is the first to carry it
	Until     int64      // version of its message that is the first not to carry it any more; 0: it is still there
	Uploader  id.Member  // who uploaded it; 0: it came with its message

	Name        string // safe to be a file's name
	ContentType string // as its content shows once it is stored, until then as it was announced
	Size        int64  // bytes, by the same rule
	Width       int    // pixels; 0: no image
	Height      int
	State       State
	Failure     Failure // "" unless State is Failed

	Channel    event.Channel // that holds the original
	ExternalID string        // what the channel calls the original; "" for an upload
	Source     string        // the channel's words for where the original is; "" for an upload
	Blob       id.Blob       // 0 until it is stored
	Thumbnail  Thumbnail
	AddedAt    time.Time
}

// In reports whether a version of its message carries it.
func (a *Attachment) In(version int64) bool {
	return a.Since <= version && (a.Until == 0 || version < a.Until)
}

// TakenAway reports whether its message carries it no more.
func (a *Attachment) TakenAway() bool { return a.Until != 0 }

// Enclosure is a file that a message is to carry: one that was uploaded before,
// or a copy to be made of one that a channel holds.
type Enclosure struct {
	Upload id.Attachment // 0: a copy

	Name        string // as the channel has it
	ContentType string // as the channel announces it
	Size        int64  // as the channel announces it
	ExternalID  string // what the channel calls it; "" where it has no name for it
	Source      string // where the channel's adapter finds it again
}

// Enclose makes the attachment of a copy.
func Enclose(e Enclosure) *Attachment {
	return &Attachment{
		Name: SafeName(e.Name), ContentType: e.ContentType, Size: e.Size, State: Pending, ExternalID: e.ExternalID, Source: e.Source,
	}
}

// Consumer names who copies the files of a channel.
func Consumer(ch event.Channel) job.Consumer { return job.Consumer(string(ch) + ".files") }

// Work is the durable work of copying an attachment.
func Work(a *Attachment) job.Key {
	return job.Key{Consumer: Consumer(a.Channel), Key: a.ID.String(), Workspace: a.Workspace}
}

// Blob is what is in a file, stored once in a workspace.
type Blob struct {
	ID        id.Blob
	Workspace id.Workspace
	Facts
}

// Key names the blob's object in a Bucket.
func (b *Blob) Key() string { return b.Workspace.String() + "/" + b.ID.String() }
