package blob_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/ticketsys/ticketsys/adapters/blob"
)

// stumbling is a server that speaks S3 and takes what comes with every other try.
func stumbling(t *testing.T) (address string, refused *atomic.Int32) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "of this test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "of this test")
	store := s3mem.New()
	if err := store.CreateBucket(bucketName); err != nil {
		t.Fatal(err)
	}
	sound := gofakes3.New(store).Server()
	tries := &atomic.Int32{}
	refused = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPut && tries.Add(1)%2 == 1 {
			_, _ = io.Copy(io.Discard, r.Body)
			refused.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		sound.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return "s3://" + bucketName + "?endpoint=" + url.QueryEscape(server.URL), refused
}

func TestWhatDoesNotArriveIsSentAgain(t *testing.T) {
	address, refused := stumbling(t)
	b, err := blob.OpenURL(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, size := range []int{10, 1 << 20, 11 << 20} {
		sent := bytes.Repeat([]byte("0123456789abcde"), size/15+1)
		if err := b.Write(t.Context(), "1/2", bytes.NewReader(sent)); err != nil {
			t.Fatalf("%d bytes are stored with %v", size, err)
		}
		content, err := b.Open(t.Context(), "1/2")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(content)
		if err != nil || !bytes.Equal(got, sent) {
			t.Errorf("of %d bytes %d came back, the same: %v, %v", len(sent), len(got), bytes.Equal(got, sent), err)
		}
		if err := content.Close(); err != nil {
			t.Error(err)
		}
	}
	if n := refused.Load(); n < 5 { // one for each part
		t.Errorf("only %d tries were refused", n)
	}
}

func TestPartsLeaveNoFileBehind(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	b := startElsewhere(t).open(t, "")
	seen := false
	looking := readerFunc(func(p []byte) (int, error) {
		named, err := filepath.Glob(filepath.Join(folder, "*"))
		if seen = true; err != nil || len(named) != 0 {
			t.Errorf("while a file is written there are %v, %v", named, err)
		}
		return len(p), nil
	})
	if err := b.Write(t.Context(), "1/2", io.LimitReader(looking, 6<<20)); err != nil || !seen {
		t.Fatal(seen, err)
	}
	if named, err := os.ReadDir(folder); err != nil || len(named) != 0 {
		t.Errorf("afterwards there are %v, %v", named, err)
	}
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

func TestABucketWithoutAPlaceForPartsIsRefused(t *testing.T) {
	e := startElsewhere(t)
	t.Setenv("TMPDIR", filepath.Join(t.TempDir(), "missing"))
	if b, err := blob.OpenURL(t.Context(), e.url); err == nil {
		t.Error("it is opened")
		_ = b.Close()
	}
}
