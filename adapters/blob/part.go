package blob

import (
	"errors"
	"io"
	"os"
)

// part is where a part of an object waits until it has arrived: a temporary file. Not
// in memory, of which uploads at the same time would take five megabytes each.
type part struct {
	file *os.File
	size int64
	left string // the name of the file, where the system keeps that of an open one; else ""
}

// newPart makes an empty one. The caller closes it.
func newPart() (*part, error) {
	f, err := os.CreateTemp("", "ticketsys-*.part")
	if err != nil {
		return nil, err
	}
	p := &part{file: f}
	if os.Remove(f.Name()) != nil { // else it goes with the process, however that ends
		p.left = f.Name()
	}
	return p, nil
}

func (p *part) close() {
	_ = p.file.Close()
	if p.left != "" {
		_ = os.Remove(p.left)
	}
}

// fill puts into the part what can be read, up to partSize, in place of what was in it, and
// tells whether that was all.
func (p *part) fill(from io.Reader) (whole bool, err error) {
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	p.size, err = io.CopyN(p.file, from, partSize)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	return false, err
}

// content reads the part from its beginning, as often as is asked.
func (p *part) content() io.ReadSeeker { return io.NewSectionReader(p.file, 0, p.size) }
