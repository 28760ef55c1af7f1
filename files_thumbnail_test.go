package main_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/adapters/thumbnail"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// screenshot is a picture of 800 by 600 pixels.
func screenshot(t *testing.T) string {
	t.Helper()
	p := image.NewPaletted(image.Rect(0, 0, 800, 600), color.Palette{color.White})
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// sized is what is told of a picture.
type sized struct {
	Width, Height *int
	Thumbnail     *struct {
		URL, ContentType string
		Width, Height    int
	}
}

// sized asks for the only file of the latest message.
func (f *face) sized(t *testing.T, who *member.Member, tk *ticket.Ticket) sized {
	t.Helper()
	var seen struct {
		Data struct {
			Ticket struct {
				Messages struct {
					Nodes []struct{ Attachments []sized }
				}
			}
		}
	}
	f.asks(t, who, `{ ticket(id: "`+scalar.Encode(scalar.Ticket, int64(tk.ID))+
		`") { messages(last: 1) { nodes { attachments { width height thumbnail { url contentType width height } } } } } }`, &seen)
	return seen.Data.Ticket.Messages.Nodes[0].Attachments[0]
}

func (f *face) draws(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	claims, err := s.Claim(t.Context(), file.ThumbnailConsumer, "me", time.Now().AddDate(100, 0, 0), time.Minute, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range claims {
		var blob id.Blob
		if err := json.Unmarshal([]byte(c.Key.Key), &blob); err != nil {
			t.Fatal(err)
		}
		if err := f.files.Draw(t.Context(), access.Call{Actor: access.System(c.Workspace), Now: f.Clock.Now()}, blob); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPictureIsShownInSmallToWhoMayOpenIt(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		f := newFace(t, s)
		f.files.Drawing(thumbnail.New())
		tk := f.Opens(t, f.Lea, f.Help)
		f.replies(t, f.Chidi, tk, "error <1>.png", screenshot(t))
		if early := f.sized(t, f.Lea, tk); early.Width == nil || *early.Width != 800 || *early.Height != 600 || early.Thumbnail != nil {
			t.Fatalf("before it is drawn the picture is %+v", early)
		}
		f.draws(t, s)
		of := f.sized(t, f.Lea, tk).Thumbnail
		if of == nil || of.Width != 320 || of.Height != 240 || of.ContentType != "image/jpeg" {
			t.Fatalf("the thumbnail is %+v", of)
		}
		w := f.opens(t, http.MethodGet, of.URL, "")
		small, kind, err := image.Decode(bytes.NewReader(w.Body.Bytes()))
		if err != nil || kind != "jpeg" || small.Bounds().Dx() != 320 {
			t.Errorf("it is answered %d %s, %v", w.Code, kind, err)
		}
		for header, want := range map[string]string{
			"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Content-Disposition": "inline",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s is %q, want %q", header, got, want)
			}
		}
		f.closes(t, tk, of.URL, w)
	})
}

// closes checks what does not open the thumbnail.
func (f *face) closes(t *testing.T, tk *ticket.Ticket, link string, opened *httptest.ResponseRecorder) {
	t.Helper()
	if same := f.opens(t, http.MethodGet, link, "", "If-None-Match", opened.Header().Get("ETag")); same.Code != http.StatusNotModified {
		t.Errorf("who has it already is answered %d", same.Code)
	}
	at, _, _ := strings.Cut(link, "?link=")
	if none := f.opens(t, http.MethodGet, at, ""); none.Code != http.StatusUnauthorized {
		t.Errorf("without a link it is answered %d", none.Code)
	}
	if put := f.opens(t, http.MethodPut, link, "x"); put.Code != http.StatusNotFound {
		t.Errorf("it may be written: %d", put.Code)
	}
	last := f.Read(t, tk.ID).Last.ID
	var gone struct{ Data struct{} }
	f.asks(t, f.Chidi, `mutation { deleteMessage(input: {ticketId: "`+scalar.Encode(scalar.Ticket, int64(tk.ID))+
		`", messageId: "`+scalar.Encode(scalar.Message, int64(last))+`"}) { message { id } } }`, &gone)
	if late := f.opens(t, http.MethodGet, link, ""); late.Code != http.StatusNotFound {
		body, _ := io.ReadAll(late.Body)
		t.Errorf("of a deleted message it is answered %d %s", late.Code, body[:min(len(body), 100)])
	}
	f.Clock.Advance(file.LinkLife + file.LinkStep)
	if late := f.opens(t, http.MethodGet, link, ""); late.Code != http.StatusUnauthorized {
		t.Errorf("an old link is answered %d", late.Code)
	}
}
