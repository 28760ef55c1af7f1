package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/diamondburned/arikawa/v3/utils/httputil"
	"github.com/diamondburned/arikawa/v3/utils/httputil/httpdriver"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

// uploadTimeout bounds a request that carries files.
const uploadTimeout = 5 * time.Minute

// sendFiles sends a message with files, which are read while it is sent.
func (c *Client) sendFiles(ctx context.Context, method, path string, p wire.Post, out any) error {
	ctx, cancel := context.WithTimeout(ctx, uploadTimeout)
	defer cancel()
	f, err := newForm(ctx, p)
	if err != nil {
		return err
	}
	patient := *c
	patient.timeout = uploadTimeout
	return patient.send(ctx, c.limited, method, path, out,
		httputil.WithContentType(f.contentType), httputil.WithBody(f), f.announce)
}

// form is a multipart request on its way. It opens each file when it comes to it.
type form struct {
	io.Reader

	contentType string
	length      int64

	mu     sync.Mutex // a transport may close what it still reads
	open   []io.Closer
	closed bool
}

// named is what the request says of a file beside its content.
type named struct {
	ID       string `json:"id"`
	Filename string `json:"filename"`
}

func newForm(ctx context.Context, p wire.Post) (*form, error) {
	f := &form{}
	var head bytes.Buffer
	parts := multipart.NewWriter(&head)
	var readers []io.Reader
	cut := func() { // what was written of the frame so far goes before what follows
		frame := bytes.Clone(head.Bytes())
		head.Reset()
		f.length += int64(len(frame))
		readers = append(readers, bytes.NewReader(frame))
	}
	if err := payload(parts, p); err != nil {
		return nil, err
	}
	for i, file := range p.Files {
		if _, err := parts.CreatePart(header("files["+strconv.Itoa(i)+"]", file)); err != nil {
			return nil, err
		}
		cut()
		f.length += file.Size
		readers = append(readers, &lazy{form: f, open: func() (io.ReadCloser, error) { return file.Open(ctx) }})
	}
	if err := parts.Close(); err != nil {
		return nil, err
	}
	cut()
	f.Reader, f.contentType = io.MultiReader(readers...), parts.FormDataContentType()
	return f, nil
}

// payload writes the message itself, and what its files are called.
func payload(parts *multipart.Writer, p wire.Post) error {
	names := make([]named, len(p.Files))
	for i, file := range p.Files {
		names[i] = named{strconv.Itoa(i), file.Name}
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("encode a request to Discord: %w", err)
	}
	list, err := json.Marshal(names)
	if err != nil {
		return fmt.Errorf("encode a request to Discord: %w", err)
	}
	w, err := parts.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="payload_json"`}, "Content-Type": {"application/json"},
	})
	if err != nil {
		return err
	}
	raw = append(append(raw[:len(raw)-1], `,"attachments":`...), append(list, '}')...)
	_, err = w.Write(raw)
	return err
}

func header(field string, file wire.File) textproto.MIMEHeader {
	name := strings.NewReplacer("\\", "\\\\", `"`, "\\\"", "\r", "", "\n", "").Replace(file.Name)
	return textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + field + `"; filename="` + name + `"`}, "Content-Type": {file.ContentType},
	}
}

// announce tells the request how long its body is, which a server may insist on.
func (f *form) announce(r httpdriver.Request) error {
	if plain, ok := r.(*httpdriver.DefaultRequest); ok {
		plain.ContentLength = f.length
	}
	return nil
}

// keep has a file closed with the form; false if that is closed already.
func (f *form) keep(c io.Closer) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.open = append(f.open, c)
	}
	return !f.closed
}

// Close implements io.Closer.
func (f *form) Close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	var failed []error
	for _, c := range f.open {
		failed = append(failed, c.Close())
	}
	f.open, f.closed = nil, true
	return errors.Join(failed...)
}

// lazy opens what it reads when it is read.
type lazy struct {
	form *form
	open func() (io.ReadCloser, error)
	from io.ReadCloser
}

// Read implements io.Reader.
func (l *lazy) Read(p []byte) (int, error) {
	if l.from == nil {
		from, err := l.open()
		if err != nil {
			return 0, err
		}
		if !l.form.keep(from) {
			return 0, errors.Join(io.ErrClosedPipe, from.Close())
		}
		l.from = from
	}
	return l.from.Read(p)
}
