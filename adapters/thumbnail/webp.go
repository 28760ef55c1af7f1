package thumbnail

import (
	"bytes"
	"encoding/binary"
	"image"
	"io"

	"golang.org/x/image/webp"

	"github.com/ticketsys/ticketsys/domain/file"
)

// What is read of a WebP picture at most. A decoder makes trees of what is lossless
// that can be hundreds of times as large.
const (
	maxLossy    = 16 << 20
	maxLossless = 2 << 20
)

// riffHead is how a file of chunks begins, and chunkHead how each of them does.
const (
	riffHead  = 12
	chunkHead = 8
)

// frame is what a decoder needs of one picture.
type frame struct {
	size    []byte // width and height less one, in three bytes each
	alpha   []byte // nil: there is none
	kind    string // of what is in picture: "VP8 " or "VP8L"
	picture []byte
}

// readWebP reads a picture. A decoder knows none that moves, believes what chunks say
// of their length, and allocates by it; so it is given the first frame as if there were
// no other, of which all is there.
func readWebP(from io.Reader) (image.Image, error) {
	if _, err := io.CopyN(io.Discard, from, riffHead); err != nil {
		return nil, err
	}
	f := frame{size: make([]byte, 6)}
	for f.picture == nil {
		if err := f.chunk(from); err != nil {
			return nil, err
		}
	}
	whole := f.whole()
	width, height := file.Measure(whole)
	if width == 0 {
		return nil, errNothing
	}
	if int64(width)*int64(height)*8 > maxMemory {
		return nil, errTooMuch
	}
	return webp.Decode(bytes.NewReader(whole))
}

// chunk reads the next chunk. Those of a frame stand in the frame's own: only its
// beginning is read, and they come next.
func (f *frame) chunk(from io.Reader) (err error) {
	var head [chunkHead]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return err
	}
	size := int64(binary.LittleEndian.Uint32(head[4:]))
	switch kind := string(head[:4]); kind {
	case "VP8X":
		return f.sized(from, 4, 0)
	case "ANMF":
		return f.sized(from, 6, 4)
	case "ALPH":
		f.alpha, err = take(from, size, maxLossless)
	case "VP8L":
		f.kind = kind
		f.picture, err = take(from, size, maxLossless)
	case "VP8 ":
		f.kind = kind
		f.picture, err = take(from, size, maxLossy)
	default:
		_, err = io.CopyN(io.Discard, from, size+size&1)
	}
	return err
}

// sized reads a size between what is of no interest.
func (f *frame) sized(from io.Reader, before, after int64) error {
	if _, err := io.CopyN(io.Discard, from, before); err != nil {
		return err
	}
	if _, err := io.ReadFull(from, f.size); err != nil {
		return err
	}
	_, err := io.CopyN(io.Discard, from, after)
	return err
}

// take reads a chunk that is there as long as it says, and no longer than it may be.
func take(from io.Reader, size, most int64) ([]byte, error) {
	if size > most {
		return nil, errTooMuch
	}
	content, err := io.ReadAll(io.LimitReader(from, size+size&1))
	if err == nil && int64(len(content)) < size {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	return content[:size], nil
}

// whole makes a file of it.
func (f *frame) whole() []byte {
	var chunks bytes.Buffer
	if f.alpha != nil {
		const alpha = 1 << 4
		put(&chunks, "VP8X", append([]byte{alpha, 0, 0, 0}, f.size...))
		put(&chunks, "ALPH", f.alpha)
	}
	put(&chunks, f.kind, f.picture)
	var out bytes.Buffer
	put(&out, "RIFF", append([]byte("WEBP"), chunks.Bytes()...))
	return out.Bytes()
}

func put(to *bytes.Buffer, kind string, content []byte) {
	to.WriteString(kind)
	_ = binary.Write(to, binary.LittleEndian, uint32(len(content))) // to memory
	to.Write(content)
	if len(content)%2 == 1 {
		to.WriteByte(0)
	}
}
