package search

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// Ask is what a store is asked for. All of it must hold.
type Ask struct {
	Words    Match       // without Every: tickets are asked for, whatever stands in them
	Where    query.Where // of the ticket
	Since    time.Time   // At or later; zero: any time
	Until    time.Time   // before it; zero: any time
	Attached Attached
}

// Attached says whether a message carries files, or a public message of a ticket does.
type Attached int

// What can be asked about files.
const (
	Anyhow Attached = iota
	WithFiles
	WithoutFiles
)

// Tag is a tag as tickets have it, with the name of what it stands for today.
type Tag struct {
	ID   id.Tag
	Name string
}

// Repository is the port to what can be found. A document is found as soon as the
// transaction commits in which its message was written or changed, or its ticket.
type Repository interface {
	// People gives up to limit members, newest first, in whose name each of the
	// phrase's tokens is, whatever their order.
	People(ctx context.Context, w id.Workspace, p Phrase, limit int) ([]id.Member, error)
	// Tags gives the workspace's vocabulary.
	Tags(ctx context.Context, w id.Workspace) ([]Tag, error)
	// Find gives up to limit documents below a place, or from the highest on if it is
	// 0, highest first. They lie in tickets that may be seen; internal ones in tickets
	// whose notes may be read.
	Find(ctx context.Context, v ticket.Visibility, a Ask, below int64, limit int) ([]*Document, error)
}
