package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// shelf is where a program keeps its files, as one finds it from outside.
type shelf struct {
	url     string                     // TICKETSYS_FILES_URL
	objects func(t *testing.T) (n int) // that are whole
	drafts  func(t *testing.T) (n int) // that are not
}

func (s *shelf) holds(t *testing.T, when string, objects, drafts int) {
	t.Helper()
	if n, m := s.objects(t), s.drafts(t); n != objects || m != drafts {
		t.Errorf("%s there are %d objects and %d drafts, want %d and %d", when, n, m, objects, drafts)
	}
}

// inFolderOf is the folder of a program.
func inFolderOf(dataDir string) *shelf {
	count := func(pattern string) func(t *testing.T) int {
		return func(t *testing.T) int {
			t.Helper()
			found, err := filepath.Glob(filepath.Join(dataDir, "files", "*", pattern))
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		}
	}
	return &shelf{objects: count("*[0-9]"), drafts: count("*.tmp")}
}

// byS3 is a server in this process.
func byS3(t *testing.T) *shelf {
	t.Helper()
	store := s3mem.New()
	if err := store.CreateBucket("files"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(store).Server())
	t.Cleanup(server.Close)
	count := func(query, what string) func(t *testing.T) int {
		return func(t *testing.T) int {
			t.Helper()
			status, body := sends(t, http.MethodGet, server.URL+"/files?"+query, "", http.NoBody)
			if status != http.StatusOK {
				t.Fatalf("%s is answered %d %s", query, status, body)
			}
			return strings.Count(string(body), what)
		}
	}
	return &shelf{
		url:     "s3://files?endpoint=" + url.QueryEscape(server.URL),
		objects: count("list-type=2", "<Key>"), drafts: count("uploads", "<UploadId>"),
	}
}

// sends asks as a client does, and gives what is answered; 0 if nothing is.
func sends(t *testing.T, method, address, token string, body io.Reader) (int, []byte) {
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Error(err)
		return 0, nil
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, nil
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		return 0, nil
	}
	return res.StatusCode, all
}

// A program that is killed in the middle of an upload leaves what nobody is shown; the
// upload is made again by the same link, and what was left is swept.
func TestAnUploadDuringWhichTheProgramIsKilledIsMadeAgain(t *testing.T) {
	for _, where := range []string{"folder", "S3"} {
		t.Run(where, func(t *testing.T) {
			env := append(inFolder(t), "AWS_ACCESS_KEY_ID", "a", "AWS_SECRET_ACCESS_KEY", "b")
			get := environment(env...)
			folder, _ := get("TICKETSYS_DATA_DIR")
			s := inFolderOf(folder)
			if where == "S3" {
				t.Setenv("AWS_ACCESS_KEY_ID", "a")
				t.Setenv("AWS_SECRET_ACCESS_KEY", "b")
				s = byS3(t)
				env = append(env, "TICKETSYS_FILES_URL", s.url)
			}
			killedUpload(t, env, s)
			sweptLater(t, env, s)
		})
	}
}

func killedUpload(t *testing.T, env []string, s *shelf) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	c := newChild(env)
	at := reached(ctx, t, c, c.start)
	token := strings.TrimSpace(ticketsys(ctx, t, env, "token", "--role", "agent").out)
	var begun struct {
		Attachment struct{ ID string }
		UploadURL  string
	}
	decoded(t, &begun)(sends(t, http.MethodPost, at+"/api/v1/attachments", token, strings.NewReader(`{"name":"a.bin"}`)))
	half, more := io.Pipe()
	go func() {
		_, _ = more.Write(make([]byte, 12<<20))
		for tick := time.NewTicker(10 * time.Millisecond); s.drafts(t) == 0 && ctx.Err() == nil; {
			<-tick.C
		}
		_ = c.kill(ctx) // which is looked at below
		_ = more.CloseWithError(errors.New("the line broke"))
	}()
	if status, body := sends(t, http.MethodPut, at+begun.UploadURL, "", half); status == http.StatusCreated {
		t.Fatalf("half of a file is answered %d %s", status, body)
	}
	at = reached(ctx, t, c, nil)
	if c.killed() != 1 {
		t.Fatalf("the program was killed %d times", c.killed())
	}
	s.holds(t, "after the kill", 0, 1)
	var seen struct {
		State string
		URL   *string
	}
	decoded(t, &seen)(sends(t, http.MethodGet, at+"/api/v1/attachments/"+begun.Attachment.ID, token, http.NoBody))
	if seen.State != "uploading" || seen.URL != nil {
		t.Errorf("half of a file is shown as %+v", seen)
	}
	whole := bytes.Repeat([]byte("whole"), 2<<20)
	if status, body := sends(t, http.MethodPut, at+begun.UploadURL, "", bytes.NewReader(whole)); status != http.StatusCreated {
		t.Fatalf("the upload is answered %d %s", status, body)
	}
	decoded(t, &seen)(sends(t, http.MethodGet, at+"/api/v1/attachments/"+begun.Attachment.ID, token, http.NoBody))
	if _, body := sends(t, http.MethodGet, at+*seen.URL, "", http.NoBody); !bytes.Equal(body, whole) {
		t.Errorf("the file reads %d bytes", len(body))
	}
	if err := c.stop(); err != nil {
		t.Errorf("the program ended with %v\n%s", err, c.log())
	}
}

// sweptLater lets half a day pass.
func sweptLater(t *testing.T, env []string, s *shelf) {
	t.Helper()
	s.holds(t, "before the sweep", 1, 1)
	config, err := Environment(environment(env...))
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), config, appOptions{Logger: slog.New(slog.DiscardHandler), Exclusive: true})
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(12 * time.Hour)
	if err := errors.Join(a.files.Sweep(t.Context(), later), a.bucket.Sweep(t.Context(), later), a.Close()); err != nil {
		t.Error(err)
	}
	s.holds(t, "after the sweep", 1, 0)
}

// reached starts the program, if it is to be, and gives where it is.
func reached(ctx context.Context, t *testing.T, c *child, start func(context.Context) error) string {
	t.Helper()
	if start != nil {
		if err := start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	address, err := c.reach(ctx)
	if err != nil {
		t.Fatalf("%v\n%s", err, c.log())
	}
	return "http://" + address
}

func decoded(t *testing.T, into any) func(status int, body []byte) {
	t.Helper()
	return func(status int, body []byte) {
		t.Helper()
		if err := json.Unmarshal(body, into); err != nil || status/100 != 2 {
			t.Fatalf("answered %d %s: %v", status, body, err)
		}
	}
}
