// Package thumbnail draws pictures in small.
//
// Whatever it is given, it needs no more than a bounded amount of memory and time: what
// a picture would need is reckoned from its header before it is decoded, pictures are
// drawn one after the other, and one that takes too long is given up. What is drawn
// holds nothing of the original but what is seen: no place, no camera.
package thumbnail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"sync"
	"time"

	"golang.org/x/image/draw"

	"github.com/ticketsys/ticketsys/domain/file"
)

const (
	// maxMemory is what decoding a picture may need: a photo of 24 megapixels, or of 12
	// whose JPEG is progressive.
	maxMemory = 96 << 20
	// maxTime is how long drawing may take; what stalls is not the picture's fault, but
	// so many scans of a progressive JPEG are.
	maxTime = 20 * time.Second
	// headSize is how much of a picture is read to know what it needs; it is enough for
	// all that cameras write before.
	headSize = 256 << 10
	// quality of JPEG.
	quality = 80
)

// Painter implements file.Painter. It is safe for concurrent use.
type Painter struct {
	turn sync.Mutex // held while a picture is in memory
}

var _ file.Painter = (*Painter)(nil)

// New makes a painter.
func New() *Painter { return &Painter{} }

// Draw implements file.Painter.
func (p *Painter) Draw(ctx context.Context, from io.ReadSeeker, most int) (file.Thumbnail, []byte, error) {
	p.turn.Lock()
	defer p.turn.Unlock()
	drawing, end := context.WithTimeout(ctx, maxTime)
	defer end()
	source := &bounded{ctx: drawing, from: from}
	picture, err := decode(source)
	switch {
	case ctx.Err() != nil:
		return file.Thumbnail{}, nil, ctx.Err()
	case source.failed != nil:
		return file.Thumbnail{}, nil, fmt.Errorf("read a picture: %w", source.failed)
	case err != nil:
		return file.Thumbnail{}, nil, fmt.Errorf("%w: %w", file.ErrNoPicture, err)
	}
	small := turned(reduced(picture.Image, most), picture.orientation)
	return encode(small)
}

// bounded reads until its time is over.
type bounded struct {
	ctx    context.Context
	from   io.ReadSeeker
	failed error // of the source, which is no fault of the picture
}

var errTooLong = errors.New("it takes too long")

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.ctx.Err() != nil {
		return 0, errTooLong
	}
	n, err := b.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.failed = err
	}
	return n, err
}

// decoded is a picture with how it is to be turned.
type decoded struct {
	image.Image

	orientation int
}

var errTooMuch = errors.New("it would need too much memory")

// decode reads a picture: of one that moves, the first frame.
func decode(from *bounded) (decoded, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(from, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return decoded{}, err
	}
	head = head[:n]
	need, err := needs(head)
	if err != nil {
		return decoded{}, err
	}
	if need > maxMemory {
		return decoded{}, errTooMuch
	}
	picture, err := read(file.Sniff(head), io.MultiReader(bytes.NewReader(head), from))
	if err == nil && picture.Bounds().Empty() {
		err = errNothing
	}
	return decoded{picture, file.Orientation(head)}, err
}

var (
	errKind    = errors.New("it is of a kind that is not read")
	errNothing = errors.New("there is nothing to be seen")
)

func read(kind string, from io.Reader) (image.Image, error) {
	switch kind {
	case "image/png":
		return png.Decode(from)
	case "image/jpeg":
		return jpeg.Decode(from)
	case "image/gif":
		return gif.Decode(from)
	case "image/webp":
		return readWebP(from)
	}
	return nil, errKind
}

// encode writes what can be seen through as PNG, all else as JPEG.
func encode(small *image.RGBA) (file.Thumbnail, []byte, error) {
	t := file.Thumbnail{ContentType: "image/jpeg", Width: small.Bounds().Dx(), Height: small.Bounds().Dy()}
	var out bytes.Buffer
	if small.Opaque() {
		err := jpeg.Encode(&out, small, &jpeg.Options{Quality: quality})
		return t, out.Bytes(), err
	}
	t.ContentType = "image/png"
	err := png.Encode(&out, small)
	return t, out.Bytes(), err
}

// reduced gives a picture of which no side is longer than most pixels. A large one is
// first taken together by whole squares of pixels, strip by strip, which needs little
// beside it.
func reduced(from image.Image, most int) *image.RGBA {
	bounds := from.Bounds()
	width, height := fit(bounds.Dx(), bounds.Dy(), most)
	if square := min(bounds.Dx()/width, bounds.Dy()/height); square > 1 {
		from = averaged(from, square)
	}
	small := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.BiLinear.Scale(small, small.Bounds(), from, from.Bounds(), draw.Src, nil)
	return small
}

// fit gives the sides of a picture in small; one that is small is left as it is.
func fit(width, height, most int) (int, int) {
	longest := max(width, height)
	if longest <= most {
		return width, height
	}
	return max(1, width*most/longest), max(1, height*most/longest)
}

// averaged makes one pixel of each square of pixels.
func averaged(from image.Image, square int) *image.RGBA {
	bounds := from.Bounds()
	width, height := bounds.Dx()/square, bounds.Dy()/square
	out := image.NewRGBA(image.Rect(0, 0, width, height))
	strip := image.NewRGBA(image.Rect(0, 0, width*square, square))
	sums := make([]int, 4*width)
	for y := range height {
		draw.Draw(strip, strip.Bounds(), from, bounds.Min.Add(image.Pt(0, y*square)), draw.Src)
		clear(sums)
		for row := range square {
			for x, value := range strip.Pix[row*strip.Stride : row*strip.Stride+4*width*square] {
				sums[x/(4*square)*4+x%4] += int(value)
			}
		}
		for i, sum := range sums {
			out.Pix[y*out.Stride+i] = uint8(sum / (square * square)) // of bytes
		}
	}
	return out
}

// turned gives a picture as people see it, by one of the eight orientations that
// cameras write.
func turned(from *image.RGBA, orientation int) *image.RGBA {
	if orientation == 1 {
		return from
	}
	right, bottom := from.Bounds().Dx()-1, from.Bounds().Dy()-1
	size := from.Bounds()
	if orientation > 4 {
		size = image.Rect(0, 0, size.Dy(), size.Dx())
	}
	out := image.NewRGBA(size)
	for y := range size.Dy() {
		for x := range size.Dx() {
			a, b := x, y
			switch orientation {
			case 2:
				a = right - x
			case 3:
				a, b = right-x, bottom-y
			case 4:
				b = bottom - y
			case 5:
				a, b = y, x
			case 6:
				a, b = y, bottom-x
			case 7:
				a, b = right-y, bottom-x
			case 8:
				a, b = right-y, x
			}
			out.SetRGBA(x, y, from.RGBAAt(a, b))
		}
	}
	return out
}
