package blob_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/blob"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
)

func open(t *testing.T) (*blob.Bucket, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "new", "files")
	b, err := blob.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b, folder
}

// held lists all files in the folder, temporary ones too.
func held(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTheFolderKeepsTheContract(t *testing.T) {
	filetest.BucketSuite(t, func(t *testing.T) file.Bucket {
		b, _ := open(t)
		return b
	})
}

func TestOthersMayNotLookIntoTheFolder(t *testing.T) {
	_, folder := open(t)
	info, err := os.Stat(folder)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may look into the folder: %v, %v", info.Mode(), err)
	}
}

// broken gives some bytes and then an error.
type broken struct{ left int }

var errBroken = errors.New("the line broke")

func (b *broken) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, errBroken
	}
	n := min(len(p), b.left)
	b.left -= n
	return n, nil
}

func TestAWriteThatBreaksLeavesNoFile(t *testing.T) {
	b, folder := open(t)
	if err := b.Write(t.Context(), "1/2", &broken{left: 1 << 20}); !errors.Is(err, errBroken) {
		t.Errorf("the write ended with %v", err)
	}
	if all := held(t, folder); len(all) != 0 {
		t.Errorf("the folder holds %v", all)
	}
}

func TestAFolderThatCannotBeIsRefused(t *testing.T) {
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := blob.Open(filepath.Join(taken, "files")); err == nil {
		t.Error("a folder inside of a file was opened")
	}
}

// holding stops in the middle of a write, as a process does that is killed.
type holding struct {
	began chan<- struct{}
	goOn  <-chan struct{}
}

func (h holding) Read(p []byte) (int, error) {
	if h.began != nil {
		close(h.began)
	}
	<-h.goOn
	return 0, errBroken
}

func TestWhatABrokenWriteLeavesIsSweptOnceItIsOld(t *testing.T) {
	b, folder := open(t)
	left := filepath.Join(folder, "1", "4.18ec17597b69ede2.tmp")
	if err := b.Write(t.Context(), "1/2", strings.NewReader("kept")); err != nil {
		t.Fatal(err)
	}
	began, goOn, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() { ended <- b.Write(t.Context(), "1/3", holding{began, goOn}) }()
	<-began
	during := held(t, folder)
	close(goOn)
	<-ended
	if len(during) != 2 || filepath.Ext(during[1]) != ".tmp" {
		t.Errorf("a write in its middle leaves %v, which is not what is swept", during)
	}
	if err := os.WriteFile(left, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, when := range []struct {
		later time.Duration
		left  int
	}{{time.Hour, 2}, {7 * time.Hour, 1}} {
		if err := b.Sweep(t.Context(), time.Now().Add(when.later)); err != nil || len(held(t, folder)) != when.left {
			t.Errorf("%v later the folder holds %v, %v", when.later, held(t, folder), err)
		}
	}
}
