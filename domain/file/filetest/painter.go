package filetest

import (
	"context"
	"io"
	"sync"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Painter draws whatever it gets as the same small thing. The zero value is ready to use.
type Painter struct {
	mu    sync.Mutex
	drawn int
	Fail  error // what drawing meets; may be nil
}

var _ file.Painter = (*Painter)(nil)

// Draw implements file.Painter.
func (p *Painter) Draw(_ context.Context, from io.ReadSeeker, most int) (file.Thumbnail, []byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := io.Copy(io.Discard, from); err != nil {
		return file.Thumbnail{}, nil, err
	}
	p.drawn++
	return file.Thumbnail{ContentType: "image/png", Width: most, Height: 1}, []byte("small"), p.Fail
}

// Drawn counts what it was given.
func (p *Painter) Drawn() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.drawn
}
