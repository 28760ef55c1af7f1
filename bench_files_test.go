package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// transferred is how large the file of BenchmarkFileMemory is.
const transferred = 100_000_000

// BenchmarkFileMemory starts the program as a new user does, lets it settle, uploads a
// file of 100 MB by a link and opens it again by another. For each way it reports how
// much more was resident at the highest than when the program was idle: all that the
// system counts, the program's own memory alone, and all beyond what was resident when
// the link had been given. What is not its own are pages of its file, which an idle
// program gives back and which come again when they are used for the first time, by
// whatever request.
func BenchmarkFileMemory(b *testing.B) {
	if _, err := os.Stat("/proc/self/clear_refs"); err != nil {
		b.Skip("this system does not tell the highest of what was resident in /proc")
	}
	binary := installed(b, b.TempDir())
	b.Run("folder", func(b *testing.B) { measureFiles(b, binary, "") })
	b.Run("S3", func(b *testing.B) {
		store := s3mem.New()
		if err := store.CreateBucket("files"); err != nil {
			b.Fatal(err)
		}
		server := httptest.NewServer(gofakes3.New(store).Server())
		defer server.Close()
		measureFiles(b, binary, "s3://files?endpoint="+url.QueryEscape(server.URL))
	})
}

func measureFiles(b *testing.B, binary, files string) {
	b.Helper()
	for b.Loop() {
		p := startProgram(b, binary, files)
		idle, idleOwn := settled(b, p.pid)
		upload, open := p.begins(b)
		p.measures(b, "up", idle, idleOwn, func() { p.puts(b, upload) })
		link := open()
		p.measures(b, "down", idle, idleOwn, func() { p.gets(b, link) })
		b.ReportMetric(idle, "MB-idle")
		p.stop()
	}
}

func (p *loaded) measures(b *testing.B, way string, idle, idleOwn float64, do func()) {
	b.Helper()
	before := resident(b, p.pid, "VmRSS:")
	all, own := p.highest(b, do)
	b.ReportMetric(all-idle, "MB-more-"+way)
	b.ReportMetric(own-idleOwn, "MB-own-more-"+way)
	b.ReportMetric(all-before, "MB-beyond-"+way)
}

// loaded is the running program, as a client meets it.
type loaded struct {
	pid         int
	base, token string
	stop        func()
}

func startProgram(b *testing.B, binary, files string) *loaded {
	b.Helper()
	folder := b.TempDir()
	env := append(os.Environ(), "TICKETSYS_DATABASE_URL=sqlite://"+filepath.Join(folder, "t.db"), "TICKETSYS_LISTEN=127.0.0.1:0",
		"TICKETSYS_DATA_DIR="+folder, "TICKETSYS_FILES_URL="+files, "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b")
	serve := exec.CommandContext(b.Context(), binary, "serve")
	serve.Env = env
	out, err := serve.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		b.Fatal(err)
	}
	p := &loaded{pid: serve.Process.Pid, stop: func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
	}}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, at, found := strings.Cut(lines.Text(), "browser: "); found {
			p.base = strings.TrimSuffix(at, "/graphql")
			break
		}
	}
	token := exec.CommandContext(b.Context(), binary, "token", "--role", "agent")
	token.Env = env
	raw, err := token.Output()
	if err != nil {
		b.Fatal(err)
	}
	p.token = strings.TrimSpace(string(raw))
	return p
}

// highest does something and gives the highest of what was resident meanwhile, and of
// the program's own, which is looked at every few milliseconds.
func (p *loaded) highest(b *testing.B, do func()) (all, own float64) {
	b.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.pid), []byte("5"), 0); err != nil {
		b.Fatal(err)
	}
	var most atomic.Int64
	watching, end := context.WithCancel(b.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		look := time.NewTicker(2 * time.Millisecond)
		defer look.Stop()
		for watching.Err() == nil {
			most.Store(max(most.Load(), int64(1e6*resident(b, p.pid, "RssAnon:"))))
			<-look.C
		}
	}()
	do()
	end()
	<-watched
	return resident(b, p.pid, "VmHWM:"), float64(most.Load()) / 1e6
}

func (p *loaded) asks(b *testing.B, method, path string, body io.Reader, into any) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), method, p.base+path, body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("Content-Type", "application/json")
	p.answered(b, r, func(body io.Reader) error { return json.NewDecoder(body).Decode(into) })
}

func (p *loaded) answered(b *testing.B, r *http.Request, read func(io.Reader) error) {
	b.Helper()
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		raw, _ := io.ReadAll(res.Body)
		b.Fatalf("%s %s is answered %d %s", r.Method, r.URL.Path, res.StatusCode, raw)
	}
	if err := read(res.Body); err != nil {
		b.Fatal(err)
	}
}

// begins gives the address to upload to, and afterwards the one to open.
func (p *loaded) begins(b *testing.B) (upload string, open func() string) {
	b.Helper()
	var begun struct {
		Attachment struct{ ID string }
		UploadURL  string
	}
	p.asks(b, http.MethodPost, "/api/v1/attachments", bytes.NewReader([]byte(`{"name":"large.bin"}`)), &begun)
	return begun.UploadURL, func() string {
		var stored struct{ URL string }
		p.asks(b, http.MethodGet, "/api/v1/attachments/"+begun.Attachment.ID, nil, &stored)
		return stored.URL
	}
}

func (p *loaded) puts(b *testing.B, link string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPut, p.base+link, io.LimitReader(pattern{}, transferred))
	if err != nil {
		b.Fatal(err)
	}
	r.ContentLength = transferred
	p.answered(b, r, func(body io.Reader) error { _, err := io.Copy(io.Discard, body); return err })
}

func (p *loaded) gets(b *testing.B, link string) {
	b.Helper()
	r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, p.base+link, nil)
	if err != nil {
		b.Fatal(err)
	}
	p.answered(b, r, func(body io.Reader) error {
		n, err := io.Copy(io.Discard, body)
		if err == nil && n != transferred {
			return fmt.Errorf("it has %d bytes", n)
		}
		return err
	})
}

// pattern is a file that is no text, and no end.
type pattern struct{}

// Read implements io.Reader.
func (pattern) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}
