package auth_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/id"
)

// chain is a store of keys that reads, and fails to write what is noted of their use;
// any other call is a mistake.
type chain struct {
	auth.APIKeys
	kept []*auth.APIKey
	fail error
}

func (c *chain) Recorded(ctx context.Context, _ access.Call, change func(context.Context) ([]audit.Entry, error)) error {
	_, err := change(ctx)
	return err
}

func (c *chain) Add(_ context.Context, k *auth.APIKey) error {
	c.kept = append(c.kept, k)
	return nil
}

func (c *chain) Get(context.Context, id.Workspace, ...id.APIKey) ([]*auth.APIKey, error) {
	return c.kept, nil
}

func (c *chain) ByLookup(_ context.Context, lookup string) (*auth.APIKey, error) {
	for _, k := range c.kept {
		if k.Lookup == lookup {
			return k, nil
		}
	}
	return nil, auth.ErrKeyNotFound
}

func (c *chain) Used(context.Context, id.APIKey, time.Time, time.Time) error { return c.fail }

func (c *chain) Refused(context.Context, id.APIKey, audit.Entry, time.Time) error { return c.fail }

// A store that can't write, because it is full or only to be read, does not keep a key
// from reading; whoever looks after the program hears of it.
func TestAKeyLetsInThoughItsUseCanNotBeNoted(t *testing.T) {
	full := errors.New("the disk is full")
	kept := &chain{fail: full}
	people := crew{actors: map[id.Member]access.Actor{7: {Workspace: home, Member: 7, Role: access.RoleAgent}}}
	chance := bytes.NewReader(bytes.Repeat([]byte{7}, 64))
	service := auth.NewService(notes{}, people, kept, func() int64 { return 1 }, chance)
	var heard []error
	service.Observing(func(_ context.Context, err error) { heard = append(heard, err) })
	k, secret, err := service.CreateKey(t.Context(), access.Call{Actor: people.actors[7], Now: now}, auth.KeyWish{Name: "Robot", Scopes: auth.ReadScopes()})
	if err != nil {
		t.Fatal(err)
	}
	if let, err := service.Authenticate(t.Context(), secret, now); err != nil || let.Key != k.ID {
		t.Errorf("the key lets in %+v, %v", let, err)
	}
	if len(heard) != 1 || !errors.Is(heard[0], full) {
		t.Errorf("it is told of %v", heard)
	}
	k.RevokedAt = now
	if _, err := service.Authenticate(t.Context(), secret, now); !errors.Is(err, auth.ErrRevoked) {
		t.Errorf("a revoked key is answered with %v", err)
	}
	if len(heard) != 2 {
		t.Errorf("that the refusal could not be noted is not told: %v", heard)
	}
}
