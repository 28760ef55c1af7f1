package file_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"path"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/file"
)

func TestNamesAreNothingButNames(t *testing.T) {
	for name, want := range map[string]string{
		"report.pdf": "report.pdf", "../../etc/passwd": "passwd", `C:\Users\x\a.txt`: "a.txt", "": "file", "...": "file", "été 日本.png": "été 日本.png",
		"a\x00b\nc.txt": "ab c.txt", "evil\u202egnp.exe": "evilgnp.exe", ".htaccess": "htaccess", "a<b>:\"|?*.txt": "a_b______.txt", "  x  y ": "x y",
		"/": "file", "???": "file", "con\u200bfig.ini": "config.ini", strings.Repeat("é", 200) + ".tar.gz": strings.Repeat("é", 117) + ".gz",
		"\xff\xfe.txt": "_.txt",
	} {
		if got := file.SafeName(name); got != want {
			t.Errorf("%q is called %q, want %q", name, got, want)
		}
	}
}

func TestAnyNameIsMadeSafeOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := file.SafeName(rapid.OneOf(rapid.String(), rapid.StringMatching(`[./\\ <>:"|?*a-z\x00-\x20]{0,300}`)).Draw(t, "name"))
		switch {
		case name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > file.MaxName:
			t.Fatalf("%q is no name", name)
		case strings.ContainsAny(name, "/\\<>:\"|?*") || strings.ContainsFunc(name, unicode.IsControl) || path.Base(name) != name || name[0] == '.':
			t.Fatalf("%q is not safe", name)
		case file.SafeName(name) != name:
			t.Fatalf("%q becomes %q", name, file.SafeName(name))
		}
	})
}

func TestTypesAreToldByContent(t *testing.T) {
	for content, want := range map[string]string{
		"":                             file.PlainText,
		"plain words":                  file.PlainText,
		"<html><script>":               file.PlainText,
		"caf\xc3":                      file.PlainText, // cut within a character
		"\x00\x01":                     file.Binary,
		"\xc3(":                        file.Binary,
		"%PDF-1.4":                     "application/pdf",
		"PK\x03\x04word/document":      "application/zip",
		"RIFF\x00\x00\x00\x00WEBPVP8 ": "image/webp",
		"RIFF\x00\x00\x00\x00WAVEfmt ": "audio/wav",
		"\x00\x00\x00\x20ftypisom":     "video/mp4",
		"\x00\x00\x00\x20ftypavif":     "image/avif",
		"\x1a\x45\xdf\xa3":             "video/webm",
		"\xff\xd8\xff\xe0":             "image/jpeg",
	} {
		if got := file.Sniff([]byte(content)); got != want {
			t.Errorf("%q is %q, want %q", content, got, want)
		}
	}
}

func TestPicturesAreMeasured(t *testing.T) {
	picture := image.NewPaletted(image.Rect(0, 0, 7, 5), color.Palette{color.Black, color.White})
	var asPNG, asJPEG, asGIF bytes.Buffer
	for _, err := range []error{png.Encode(&asPNG, picture), jpeg.Encode(&asJPEG, picture, nil), gif.Encode(&asGIF, picture, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	webp := func(kind, rest string) string {
		return "RIFF\x00\x00\x00\x00WEBP" + kind + rest + strings.Repeat("\x00", 20)
	}
	for name, content := range map[string]string{
		"png": asPNG.String(), "jpeg": asJPEG.String(), "gif": asGIF.String(),
		"webp, lossy":    webp("VP8 ", "\x00\x00\x00\x00\x00\x00\x00\x9d\x01\x2a\x07\x00\x05\x00"),
		"webp, lossless": webp("VP8L", "\x00\x00\x00\x00\x2f\x06\x00\x01\x00"),
		"webp, extended": webp("VP8X", "\x00\x00\x00\x00\x00\x00\x00\x00\x06\x00\x00\x04\x00\x00"),
	} {
		if w, h := file.Measure([]byte(content)); w != 7 || h != 5 {
			t.Errorf("%s measures %d by %d", name, w, h)
		}
	}
	for _, content := range []string{"", "\x89PNG\r\n\x1a\n", "GIF89a", "RIFF....WEBPVP8X", "words"} {
		if w, h := file.Measure([]byte(content)); w != 0 || h != 0 {
			t.Errorf("%q measures %d by %d", content, w, h)
		}
	}
}

// FuzzFacts: whatever is uploaded, looking at it ends.
func FuzzFacts(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"))
	f.Add([]byte("RIFF\x00\x00\x00\x00WEBPVP8X"))
	f.Add([]byte("GIF89a\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, content []byte) {
		w, h := file.Measure(content)
		if w < 0 || h < 0 || (w == 0) != (h == 0) {
			t.Errorf("%d by %d", w, h)
		}
		if kind := file.Sniff(content); kind == "" || strings.Contains(kind, "html") || strings.Contains(kind, "svg") || strings.Contains(kind, "script") {
			t.Errorf("%q is %q", content, kind)
		}
	})
}
