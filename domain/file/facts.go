package file

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"image"
	_ "image/gif" // to know their sizes
	_ "image/jpeg"
	_ "image/png"
	"io"
	"strings"
	"unicode/utf8"
)

// Facts is what a file's content shows.
type Facts struct {
	Hash        string // SHA-256, hexadecimal
	Size        int64  // bytes
	ContentType string // by its first bytes
	Width       int    // pixels; 0: no image
	Height      int
}

// headSize is how much of a file is kept to find its type: enough for all that
// cameras write before a picture's size.
const headSize = 256 << 10

// look learns a file's facts while it passes, and ends it with ErrTooLarge when
// it is.
type look struct {
	from  io.Reader
	most  int64
	size  int64
	sum   hash.Hash
	head  []byte
	cause error // why reading failed
}

func newLook(from io.Reader, most int64) *look {
	return &look{from: from, most: most, sum: sha256.New()}
}

// Read implements io.Reader.
func (l *look) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	l.size += int64(n)
	l.sum.Write(p[:n])
	if room := headSize - len(l.head); room > 0 {
		l.head = append(l.head, p[:min(n, room)]...)
	}
	if l.size > l.most {
		err = ErrTooLarge
	}
	if err != nil && err != io.EOF {
		l.cause = err
	}
	return n, err
}

// facts gives what was learned, once all has passed.
func (l *look) facts() Facts {
	f := Facts{Hash: hex.EncodeToString(l.sum.Sum(nil)), Size: l.size, ContentType: Sniff(l.head)}
	if strings.HasPrefix(f.ContentType, "image/") {
		f.Width, f.Height = Measure(l.head)
	}
	return f
}

// maxPixels bounds the sides of an image that is believed.
const maxPixels = 1 << 20

// Measure gives the size of a picture in pixels, as people see it, by how its content
// begins; 0 of anything else.
func Measure(head []byte) (width, height int) {
	c, _, err := image.DecodeConfig(bytes.NewReader(head))
	if err != nil {
		c.Width, c.Height = webp(head)
	}
	if c.Width == 0 {
		c.Width, c.Height = heif(head)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels || c.Height > maxPixels {
		return 0, 0
	}
	if Orientation(head) > 4 {
		return c.Height, c.Width
	}
	return c.Width, c.Height
}

// webp reads the size of a WebP image of any of its three kinds.
func webp(b []byte) (width, height int) {
	if len(b) < 30 || string(b[:4]) != "RIFF" || string(b[8:12]) != "WEBP" {
		return 0, 0
	}
	number := func(bytes ...byte) (n int) {
		for i, one := range bytes {
			n |= int(one) << (8 * i)
		}
		return n
	}
	switch string(b[12:16]) {
	case "VP8 ":
		return number(b[26:28]...) & 0x3FFF, number(b[28:30]...) & 0x3FFF
	case "VP8L":
		bits := number(b[21:25]...)
		return bits&0x3FFF + 1, bits>>14&0x3FFF + 1
	case "VP8X":
		return number(b[24:27]...) + 1, number(b[27:30]...) + 1
	}
	return 0, 0
}

// Binary and PlainText are the types of what is nothing more special.
const (
	Binary    = "application/octet-stream"
	PlainText = "text/plain; charset=utf-8"
)

// signature is how a type of file begins, at an offset.
type signature struct {
	at    int
	magic string
	kind  string
}

func signatures() []signature {
	return []signature{
		{0, "\x89PNG\r\n\x1a\n", "image/png"},
		{0, "\xff\xd8\xff", "image/jpeg"},
		{0, "GIF87a", "image/gif"},
		{0, "GIF89a", "image/gif"},
		{8, "WEBP", "image/webp"},
		{4, "ftypavif", "image/avif"},
		{4, "ftypheic", "image/heic"},
		{4, "ftypqt", "video/quicktime"},
		{4, "ftypM4A", "audio/mp4"},
		{4, "ftyp", "video/mp4"},
		{0, "\x1a\x45\xdf\xa3", "video/webm"},
		{8, "WAVE", "audio/wav"},
		{0, "OggS", "audio/ogg"},
		{0, "fLaC", "audio/flac"},
		{0, "ID3", "audio/mpeg"},
		{0, "\xff\xfb", "audio/mpeg"},
		{0, "%PDF-", "application/pdf"},
		{0, "PK\x03\x04", "application/zip"},
		{0, "\x1f\x8b", "application/gzip"},
		{0, "7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"},
		{0, "Rar!\x1a\x07", "application/vnd.rar"},
	}
}

// Sniff tells a type by how the content begins, whatever its name says. What a
// browser could run is plain text or nothing in particular.
func Sniff(head []byte) string {
	for _, s := range signatures() {
		if len(head) >= s.at+len(s.magic) && string(head[s.at:s.at+len(s.magic)]) == s.magic {
			return s.kind
		}
	}
	if readable(head[:min(len(head), 4096)]) {
		return PlainText
	}
	return Binary
}

// readable reports whether it is text; the last character may be cut.
func readable(head []byte) bool {
	for len(head) > 0 {
		r, size := utf8.DecodeRune(head)
		switch {
		case r == utf8.RuneError && size == 1:
			return len(head) < utf8.UTFMax && !utf8.FullRune(head)
		case r < ' ' && !strings.ContainsRune("\t\n\r\f\x1b", r):
			return false
		}
		head = head[size:]
	}
	return true
}

// Inline reports whether a browser may show the type itself: pictures that
// cannot hold anything active.
func Inline(contentType string) bool {
	switch contentType {
	case "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif":
		return true
	}
	return false
}
