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
