package jwt

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/auth"
)

// How old what is known of the stored keys may get.
const (
	freshFor   = 5 * time.Minute // while every key that is met is known
	refreshGap = time.Second     // between look-ups of unknown keys, which anybody can name
)

var errUnknownKey = errors.New("no such key")

// signer is a key that signs.
type signer struct {
	id      string
	private ed25519.PrivateKey
}

// ring remembers the stored keys, so that a token is checked without the store.
type ring struct {
	store  auth.Keys
	sealer sealer

	mu       sync.Mutex
	read     time.Time // when the store was last read; zero: never
	public   map[string]ed25519.PublicKey
	order    []string // IDs, newest first
	current  *auth.Key
	unsealed *signer // of current, once it was needed
}

// signing gives the key that signs, and makes it when there is none.
func (r *ring) signing(ctx context.Context, now time.Time) (*signer, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.refresh(ctx, now, freshFor); err != nil {
		return nil, err
	}
	if r.current == nil {
		if err := r.make(ctx, now); err != nil {
			return nil, err
		}
	}
	if r.unsealed == nil || r.unsealed.id != r.current.ID {
		seed, err := r.sealer.open(r.current.Private)
		if err != nil {
			return nil, fmt.Errorf("signing key %s: %w", r.current.ID, err)
		}
		if len(seed) != ed25519.SeedSize {
			return nil, fmt.Errorf("signing key %s: %d bytes are no Ed25519 seed", r.current.ID, len(seed))
		}
		r.unsealed = &signer{id: r.current.ID, private: ed25519.NewKeyFromSeed(seed)}
	}
	return r.unsealed, nil
}

// verifying gives the public key of the ID.
func (r *ring) verifying(ctx context.Context, kid string, now time.Time) (ed25519.PublicKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key, ok := r.public[kid]; ok {
		return key, nil
	}
	if kid == "" {
		return nil, errUnknownKey
	}
	if err := r.refresh(ctx, now, refreshGap); err != nil {
		return nil, err
	}
	if key, ok := r.public[kid]; ok {
		return key, nil
	}
	return nil, errUnknownKey
}

// refresh reads the store unless that was done within the time.
func (r *ring) refresh(ctx context.Context, now time.Time, within time.Duration) error {
	if !r.read.IsZero() && now.Sub(r.read) < within {
		return nil
	}
	keys, err := r.store.All(ctx)
	if err != nil {
		return fmt.Errorf("read signing keys: %w", err)
	}
	r.remember(keys, now)
	return nil
}

func (r *ring) remember(keys []auth.Key, now time.Time) {
	r.read, r.current = now, nil
	r.public, r.order = make(map[string]ed25519.PublicKey, len(keys)), nil
	for i, k := range keys {
		if len(k.Public) != ed25519.PublicKeySize {
			continue
		}
		r.public[k.ID], r.order = k.Public, append(r.order, k.ID)
		if r.current == nil && k.RetiredAt.IsZero() {
			r.current = &keys[i]
		}
	}
}

// make makes a key, unless another process was first, whose key it takes then.
func (r *ring) make(ctx context.Context, now time.Time) error {
	public, private, err := ed25519.GenerateKey(r.sealer.random)
	if err != nil {
		return fmt.Errorf("make signing key: %w", err)
	}
	sealed, err := r.sealer.seal(private.Seed())
	if err != nil {
		return fmt.Errorf("seal signing key: %w", err)
	}
	keys, err := r.store.Add(ctx, auth.Key{ID: thumbprint(public), Private: sealed, Public: public, CreatedAt: now})
	if err != nil {
		return fmt.Errorf("store signing key: %w", err)
	}
	r.remember(keys, now)
	if r.current == nil {
		return errors.New("store signing key: there is none afterwards")
	}
	return nil
}

// thumbprint is a key's ID: the JWK thumbprint of RFC 7638.
func thumbprint(public ed25519.PublicKey) string {
	sum := sha256.Sum256([]byte(`{"crv":"Ed25519","kty":"OKP","x":"` + base64.RawURLEncoding.EncodeToString(public) + `"}`))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
