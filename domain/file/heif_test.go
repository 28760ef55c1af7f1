package file_test

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/file"
)

// box writes a part of a file in the base media format.
func box(kind string, parts ...string) string {
	body := strings.Join(parts, "")
	return string(binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))) + kind + body //nolint:gosec // it is short
}

const fullBox = "\x00\x00\x00\x00"

func ispe(width, height uint32) string {
	return box("ispe", fullBox, string(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)))
}

// picture is what a camera writes: tiles of 512 pixels, a small picture, and the one to
// show, which is item 3.
func picture(brand, pitm, turn, ipma string) string {
	return box("ftyp", brand, "\x00\x00\x00\x00mif1", brand) + box("free", "abc") + box("meta", fullBox,
		box("hdlr", fullBox, "\x00\x00\x00\x00pict"), pitm,
		box("iprp", box("ipco", ispe(512, 512), box("hvcC", "x"), ispe(320, 240), ispe(4032, 3024), box("irot", turn)), ipma),
	) + box("mdat", strings.Repeat("x", 100))
}

func TestPicturesInBoxesAreMeasured(t *testing.T) {
	third := box("pitm", fullBox, "\x00\x03")
	properties := box("ipma", fullBox, "\x00\x00\x00\x03", "\x00\x01\x02\x81\x02", "\x00\x02\x01\x03", "\x00\x03\x02\x84\x85")
	wide := box("ipma", "\x01\x00\x00\x01", "\x00\x00\x00\x01", "\x00\x00\x00\x03\x02\x80\x04\x80\x05")
	for name, c := range map[string]struct {
		content       string
		width, height int
	}{
		"as it was taken":      {picture("heic", third, "\x00", properties), 4032, 3024},
		"AVIF":                 {picture("avif", third, "\x00", properties), 4032, 3024},
		"held upright":         {picture("heic", third, "\x03", properties), 3024, 4032},
		"upside down":          {picture("heic", third, "\x02", properties), 4032, 3024},
		"long numbers":         {picture("heic", box("pitm", "\x01\x00\x00\x00", "\x00\x00\x00\x03"), "\x01", wide), 3024, 4032},
		"no primary item":      {picture("heic", "", "\x00", properties), 0, 0},
		"no property":          {picture("heic", third, "\x00", ""), 0, 0},
		"a property of none":   {picture("heic", third, "\x00", box("ipma", fullBox, "\x00\x00\x00\x01", "\x00\x03\x01\x7f")), 0, 0},
		"cut":                  {picture("heic", third, "\x00", properties)[:140], 0, 0},
		"a box of no length":   {box("ftyp", "heic") + "\x00\x00\x00\x04meta", 0, 0},
		"a count beyond all":   {picture("heic", third, "\x00", box("ipma", fullBox, "\xff\xff\xff\xff", "\x00\x01\xff")), 0, 0},
		"a length beyond all":  {box("ftyp", "heic") + "\x00\x00\x00\x01meta\xff\xff\xff\xff\xff\xff\xff\xff", 0, 0},
		"the size of no image": {strings.ReplaceAll(picture("heic", third, "\x00", properties), "\x00\x00\x0f\xc0", "\xff\xff\xff\xff"), 0, 0},
	} {
		if w, h := file.Measure([]byte(c.content)); w != c.width || h != c.height {
			t.Errorf("%s: it measures %d × %d, want %d × %d", name, w, h, c.width, c.height)
		}
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add([]byte(picture("heic", box("pitm", fullBox, "\x00\x03"), "\x01", box("ipma", fullBox, "\x00\x00\x00\x01", "\x00\x03\x02\x84\x85"))))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8X"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if w, h := file.Measure(head); w < 0 || h < 0 || w > 1<<20 || h > 1<<20 {
			t.Errorf("it measures %d × %d", w, h)
		}
	})
}
