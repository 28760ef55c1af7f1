package thumbnail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/thumbnail"
	"github.com/ticketsys/ticketsys/domain/file"
)

func drawn(t testing.TB, content []byte) (file.Thumbnail, image.Image, error) {
	t.Helper()
	about, small, err := thumbnail.New().Draw(t.Context(), bytes.NewReader(content), file.ThumbnailSide)
	if err != nil {
		return about, nil, err
	}
	picture, kind, err := image.Decode(bytes.NewReader(small))
	if err != nil || "image/"+kind != about.ContentType || picture.Bounds() != image.Rect(0, 0, about.Width, about.Height) {
		t.Fatalf("what is drawn is %s of %v, and told as %+v: %v", kind, picture.Bounds(), about, err)
	}
	return about, picture, nil
}

func must[T any](t testing.TB) func(T, error) T {
	t.Helper()
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// quarters is a picture whose left upper quarter is red, the right upper green, the
// left lower blue and the right lower white.
func quarters(width, height int) *image.NRGBA {
	p := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{A: 255}
			left, upper := x < width/2, y < height/2
			if left && upper || !left && !upper {
				c.R = 255
			}
			if !left {
				c.G = 255
			}
			if !upper {
				c.B = 255
			}
			p.SetNRGBA(x, y, c)
		}
	}
	return p
}

func asPNG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(t testing.TB, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// shot puts what a camera writes before a JPEG: how it was held, and where it was.
func shot(content []byte, orientation byte, order binary.AppendByteOrder) []byte {
	exif := []byte("Exif\x00\x00MM\x00\x2a")
	if order == binary.LittleEndian {
		exif = []byte("Exif\x00\x00II\x2a\x00")
	}
	exif = order.AppendUint16(order.AppendUint32(exif, 8), 2)
	for _, entry := range [][2]uint16{{0x010f, 0}, {0x0112, uint16(orientation)}} {
		exif = order.AppendUint16(order.AppendUint16(exif, entry[0]), 3)
		exif = order.AppendUint16(order.AppendUint16(order.AppendUint32(exif, 1), entry[1]), 0)
	}
	exif = append(exif, "GPS: at home"...)
	out := binary.BigEndian.AppendUint16([]byte("\xff\xd8\xff\xe1"), uint16(len(exif)+2))
	return append(append(out, exif...), content[2:]...)
}

// at tells the colours of the four quarters, clockwise from the left upper one.
func at(p image.Image) string {
	b, names := p.Bounds(), ""
	for _, point := range []image.Point{{1, 1}, {3, 1}, {3, 3}, {1, 3}} {
		r, g, blue, _ := p.At(b.Min.X+point.X*b.Dx()/4, b.Min.Y+point.Y*b.Dy()/4).RGBA()
		switch {
		case r > 0x8000 && g > 0x8000:
			names += "w"
		case r > 0x8000:
			names += "r"
		case g > 0x8000:
			names += "g"
		case blue > 0x8000:
			names += "b"
		default:
			names += "-"
		}
	}
	return names
}

func TestPicturesAreDrawnInSmall(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 900, 300), color.Palette{color.Transparent, color.White})
	for name, c := range map[string]struct {
		content       []byte
		kind          string
		width, height int
	}{
		"a large PNG":               {asPNG(t, quarters(1600, 1200)), "image/jpeg", 320, 240},
		"a tall JPEG":               {asJPEG(t, quarters(500, 1000)), "image/jpeg", 160, 320},
		"one hardly too large":      {asJPEG(t, quarters(400, 330)), "image/jpeg", 320, 264},
		"one that is small already": {asPNG(t, quarters(20, 10)), "image/jpeg", 20, 10},
		"a line":                    {asPNG(t, quarters(4000, 1)), "image/jpeg", 320, 1},
		"one to see through":        {asPNG(t, palette), "image/png", 320, 106},
		"grey":                      {asJPEG(t, image.NewGray(image.Rect(0, 0, 640, 640))), "image/jpeg", 320, 320},
		"deep":                      {asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 640, 640))), "image/png", 320, 320},
	} {
		about, picture, err := drawn(t, c.content)
		if err != nil || about != (file.Thumbnail{ContentType: c.kind, Width: c.width, Height: c.height}) {
			t.Errorf("%s becomes %+v, %v", name, about, err)
			continue
		}
		if name == "a large PNG" || name == "a tall JPEG" {
			if got := at(picture); got != "rgwb" {
				t.Errorf("%s shows %s", name, got)
			}
		}
	}
}

func TestPhotosStandUprightAndTellNoPlace(t *testing.T) {
	photo := asJPEG(t, quarters(800, 400))
	for orientation, want := range map[byte]string{
		1: "rgwb", 2: "grbw", 3: "wbrg", 4: "bwgr", 5: "rbwg", 6: "brgw", 7: "wgrb", 8: "gwbr", 0: "rgwb", 9: "rgwb",
	} {
		for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
			content := shot(photo, orientation, order)
			about, small, err := thumbnail.New().Draw(t.Context(), bytes.NewReader(content), file.ThumbnailSide)
			if err != nil {
				t.Fatal(err)
			}
			picture := must[image.Image](t)(jpeg.Decode(bytes.NewReader(small)))
			wide := orientation < 5 || orientation > 8
			if got := at(picture); got != want || wide != (about.Width > about.Height) {
				t.Errorf("held as %d it is %d by %d and shows %s, want %s", orientation, about.Width, about.Height, got, want)
			}
			if w, h := file.Measure(content); wide != (w > h) || max(w, h) != 800 {
				t.Errorf("held as %d it measures %d by %d", orientation, w, h)
			}
			if bytes.Contains(small, []byte("GPS")) || bytes.Contains(small, []byte("Exif")) {
				t.Error("what is drawn tells where it was taken")
			}
		}
	}
}

func TestOfWhatMovesTheFirstFrameIsDrawn(t *testing.T) {
	frame := func(index uint8) *image.Paletted {
		p := image.NewPaletted(image.Rect(0, 0, 640, 480), color.Palette{color.Black, color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}})
		for i := range p.Pix {
			p.Pix[i] = index
		}
		return p
	}
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, &gif.GIF{Image: []*image.Paletted{frame(1), frame(2)}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	if about, picture, err := drawn(t, out.Bytes()); err != nil || about.Width != 320 || at(picture) != "rrrr" {
		t.Errorf("the GIF becomes %+v, %v", about, err)
	}
}

// Each is a picture of one pixel.
const (
	lossy    = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"
	lossless = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="
	alpha    = "UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA=="
	moving   = "UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8AAAAQBxAREYiI/gcA"
)

func webp(t testing.TB, encoded string) []byte {
	t.Helper()
	return must[[]byte](t)(base64.StdEncoding.DecodeString(encoded))
}

func TestWebPIsDrawnWhateverItsKind(t *testing.T) {
	for name, encoded := range map[string]string{"lossy": lossy, "lossless": lossless, "to see through": alpha, "moving": moving} {
		if about, _, err := drawn(t, webp(t, encoded)); err != nil || about.Width != 1 || about.Height != 1 {
			t.Errorf("%s becomes %+v, %v", name, about, err)
		}
	}
}

// bombs are small files that would need much memory, or say so.
func bombs(t testing.TB) map[string][]byte {
	t.Helper()
	huge := asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	binary.BigEndian.PutUint32(huge[16:], 60000)
	binary.BigEndian.PutUint32(huge[20:], 60000)
	wide := asJPEG(t, quarters(16, 16))
	frame := bytes.Index(wide, []byte("\xff\xc0"))
	progressive := bytes.Clone(wide)
	progressive[frame+1] = 0xc2
	for _, p := range [][]byte{wide, progressive} {
		binary.BigEndian.PutUint16(p[frame+5:], 8000)
		binary.BigEndian.PutUint16(p[frame+7:], 4000)
	}
	binary.BigEndian.PutUint16(wide[frame+7:], 40000)
	animation := webp(t, moving)
	binary.LittleEndian.PutUint32(animation[bytes.Index(animation, []byte("VP8L"))+4:], 1<<30)
	longer := webp(t, lossy)
	binary.LittleEndian.PutUint32(longer[4:], 1<<31)
	binary.LittleEndian.PutUint32(longer[16:], 1<<30)
	big := webp(t, lossless)
	copy(big[21:], "\xff\xff\xff\x0f") // 16384 by 16384
	return map[string][]byte{
		"PNG": huge, "JPEG": wide, "progressive JPEG": progressive, "moving WebP": animation, "lossy WebP": longer, "lossless WebP": big,
		"GIF": []byte("GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x02D\x01\x00;"),
	}
}

func TestPicturesThatWouldNeedTooMuchAreLeft(t *testing.T) {
	for name, content := range bombs(t) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := drawn(t, content)
		runtime.ReadMemStats(&after)
		if !errors.Is(err, file.ErrNoPicture) {
			t.Errorf("%s ends with %v", name, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
			t.Errorf("%s of %d bytes took %d MB", name, len(content), took>>20)
		}
	}
}

func TestWhatIsNoWholePictureIsLeft(t *testing.T) {
	whole := map[string][]byte{"PNG": asPNG(t, quarters(600, 600)), "JPEG": asJPEG(t, quarters(600, 600)), "WebP": webp(t, alpha), "animation": webp(t, moving)}
	for name, content := range whole {
		for _, cut := range []int{0, 3, 11, 12, 20, len(content) / 3, len(content) * 3 / 4} {
			if _, _, err := drawn(t, content[:min(cut, len(content)-6)]); !errors.Is(err, file.ErrNoPicture) {
				t.Errorf("%s cut after %d ends with %v", name, cut, err)
			}
		}
	}
	for _, content := range []string{"words", "%PDF-1.7", "\x00\x00\x00\x20ftypavif", "GIF89a<script>"} {
		if _, _, err := drawn(t, []byte(content)); !errors.Is(err, file.ErrNoPicture) {
			t.Errorf("%q ends with %v", content, err)
		}
	}
}

// failing is a picture that cannot be read to its end.
type failing struct {
	*bytes.Reader

	left int
}

var errBroken = errors.New("the line broke")

func (f *failing) Read(p []byte) (int, error) {
	if f.left <= 0 {
		return 0, errBroken
	}
	n, err := f.Reader.Read(p[:min(len(p), f.left)])
	f.left -= n
	return n, err
}

func TestWhatCannotBeReadIsNoFaultOfThePicture(t *testing.T) {
	content := asPNG(t, quarters(2000, 2000))
	_, _, err := thumbnail.New().Draw(t.Context(), &failing{bytes.NewReader(content), len(content) / 2}, 320)
	if !errors.Is(err, errBroken) || errors.Is(err, file.ErrNoPicture) {
		t.Errorf("it ends with %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, _, err := thumbnail.New().Draw(ended, bytes.NewReader(content), 320); !errors.Is(err, context.Canceled) {
		t.Errorf("in a program that ends it ends with %v", err)
	}
}

// FuzzDraw: whatever comes, drawing ends, with a picture or without one.
func FuzzDraw(f *testing.F) {
	for _, content := range bombs(f) {
		f.Add(content)
	}
	for _, encoded := range []string{lossy, lossless, alpha, moving} {
		f.Add(webp(f, encoded))
	}
	f.Add(shot(asJPEG(f, quarters(16, 16)), 6, binary.LittleEndian))
	f.Add(asPNG(f, quarters(16, 16)))
	f.Fuzz(func(t *testing.T, content []byte) {
		about, small, err := thumbnail.New().Draw(t.Context(), bytes.NewReader(content), 320)
		switch {
		case err != nil && !errors.Is(err, file.ErrNoPicture):
			t.Fatal(err)
		case err == nil && (about.Width < 1 || about.Height < 1 || max(about.Width, about.Height) > 320 || len(small) == 0):
			t.Fatalf("it becomes %+v", about)
		}
		_, _ = io.Discard.Write(small)
	})
}
