package api

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
)

// byLink finds out on whose behalf a link to a file is used, and for which. What
// they may do is asked again, as it is now.
func (s *server) byLink(r *http.Request, upload bool) (access.Call, file.Link, error) {
	link, err := s.Files.ByLink(r.Context(), r.URL.Query().Get("link"), s.Now())
	if err != nil {
		return access.Call{}, link, err
	}
	if link.Upload != upload || r.PathValue("file") != link.Name() {
		return access.Call{}, link, file.ErrLink
	}
	actor, err := s.Auth.Named(r.Context(), link.Workspace, link.Member)
	if err == nil && actor.SignOuts != link.SignOuts {
		err = auth.ErrSignedOut
	}
	return access.Call{Actor: actor, Now: s.Now(), Origin: event.Origin{Channel: event.ChannelAPI}}, link, err
}

// download gives a file to who has a link to it. A browser shows pictures that
// can do nothing, and saves all else.
func (s *server) download(w http.ResponseWriter, r *http.Request) {
	c, link, err := s.byLink(r, false)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	a, content, err := s.Files.Open(r.Context(), c, link.Attachment)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	s.give(w, r, given{
		kind: a.ContentType, disposition: disposition(a, r.URL.Query().Has("download")), object: a.Blob, at: a.AddedAt, content: content,
	})
}

// thumbnail gives a picture in small, to who may open it.
func (s *server) thumbnail(w http.ResponseWriter, r *http.Request) {
	c, link, err := s.byLink(r, false)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	a, content, err := s.Files.Thumbnail(r.Context(), c, link.Attachment)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	s.give(w, r, given{kind: a.Thumbnail.ContentType, disposition: "inline", object: a.Thumbnail.Blob, at: a.AddedAt, content: content})
}

// given is what is in an object, and how it is to be seen.
type given struct {
	kind        string // as a media type
	disposition string
	object      id.Blob
	at          time.Time
	content     io.ReadSeekCloser
}

// give answers with an object, so that it can do nothing where it is opened.
func (s *server) give(w http.ResponseWriter, r *http.Request, g given) {
	defer g.content.Close()
	h := w.Header()
	h.Set("Content-Type", g.kind)
	h.Set("Content-Disposition", g.disposition)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin") // pages of allowed origins show pictures
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-cache") // who keeps it asks again whether it may be shown
	h.Set("ETag", `"`+g.object.String()+`"`)
	http.ServeContent(&patient{ResponseWriter: w, stalls: s.stalls(w)}, r, "", g.at, g.content)
}

func disposition(a *file.Attachment, download bool) string {
	how := "attachment"
	if !download && file.Inline(a.ContentType) {
		how = "inline"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": a.Name})
}

// upload takes the content of a file from who has a link for it.
func (s *server) upload(w http.ResponseWriter, r *http.Request) {
	c, link, err := s.byLink(r, true)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	if r.ContentLength > file.MaxSize {
		s.problem(w, r, file.ErrTooLarge)
		return
	}
	body := &steady{from: http.MaxBytesReader(w, r.Body, file.MaxSize+1), stalls: s.stalls(w)}
	a, err := s.Files.Upload(r.Context(), c, link.Attachment, body)
	if err != nil {
		s.problem(w, r, err)
		return
	}
	answer, _ := json.Marshal(struct { // of strings and numbers
		Name        string `json:"name"`
		ContentType string `json:"contentType"`
		Size        int64  `json:"size"`
		Width       int    `json:"width,omitempty"`
		Height      int    `json:"height,omitempty"`
	}{a.Name, a.ContentType, a.Size, a.Width, a.Height})
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(answer)
}

// stallLimit is how long a transfer may stand still.
const stallLimit = 30 * time.Second

// stalls bounds the standing still of one transfer.
type stalls struct {
	socket *http.ResponseController
	now    func() time.Time
}

func (s *server) stalls(w http.ResponseWriter) stalls {
	return stalls{http.NewResponseController(w), s.Now}
}

// patient writes for as long as the client goes on reading.
type patient struct {
	http.ResponseWriter

	stalls stalls
}

// Write implements http.ResponseWriter.
func (p *patient) Write(b []byte) (int, error) {
	_ = p.stalls.socket.SetWriteDeadline(p.stalls.now().Add(stallLimit)) // what cannot, has no socket
	return p.ResponseWriter.Write(b)
}

// steady reads for as long as the client goes on sending.
type steady struct {
	from   io.Reader
	stalls stalls
}

// Read implements io.Reader.
func (s *steady) Read(b []byte) (int, error) {
	until := s.stalls.now().Add(stallLimit)
	_ = s.stalls.socket.SetReadDeadline(until)
	_ = s.stalls.socket.SetWriteDeadline(until.Add(stallLimit)) // of the answer
	return s.from.Read(b)
}
