package jwt

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
)

// How old what is known of the stored keys may get. A key that is taken out of
// the store is good for no longer than freshFor.
const (
	freshFor   = time.Minute
	soonStale  = freshFor / 2 // from here on the next ones are looked up beside
	refreshGap = time.Second  // between look-ups of unknown keys, which anybody can name
)

// lookTimeout is how long a look at the stored keys may take.
const lookTimeout = 5 * time.Second

var errUnknownKey = errors.New("no such key")

// signer is a key that signs.
type signer struct {
	id      string
	private ed25519.PrivateKey
}

// known is what the store had at a moment. It never changes.
type known struct {
	read    time.Time
	public  map[string]public
	order   []string  // IDs, newest first
	current *auth.Key // that signs; nil: none
}

// public is the part of a key that verifies.
type public struct {
	key   ed25519.PublicKey
	until time.Time // zero: for as long as it is stored
}

// verifies tells whether the key counts at the moment.
func (p public) verifies(now time.Time) bool { return p.until.IsZero() || now.Before(p.until) }

// look is a look at the store that is under way, for all who wait for it.
type look struct {
	done  chan struct{} // closed at the end, when the others are set
	found *known
	err   error
}

// ring remembers the stored keys, so that a token is checked without the store.
type ring struct {
	store  auth.Keys
	sealer sealer
	logger *slog.Logger

	mu      sync.Mutex // never held while the store is asked
	latest  *known     // nil: never read
	running *look      // nil: none

	opening  sync.Mutex
	unsealed *signer
}

// signing gives the key that signs, and makes it when there is none.
func (r *ring) signing(ctx context.Context, now time.Time) (*signer, error) {
	k, err := r.withCurrent(ctx, now)
	if err != nil {
		return nil, err
	}
	r.opening.Lock()
	defer r.opening.Unlock()
	if r.unsealed != nil && r.unsealed.id == k.current.ID {
		return r.unsealed, nil
	}
	seed, err := r.sealer.open(k.current.Private)
	if err != nil {
		return nil, fmt.Errorf("signing key %s: %w", k.current.ID, err)
	}
	if len(seed) != ed25519.SeedSize {
		return nil, fmt.Errorf("signing key %s: %d bytes are no Ed25519 seed", k.current.ID, len(seed))
	}
	if r.sealer.secret != "" && len(seed) == len(k.current.Private) {
		r.logger.WarnContext(ctx, "the signing key was stored before there was a secret, and is not sealed; retire it to get one that is",
			"key", k.current.ID)
	}
	r.unsealed = &signer{id: k.current.ID, private: ed25519.NewKeyFromSeed(seed)}
	return r.unsealed, nil
}

// withCurrent gives the keys, of which one signs: it is made when there is none.
func (r *ring) withCurrent(ctx context.Context, now time.Time) (*known, error) {
	k, err := r.refresh(ctx, now, freshFor)
	if err != nil || k.current != nil {
		return k, err
	}
	return r.make(ctx, now)
}

// verifying gives the public key of the ID.
func (r *ring) verifying(ctx context.Context, kid string, now time.Time) (ed25519.PublicKey, error) {
	for _, within := range []time.Duration{freshFor, refreshGap} {
		k, err := r.refresh(ctx, now, within)
		if err != nil {
			return nil, err
		}
		if found, ok := k.public[kid]; ok && found.verifies(now) {
			return found.key, nil
		}
		if kid == "" {
			break
		}
	}
	return nil, errUnknownKey
}

// refresh gives what the store had within the time. Who needs a look at it waits
// for one that all share, and only for as long as their own context lasts.
func (r *ring) refresh(ctx context.Context, now time.Time, within time.Duration) (*known, error) {
	r.mu.Lock()
	latest, age := r.latest, time.Duration(0)
	if latest != nil {
		age = now.Sub(latest.read)
	}
	fresh := latest != nil && age < within
	running := r.running
	if running == nil && (!fresh || age >= soonStale) {
		running = &look{done: make(chan struct{})}
		r.running = running
		go r.look(context.WithoutCancel(ctx), now, running)
	}
	r.mu.Unlock()
	if fresh {
		return latest, nil
	}
	select {
	case <-running.done:
		return running.found, running.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// look reads the store, whoever asked for it.
func (r *ring) look(ctx context.Context, now time.Time, l *look) {
	defer close(l.done)
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	keys, err := r.store.All(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running = nil
	if err != nil {
		l.err = fmt.Errorf("read signing keys: %w", err)
		return
	}
	l.found = of(keys, now)
	r.latest = l.found
}

func of(keys []auth.Key, now time.Time) *known {
	k := &known{read: now, public: make(map[string]public, len(keys))}
	for i, key := range keys {
		if len(key.Public) != ed25519.PublicKeySize {
			continue
		}
		p := public{key.Public, key.Until}
		if !p.verifies(now) {
			continue
		}
		k.public[key.ID], k.order = p, append(k.order, key.ID)
		if k.current == nil && key.RetiredAt.IsZero() {
			k.current = &keys[i]
		}
	}
	return k
}

// make makes a key, unless another process was first, whose key it takes then.
func (r *ring) make(ctx context.Context, now time.Time) (*known, error) {
	return r.put(ctx, now, r.store.Add)
}

// put makes a key and stores it, and knows what the store has then.
func (r *ring) put(ctx context.Context, now time.Time, store func(context.Context, auth.Key) ([]auth.Key, error)) (*known, error) {
	public, private, err := ed25519.GenerateKey(r.sealer.random)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	sealed, err := r.sealer.seal(private.Seed())
	if err != nil {
		return nil, fmt.Errorf("seal signing key: %w", err)
	}
	keys, err := store(ctx, auth.Key{ID: thumbprint(public), Private: sealed, Public: public, CreatedAt: now})
	if err != nil {
		return nil, fmt.Errorf("store signing key: %w", err)
	}
	k := of(keys, now)
	if k.current == nil {
		return nil, errors.New("store signing key: there is none afterwards")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.latest = k
	return k, nil
}

// thumbprint is a key's ID: the JWK thumbprint of RFC 7638.
func thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
