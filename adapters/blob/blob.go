// Package blob keeps objects in a folder of this machine, or where S3 is spoken.
//
// The folder needs nothing but the standard library, has objects written to the disk
// before they are relied upon, and forgets broken writes; docs/adr/0016 has why that is
// no library's. What is elsewhere is gocloud.dev/blob's; docs/adr/0027 has what it costs.
package blob

import (
	"context"
	"time"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Bucket is an open store of objects. It is safe for concurrent use.
type Bucket struct {
	file.Bucket

	sweep func(ctx context.Context, now time.Time) error
	close func() error
}

// Sweep removes what writes left that were broken off by the end of a process.
func (b *Bucket) Sweep(ctx context.Context, now time.Time) error { return b.sweep(ctx, now) }

// Close ends the use of the bucket.
func (b *Bucket) Close() error { return b.close() }

// unfinished is how long a write that has not ended is left alone.
const unfinished = 6 * time.Hour
