package jwt_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/jwt"
	"github.com/ticketsys/ticketsys/domain/auth"
)

func TestAKeyThatIsRemovedIsGoodForNoLongerThanAMinute(t *testing.T) {
	store := &keys{}
	tokens := jwt.New(store, jwt.Options{})
	token := issue(t, tokens, ada, noon)
	store.mu.Lock()
	store.kept = nil
	store.mu.Unlock()
	if _, err := tokens.Verify(t.Context(), token, noon.Add(time.Second)); err != nil {
		t.Errorf("each token asks the store: %v", err)
	}
	if _, err := tokens.Verify(t.Context(), token, noon.Add(time.Minute)); !errors.Is(err, auth.ErrToken) {
		t.Errorf("a token of a removed key: %v", err)
	}
}

func TestKnownKeysAreLookedUpAgainBeforeAnybodyMustWait(t *testing.T) {
	store := &slow{keys: &keys{}, asked: make(chan context.Context, 1), answer: make(chan struct{}, 2)}
	tokens := jwt.New(store, jwt.Options{})
	store.answer <- struct{}{}
	token := issue(t, tokens, ada, noon)
	<-store.asked
	if _, err := tokens.Verify(t.Context(), token, noon.Add(45*time.Second)); err != nil {
		t.Error(err)
	}
	<-store.asked // beside, while the token was let through
	store.answer <- struct{}{}
}

// slow is a store that answers when it is told to.
type slow struct {
	*keys

	asked  chan context.Context
	answer chan struct{}
}

func (s *slow) All(ctx context.Context) ([]auth.Key, error) {
	s.asked <- ctx
	<-s.answer
	return s.keys.All(ctx)
}

// One who names an unknown key, and goes away, keeps nobody waiting, and takes
// the answer from nobody.
func TestASlowLookUpHoldsNobodyUp(t *testing.T) {
	store := &slow{keys: &keys{}, asked: make(chan context.Context, 1), answer: make(chan struct{}, 2)}
	tokens := jwt.New(store, jwt.Options{})
	store.answer <- struct{}{}
	token := issue(t, tokens, ada, noon)
	<-store.asked
	stranger := genuine(store.kept[0])
	stranger.header = map[string]any{"kid": "unknown"}
	unknown, later := stranger.sign(t), noon.Add(2*time.Second)

	ctx, leave := context.WithCancel(t.Context())
	gone, stays := make(chan error, 1), make(chan error, 1)
	go func() { _, err := tokens.Verify(ctx, unknown, later); gone <- err }()
	asked := <-store.asked
	if _, err := tokens.Verify(t.Context(), token, later); err != nil {
		t.Errorf("a known key waits for an unknown one: %v", err)
	}
	go func() { _, err := tokens.Verify(t.Context(), unknown, later); stays <- err }()
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who leaves gets %v", err)
	}
	if _, bounded := asked.Deadline(); asked.Err() != nil || !bounded {
		t.Errorf("the look-up ends with who asked for it, or never: %v", asked.Err())
	}
	store.answer <- struct{}{}
	if err := <-stays; !errors.Is(err, auth.ErrToken) {
		t.Errorf("who stays gets %v", err)
	}
}

func TestPublicKeysNeedNoSecret(t *testing.T) {
	store := &keys{}
	issue(t, jwt.New(store, jwt.Options{Secret: "correct horse"}), ada, noon)
	for _, secret := range []string{"", "wrong horse"} {
		document, err := jwt.New(store, jwt.Options{Secret: secret}).JWKS(t.Context(), noon)
		if err != nil || !strings.Contains(string(document), store.kept[0].ID) {
			t.Errorf("secret %q: %s, %v", secret, document, err)
		}
	}
}

// A secret that comes later does not lock out, and does not pretend to protect.
func TestASecretThatComesLaterIsToldToProtectNothing(t *testing.T) {
	store := &keys{}
	token := issue(t, jwt.New(store, jwt.Options{}), ada, noon)
	var log bytes.Buffer
	tokens := jwt.New(store, jwt.Options{Secret: "correct horse", Logger: slog.New(slog.NewTextHandler(&log, nil))})
	for range 3 {
		issue(t, tokens, ada, noon)
	}
	if _, err := tokens.Verify(t.Context(), token, noon); err != nil {
		t.Error(err)
	}
	if n := strings.Count(log.String(), "not sealed"); n != 1 || strings.Contains(log.String(), "horse") {
		t.Errorf("%d warnings: %s", n, &log)
	}
}

// A rotated key goes on to verify for the overlap, in every process, and not longer;
// what is signed from then on, any process verifies at once.
func TestRotatedKeysOverlap(t *testing.T) {
	store := &keys{}
	one, other := jwt.New(store, jwt.Options{}), jwt.New(store, jwt.Options{})
	long := ada
	long.ExpiresAt = noon.Add(48 * time.Hour)
	before := issue(t, one, long, noon)
	verified := func(p *jwt.Tokens, token string, at time.Time) error {
		_, err := p.Verify(t.Context(), token, at)
		return err
	}
	if err := verified(other, before, noon); err != nil {
		t.Fatal(err)
	}
	now := noon.Add(2 * time.Second)
	kid, err := one.Rotate(t.Context(), 24*time.Hour, now)
	if err != nil {
		t.Fatal(err)
	}
	after := issue(t, one, long, now)
	for _, p := range []*jwt.Tokens{one, other} {
		for _, token := range []string{before, after} {
			if err := verified(p, token, now); err != nil {
				t.Errorf("right after the rotation: %v", err)
			}
		}
		document, err := p.JWKS(t.Context(), now)
		if err != nil || strings.Count(string(document), `"kid"`) != 2 || !strings.Contains(string(document), kid) {
			t.Errorf("the keys are %s, %v", document, err)
		}
	}
	if token := issue(t, other, long, now.Add(time.Minute)); !strings.HasPrefix(token, after[:strings.Index(after, ".")]) {
		t.Error("another process goes on to sign with the old key after a minute")
	}
	over := now.Add(24 * time.Hour)
	for _, p := range []*jwt.Tokens{one, other} {
		if err := verified(p, before, over.Add(-time.Second)); err != nil {
			t.Errorf("before the overlap is over: %v", err)
		}
		if err := verified(p, before, over); !errors.Is(err, auth.ErrToken) {
			t.Errorf("after the overlap: %v", err)
		}
		if err := verified(p, after, over); err != nil {
			t.Errorf("the new key after the overlap: %v", err)
		}
		if document, err := p.JWKS(t.Context(), over.Add(time.Hour)); err != nil || strings.Count(string(document), `"kid"`) != 1 {
			t.Errorf("the keys are %s, %v", document, err)
		}
	}
}

// Without an overlap, what the old key signed ends at once where it is done, and
// elsewhere within a minute.
func TestAKeyIsTakenAwayAtOnce(t *testing.T) {
	store := &keys{}
	one, other := jwt.New(store, jwt.Options{}), jwt.New(store, jwt.Options{})
	token := issue(t, one, ada, noon)
	if _, err := other.Verify(t.Context(), token, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Rotate(t.Context(), 0, noon.Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := one.Verify(t.Context(), token, noon.Add(time.Second)); !errors.Is(err, auth.ErrToken) {
		t.Errorf("where it was done: %v", err)
	}
	if _, err := other.Verify(t.Context(), token, noon.Add(2*time.Minute)); !errors.Is(err, auth.ErrToken) {
		t.Errorf("elsewhere: %v", err)
	}
}
