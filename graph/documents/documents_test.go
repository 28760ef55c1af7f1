package documents_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ticketsys/ticketsys/graph/documents"
)

const (
	one = "query One { viewer { id } }"
	two = "query Two { viewer { name } }"
)

func sound(string) error { return nil }

func files() fstest.MapFS {
	manifest, _ := json.Marshal(map[string]string{"sha256:" + documents.Hash(two): two})
	return fstest.MapFS{
		"app/one.graphql": {Data: []byte(one)}, "manifest.json": {Data: manifest}, "README.md": {Data: []byte("not a document")},
	}
}

func TestTrustedDocuments(t *testing.T) {
	for _, c := range []struct {
		mode      documents.Mode
		trusted   error
		other     error
		otherHash error
	}{
		{documents.Off, documents.ErrUnknown, nil, documents.ErrUnknown},
		{documents.Prefer, nil, nil, documents.ErrUnknown},
		{documents.Require, nil, documents.ErrUntrusted, documents.ErrUntrusted},
	} {
		s, err := documents.Load(files(), c.mode, sound)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{one, two} {
			for _, id := range []string{documents.Hash(text), "sha256:" + documents.Hash(text)} {
				found, err := s.Find(id)
				if !errors.Is(err, c.trusted) || err == nil && found != text {
					t.Errorf("%s: %q %v", c.mode, found, err)
				}
			}
			if err := s.Admit(text); err != nil {
				t.Errorf("%s: a trusted document is refused when it is sent whole: %v", c.mode, err)
			}
		}
		if err := s.Admit("{ other }"); !errors.Is(err, c.other) {
			t.Errorf("%s: another document: %v", c.mode, err)
		}
		if _, err := s.Find(documents.Hash("{ other }")); !errors.Is(err, c.otherHash) {
			t.Errorf("%s: another hash: %v", c.mode, err)
		}
		if err := s.Register(documents.Hash("{ other }"), "{ other }"); !errors.Is(err, c.other) {
			t.Errorf("%s: another is registered: %v", c.mode, err)
		}
	}
}

func TestUnsoundFilesAreRefused(t *testing.T) {
	bad := errors.New("no such field")
	for name, c := range map[string]struct {
		files fstest.MapFS
		check func(string) error
		says  string
	}{
		"none":        {fstest.MapFS{"x.txt": {}}, sound, "no document"},
		"unsound":     {files(), func(string) error { return bad }, "no such field"},
		"no manifest": {fstest.MapFS{"m.json": {Data: []byte("[1]")}}, sound, "m.json"},
		"wrong hash":  {fstest.MapFS{"m.json": {Data: []byte(`{"abc": "{ viewer { id } }"}`)}}, sound, "hash"},
	} {
		if _, err := documents.Load(c.files, documents.Require, c.check); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatClientsRegisterIsBounded(t *testing.T) {
	s := &documents.Store{}
	if err := s.Register(documents.Hash(one), two); !errors.Is(err, documents.ErrHash) {
		t.Errorf("under another's hash: %v", err)
	}
	text := func(i int) string { return fmt.Sprintf("{ a%d } #%s", i, strings.Repeat("x", 1<<20)) }
	for i := range 10 {
		for range 2 { // the second time changes nothing
			if err := s.Register(documents.Hash(text(i)), text(i)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if _, err := s.Find(documents.Hash(text(0))); !errors.Is(err, documents.ErrUnknown) {
		t.Errorf("the oldest is still there: %v", err)
	}
	if found, err := s.Find(documents.Hash(text(9))); err != nil || found != text(9) {
		t.Errorf("the newest is not there: %v", err)
	}
}
