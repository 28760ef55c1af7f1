package discordtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// attachment is a stored file of a message.
type attachment struct {
	ID          ID     `json:"id"`
	Filename    string `json:"filename"`
	Title       string `json:"title,omitempty"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
	path        string
}

// linkLife is how long a link to a file works; every reading of its message gives a fresh one.
const linkLife = 24 * time.Hour

// store keeps the files and returns the attachments that link to them.
func (s *Server) store(ch ID, files []upload) []attachment {
	var out []attachment
	for _, f := range files {
		id := s.newID()
		name := safeName(f.name)
		place := fmt.Sprintf("/attachments/%s/%s/%s", ch, id, name)
		s.files[place] = f.data
		kind := f.contentType
		if kind == "" || kind == "application/octet-stream" {
			kind = http.DetectContentType(f.data)
		}
		a := attachment{ID: id, Filename: name, ContentType: kind, Size: len(f.data), path: place}
		if name != f.name {
			a.Title = strings.TrimSuffix(f.name, extension(f.name))
		}
		out = append(out, a)
	}
	return out
}

func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[i:]
	}
	return ""
}

var unsafeName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`[^\w.-]+`) })

// safeName is what Discord makes of a file's name: the rest of it stands in its title.
func safeName(name string) string { return unsafeName().ReplaceAllString(strings.TrimSpace(name), "_") }

// signed is the attachment with links that work for a day from now.
func (s *Server) signed(a attachment) attachment {
	now := s.now()
	issued, expires := strconv.FormatInt(now.Unix(), 16), strconv.FormatInt(now.Add(linkLife).Unix(), 16)
	query := "?ex=" + expires + "&is=" + issued + "&hm=" + s.seal(a.path, expires, issued) + "&"
	a.URL = s.APIURL() + a.path + query
	a.ProxyURL = a.URL
	return a
}

func (s *Server) signedAll(list []attachment) []attachment {
	out := make([]attachment, 0, len(list))
	for _, a := range list {
		out = append(out, s.signed(a))
	}
	return out
}

func (s *Server) seal(path, expires, issued string) string {
	mac := hmac.New(sha256.New, []byte(s.app.token))
	_, _ = fmt.Fprint(mac, path, "\n", expires, "\n", issued)
	return hex.EncodeToString(mac.Sum(nil))
}

// serveFile is the CDN: it serves a file to who has a link that is signed and not yet expired.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, ok := s.files[r.URL.Path]
	now := s.now()
	s.mu.Unlock()
	query := r.URL.Query()
	expires, err := strconv.ParseInt(query.Get("ex"), 16, 64)
	sealed := query.Get("hm") == s.seal(r.URL.Path, query.Get("ex"), query.Get("is"))
	if !ok || err != nil || !sealed || !now.Before(time.Unix(expires, 0)) {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", http.DetectContentType(data))
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data)
}
