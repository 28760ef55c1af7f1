package discordtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// upload is one file of a multipart request; index is the n of files[n].
type upload struct {
	index       int
	name        string
	contentType string
	data        []byte
}

var fileField = regexp.MustCompile(`^files?\[(\d+)\]$`)

// readMultipart turns a multipart request into its payload_json and files.
func (c *call) readMultipart() error {
	header := c.r.Header.Get("Content-Type")
	if !strings.HasPrefix(header, "multipart/form-data") {
		return nil
	}
	_, params, err := mime.ParseMediaType(header)
	if err != nil {
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	c.body = nil
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		if err := c.takePart(part); err != nil {
			return err
		}
	}
}

func (c *call) takePart(part *multipart.Part) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	if part.FormName() == "payload_json" {
		c.body = data
		return nil
	}
	if part.FileName() == "" {
		return nil
	}
	if len(data) > maxFile {
		return refuse(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
	}
	index := len(c.files)
	if m := fileField.FindStringSubmatch(part.FormName()); m != nil {
		index, _ = strconv.Atoi(m[1])
	}
	c.files = append(c.files, upload{index, part.FileName(), part.Header.Get("Content-Type"), data})
	return nil
}

const (
	maxFiles = 10
	maxFile  = 10 << 20
)

// attachment is a stored file of a message.
type attachment struct {
	ID          ID     `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
}

// store keeps the files and returns the attachments that link to them.
func (s *Server) store(ch *channel, files []upload) []attachment {
	var out []attachment
	for _, f := range files {
		id := s.newID()
		place := fmt.Sprintf("/attachments/%s/%s/%s", ch.id, id, safeName(f.name))
		s.files[place] = f.data
		kind := f.contentType
		if kind == "" {
			kind = http.DetectContentType(f.data)
		}
		url := s.APIURL() + place
		out = append(out, attachment{id, safeName(f.name), "", kind, len(f.data), url, url})
	}
	return out
}

var unsafeName = regexp.MustCompile(`[^\w.-]+`)

func safeName(name string) string { return unsafeName.ReplaceAllString(strings.TrimSpace(name), "_") }

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, ok := s.files[r.URL.Path]
	s.mu.Unlock()
	if !ok {
		http.Error(w, "This content is no longer available.", http.StatusNotFound)
		return
	}
	_, _ = w.Write(data)
}
