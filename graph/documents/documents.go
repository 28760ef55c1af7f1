// Package documents knows GraphQL documents by the SHA-256 of their text: those
// that an operator trusts, read from files at the start, and those that clients
// were allowed to register (automatic persisted queries), in a cache of bounded size.
package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"
)

// Mode is what trusted documents are for.
type Mode string

// The modes.
const (
	Off     Mode = "off"     // nothing is trusted: clients send any document, and may register it
	Prefer  Mode = "prefer"  // trusted ones are known by their hash; others may be sent and registered
	Require Mode = "require" // nothing but trusted ones is run
)

// Modes lists the modes.
func Modes() []Mode { return []Mode{Off, Prefer, Require} }

// The refusals.
var (
	ErrUnknown   = errors.New("no document has this hash")
	ErrHash      = errors.New("the hash is not that of the document")
	ErrUntrusted = errors.New("this document is not trusted")
)

// MaxRegistered is how much text clients may register, in bytes, in all. Beyond
// it the oldest go.
const MaxRegistered = 8 << 20

// Store finds documents. Its zero value trusts none and lets register.
type Store struct {
	mode    Mode
	trusted map[string]string // text by hash

	mu         sync.Mutex
	registered map[string]string
	order      []string // hashes, oldest first
	size       int
}

// Load reads trusted documents: each file *.graphql or *.gql below a folder is
// one, and each file *.json is an object of texts by hash, as compilers of
// clients write it. Check refuses a document that the schema does not know.
func Load(files fs.FS, mode Mode, check func(text string) error) (*Store, error) {
	s := &Store{mode: mode, trusted: map[string]string{}}
	if mode == Off || mode == "" {
		return s, nil
	}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		texts, err := read(files, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		for _, text := range texts {
			if err := check(text); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			s.trusted[Hash(text)] = text
		}
		return nil
	})
	if err == nil && len(s.trusted) == 0 {
		err = errors.New("there is no document")
	}
	return s, err
}

func read(files fs.FS, name string) ([]string, error) {
	ending := path.Ext(name)
	if ending != ".graphql" && ending != ".gql" && ending != ".json" {
		return nil, nil
	}
	raw, err := fs.ReadFile(files, name)
	if err != nil || ending != ".json" {
		return []string{string(raw)}, err
	}
	byHash := map[string]string{}
	if err := json.Unmarshal(raw, &byHash); err != nil {
		return nil, errors.New("it must be an object of documents by their hash")
	}
	var texts []string
	for hash, text := range byHash {
		if strings.TrimPrefix(hash, prefix) != Hash(text) {
			return nil, fmt.Errorf("%w: %q", ErrHash, hash)
		}
		texts = append(texts, text)
	}
	return texts, nil
}

// prefix begins a document ID that is a hash, as GraphQL over HTTP has it.
const prefix = "sha256:"

// Hash gives a document's hash: SHA-256 of its text, in lower-case hexadecimal.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Find gives the document of an ID, which is its hash, with or without "sha256:"
// before it. It fails with ErrUnknown, or ErrUntrusted where it might have been
// registered elsewhere.
func (s *Store) Find(id string) (string, error) {
	hash := strings.TrimPrefix(id, prefix)
	if text, ok := s.trusted[hash]; ok {
		return text, nil
	}
	if s.mode == Require {
		return "", ErrUntrusted
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if text, ok := s.registered[hash]; ok {
		return text, nil
	}
	return "", ErrUnknown
}

// Admit tells whether a document may be run that was sent as a whole. It fails
// with ErrUntrusted.
func (s *Store) Admit(text string) error {
	if s.mode != Require {
		return nil
	}
	if _, ok := s.trusted[Hash(text)]; !ok {
		return ErrUntrusted
	}
	return nil
}

// Register remembers a document by the hash that a client names. It fails with
// ErrHash, and ErrUntrusted.
func (s *Store) Register(hash, text string) error {
	if Hash(text) != hash {
		return ErrHash
	}
	if err := s.Admit(text); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.registered[hash]; known || s.trusted[hash] != "" {
		return nil
	}
	if s.registered == nil {
		s.registered = map[string]string{}
	}
	s.registered[hash] = text
	s.order, s.size = append(s.order, hash), s.size+len(text)
	for s.size > MaxRegistered {
		s.size -= len(s.registered[s.order[0]])
		delete(s.registered, s.order[0])
		s.order = s.order[1:]
	}
	return nil
}
