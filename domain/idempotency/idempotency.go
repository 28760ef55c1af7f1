// Package idempotency lets a wish be sent again without being carried out
// again: under a key that its author chose, a change happens once, and who sends
// the same wish with the same key is told what came of it.
//
// What is kept is no answer but what an answer is made of: which objects were
// changed, and why others were not. The objects are read when the answer is
// given, as whoever asks may see them then.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"
	"unicode"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// MaxKey is the length of the longest key, in bytes.
const MaxKey = 255

// Memory is for how long a key is known.
const Memory = 24 * time.Hour

// The refusals of this package.
var (
	ErrKey    = fault.New(fault.Invalid, "fault.idempotency.key").With("Most", MaxKey).On("idempotencyKey")
	ErrReused = fault.New(fault.Reused, "fault.idempotency.reused").On("idempotencyKey")
)

// Wish is what somebody sends, perhaps more than once.
type Wish struct {
	Operation string // what is wished for; each has keys of its own
	Key       string // 1 to MaxKey visible ASCII characters
	Input     []byte // the same bytes for the same wish
}

// Record is a wish as a store keeps it.
type Record struct {
	Workspace   id.Workspace
	Member      id.Member // 0: the helpdesk itself
	Operation   string
	Key         string
	Fingerprint string // of the input
	ExpiresAt   time.Time
}

// Repository is the port to stored wishes.
type Repository interface {
	// Once calls do, in one transaction with all that do writes, and keeps its
	// result there for the record's key until it expires. When the key is known
	// already, do is not called, and what was kept is given instead. While
	// another caller's do runs for the same key, Once waits for its end. When do
	// fails, nothing that it wrote is kept, and no result.
	// Codes: key_reused (ErrReused: the fingerprint is another one), those of do.
	Once(ctx context.Context, r Record, now time.Time, do func(context.Context) (Result, error)) (kept Result, replayed bool, err error)
}

// Service sees to it that wishes come true once.
type Service struct{ repo Repository }

// NewService makes the service.
func NewService(r Repository) *Service { return &Service{repo: r} }

// Do carries out the actor's wish by do, unless it was carried out before;
// replayed tells that it was. do runs in a transaction and may run more than
// once, each time in a new one. Its result is kept also when it fails with a
// refusal that lies in the wish or in the state it met; then nothing that it
// wrote is kept, and Do fails with no error, but the result has the refusal.
// Codes: unauthenticated, invalid (the key), key_reused, those of do that are
// not kept.
func (s *Service) Do(ctx context.Context, c access.Call, w Wish, do func(context.Context) (Result, error)) (result Result, replayed bool, err error) {
	if !c.Actor.Known() {
		return Result{}, false, access.ErrNobody
	}
	if err := checkKey(w.Key); err != nil {
		return Result{}, false, err
	}
	sum := sha256.Sum256(w.Input)
	r := Record{
		Workspace: c.Actor.Workspace, Member: c.Actor.Member, Operation: w.Operation, Key: w.Key,
		Fingerprint: hex.EncodeToString(sum[:]), ExpiresAt: c.Now.Add(Memory),
	}
	refused := Result{}
	result, replayed, err = s.repo.Once(ctx, r, c.Now, func(ctx context.Context) (Result, error) {
		done, err := do(ctx)
		refused = done
		return done, err
	})
	if f, ok := errors.AsType[*fault.Error](err); !ok || !lasting(f) || limited(c, f) {
		return result, replayed, err
	}
	// Nothing happened, so that nothing is doubled if this is not kept.
	return s.repo.Once(ctx, r, c.Now, func(context.Context) (Result, error) { return refused, nil })
}

// lasting tells whether a refusal is an answer to the wish, which would be the
// same again if nothing changed. The others say nothing of it.
func lasting(f *fault.Error) bool {
	switch f.Code {
	case fault.Invalid, fault.Forbidden, fault.NotFound, fault.Conflict, fault.Transition:
		return true
	default:
		return false
	}
}

// limited tells whether the refusal may be that of a key, which the member's next one
// need not meet.
func limited(c access.Call, f *fault.Error) bool {
	return c.Actor.Scopes != nil && (f.Code == fault.Forbidden || f.Code == fault.NotFound)
}

func checkKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return ErrKey
	}
	for _, r := range key {
		if r > unicode.MaxASCII || !unicode.IsGraphic(r) || r == ' ' {
			return ErrKey
		}
	}
	return nil
}
