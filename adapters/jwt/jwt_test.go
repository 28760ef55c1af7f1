package jwt_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gojwt "github.com/golang-jwt/jwt/v5"

	"github.com/ticketsys/ticketsys/adapters/jwt"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// keys is a store of keys as the port describes it, which counts its readers.
type keys struct {
	mu    sync.Mutex
	kept  []auth.Key
	reads int
	fail  error
}

func (k *keys) All(context.Context) ([]auth.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reads++
	return slices.Clone(k.kept), k.fail
}

func (k *keys) Add(_ context.Context, key auth.Key) ([]auth.Key, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !slices.ContainsFunc(k.kept, func(other auth.Key) bool { return other.RetiredAt.IsZero() }) {
		k.kept = append([]auth.Key{key}, k.kept...)
	}
	return slices.Clone(k.kept), k.fail
}

func (k *keys) Rotate(ctx context.Context, key auth.Key, until time.Time) ([]auth.Key, error) {
	k.mu.Lock()
	for i := range k.kept {
		if k.kept[i].RetiredAt.IsZero() {
			k.kept[i].RetiredAt, k.kept[i].Until = key.CreatedAt, until
		}
	}
	k.mu.Unlock()
	return k.Add(ctx, key)
}

var (
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ada  = auth.Subject{Workspace: 7, Member: 42, ExpiresAt: noon.Add(time.Hour), Session: 9, SignOuts: 3}
)

func issue(t *testing.T, tokens *jwt.Tokens, s auth.Subject, now time.Time) string {
	t.Helper()
	token, err := tokens.Issue(t.Context(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestATokenNamesItsSubjectUntilItExpires(t *testing.T) {
	tokens := jwt.New(&keys{}, jwt.Options{})
	token := issue(t, tokens, ada, noon)
	for _, now := range []time.Time{noon, ada.ExpiresAt.Add(-time.Nanosecond)} {
		got, err := tokens.Verify(t.Context(), token, now)
		if err != nil || got != ada {
			t.Errorf("at %s: %+v, %v", now, got, err)
		}
	}
	for _, now := range []time.Time{ada.ExpiresAt, ada.ExpiresAt.Add(time.Hour)} {
		if _, err := tokens.Verify(t.Context(), token, now); !errors.Is(err, access.ErrExpired) {
			t.Errorf("at %s: %v", now, err)
		}
	}
}

// forged signs claims as the tokens' maker would, with changes.
type forged struct {
	method gojwt.SigningMethod
	key    any
	header map[string]any
	claims gojwt.MapClaims
}

func (f forged) sign(t *testing.T) string {
	t.Helper()
	token := gojwt.NewWithClaims(f.method, f.claims)
	maps.Copy(token.Header, f.header)
	s, err := token.SignedString(f.key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func genuine(k auth.Key) forged {
	return forged{
		method: gojwt.SigningMethodEdDSA, key: ed25519.NewKeyFromSeed(k.Private), header: map[string]any{"kid": k.ID},
		claims: gojwt.MapClaims{
			"iss": "ticketsys", "aud": "ticketsys", "sub": "42", "wsp": "7",
			"iat": noon.Unix(), "nbf": noon.Unix(), "exp": noon.Add(time.Hour).Unix(),
		},
	}
}

func TestForgedTokensAreRefused(t *testing.T) {
	store := &keys{}
	tokens := jwt.New(store, jwt.Options{})
	issue(t, tokens, ada, noon)
	if _, err := tokens.Rotate(t.Context(), time.Hour, noon); err != nil {
		t.Fatal(err)
	}
	key := store.kept[0]
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, other, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(name string, value any) func(*forged) {
		return func(f *forged) {
			if value == nil {
				delete(f.claims, name)
			} else {
				f.claims[name] = value
			}
		}
	}
	for name, change := range map[string]func(*forged){
		"no algorithm": func(f *forged) { f.method, f.key = gojwt.SigningMethodNone, gojwt.UnsafeAllowNoneSignatureType },
		"HMAC with the public key": func(f *forged) {
			f.method, f.key = gojwt.SigningMethodHS256, []byte(key.Public)
		},
		"HMAC with the public key in another form": func(f *forged) {
			f.method, f.key = gojwt.SigningMethodHS512, []byte(base64.RawURLEncoding.EncodeToString(key.Public))
		},
		"RSA":                      func(f *forged) { f.method, f.key = gojwt.SigningMethodRS256, rsaKey },
		"ECDSA":                    func(f *forged) { f.method, f.key = gojwt.SigningMethodES256, ecKey },
		"another of our kids":      func(f *forged) { f.header["kid"] = store.kept[1].ID },
		"the kid of a retired key": func(f *forged) { f.key = ed25519.NewKeyFromSeed(store.kept[1].Private) },
		"unknown kid":              func(f *forged) { f.header["kid"] = "someone" },
		"no kid":                   func(f *forged) { f.header["kid"] = nil },
		"kid of another type":      func(f *forged) { f.header["kid"] = 7 },
		"another's key":            func(f *forged) { f.key = other },
		"another issuer":           claim("iss", "elsewhere"),
		"no issuer":                claim("iss", nil),
		"another audience":         claim("aud", "elsewhere"),
		"no audience":              claim("aud", nil),
		"not valid yet":            claim("nbf", noon.Add(time.Minute).Unix()),
		"no beginning":             claim("nbf", nil),
		"issued in the future":     claim("iat", noon.Add(time.Minute).Unix()),
		"no end":                   claim("exp", nil),
		"a link's audience":        claim("aud", "ticketsys/file"),
		"a member that is no ID":   claim("sub", "admin"),
		"no workspace":             claim("wsp", nil),
		"a workspace that is a no": claim("wsp", "x"),
		"a session that is no ID":  claim("sid", "x"),
	} {
		f := genuine(key)
		change(&f)
		if _, err := tokens.Verify(t.Context(), f.sign(t), noon); !errors.Is(err, auth.ErrToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := tokens.Verify(t.Context(), genuine(key).sign(t), noon); err != nil {
		t.Errorf("the unchanged one is refused, so the others prove nothing: %v", err)
	}
}

func TestGarbageIsRefusedAndDoesNotHammerTheStore(t *testing.T) {
	store := &keys{}
	tokens := jwt.New(store, jwt.Options{})
	token := issue(t, tokens, ada, noon)
	header, rest, _ := strings.Cut(token, ".")
	before := store.reads
	for i := range 1000 {
		for _, garbage := range []string{
			"", ".", "..", "x", token + "x", header + "." + header + "." + header, strings.Repeat("a", 1<<16),
			base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"EdDSA","kid":"`+strings.Repeat("k", i)+`"}`)) + "." + rest,
		} {
			if _, err := tokens.Verify(t.Context(), garbage, noon); !errors.Is(err, auth.ErrToken) {
				t.Fatalf("%.40q: %v", garbage, err)
			}
		}
	}
	if n := store.reads - before; n > 1 {
		t.Errorf("unknown keys made %d reads of the store within a second", n)
	}
}

func TestProcessesShareKeys(t *testing.T) {
	store := &keys{}
	one, two := jwt.New(store, jwt.Options{}), jwt.New(store, jwt.Options{})
	if _, err := two.JWKS(t.Context(), noon); err != nil {
		t.Fatal(err)
	}
	if _, err := two.Verify(t.Context(), issue(t, one, ada, noon), noon); err != nil {
		t.Errorf("the other process's token: %v", err)
	}
	if len(store.kept) != 1 {
		t.Errorf("%d keys were made", len(store.kept))
	}
}

func TestAKeyThatIsMadeElsewhereIsFound(t *testing.T) {
	store := &keys{}
	one, two := jwt.New(store, jwt.Options{}), jwt.New(store, jwt.Options{})
	old := issue(t, one, ada, noon)
	store.kept[0].RetiredAt = noon.Add(time.Minute)
	later := noon.Add(time.Minute)
	fresh := issue(t, two, ada, later)
	if len(store.kept) != 2 {
		t.Fatalf("a retired key still signs")
	}
	for name, token := range map[string]string{"of the retired key": old, "of the new key": fresh} {
		if _, err := one.Verify(t.Context(), token, later); err != nil {
			t.Errorf("token %s: %v", name, err)
		}
	}
}

func TestTheSecretSealsWhatIsStored(t *testing.T) {
	store := &keys{}
	token := issue(t, jwt.New(store, jwt.Options{Secret: "correct horse"}), ada, noon)
	public := ed25519.PublicKey(store.kept[0].Public)
	if len(store.kept[0].Private) == ed25519.SeedSize ||
		public.Equal(ed25519.NewKeyFromSeed(store.kept[0].Private[len(store.kept[0].Private)-ed25519.SeedSize:]).Public()) {
		t.Error("the private part is stored in the open")
	}
	again := jwt.New(store, jwt.Options{Secret: "correct horse"})
	issue(t, again, ada, noon)
	for _, secret := range []string{"", "wrong horse"} {
		stranger := jwt.New(store, jwt.Options{Secret: secret})
		_, err := stranger.Issue(t.Context(), ada, noon)
		if err == nil || strings.Contains(err.Error(), "horse") {
			t.Errorf("secret %q signs, or is told: %v", secret, err)
		}
		if _, err := stranger.Verify(t.Context(), token, noon); err != nil {
			t.Errorf("checking needs no secret: %v", err)
		}
	}
	store.kept[0].Private = store.kept[0].Private[:30]
	if _, err := jwt.New(store, jwt.Options{Secret: "correct horse"}).Issue(t.Context(), ada, noon); err == nil {
		t.Error("a damaged key signs")
	}
}

func TestJWKSVerifiesTokens(t *testing.T) {
	tokens := jwt.New(&keys{}, jwt.Options{})
	raw, err := tokens.JWKS(t.Context(), noon)
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Keys []struct{ Kty, Crv, Kid, Use, Alg, X, D string }
	}
	if err := json.Unmarshal(raw, &document); err != nil || len(document.Keys) != 1 {
		t.Fatalf("%s: %v", raw, err)
	}
	k := document.Keys[0]
	if k.Kty != "OKP" || k.Crv != "Ed25519" || k.Alg != "EdDSA" || k.Use != "sig" || k.D != "" {
		t.Errorf("%s", raw)
	}
	public, err := base64.RawURLEncoding.DecodeString(k.X)
	if err != nil {
		t.Fatal(err)
	}
	_, err = gojwt.Parse(issue(t, tokens, ada, noon), func(token *gojwt.Token) (any, error) {
		if token.Header["kid"] != k.Kid {
			t.Errorf("the token names key %v, the document has %s", token.Header["kid"], k.Kid)
		}
		return crypto.PublicKey(ed25519.PublicKey(public)), nil
	}, gojwt.WithTimeFunc(func() time.Time { return noon }))
	if err != nil {
		t.Error(err)
	}
}

func TestAFailingStoreIsNotTheTokensFault(t *testing.T) {
	store := &keys{}
	token := issue(t, jwt.New(store, jwt.Options{}), ada, noon)
	store.fail = errors.New("connection refused")
	fresh := jwt.New(store, jwt.Options{})
	if _, err := fresh.Verify(t.Context(), token, noon); fault.CodeOf(err) != fault.Internal {
		t.Errorf("Verify: %v", err)
	}
	if _, err := fresh.Issue(t.Context(), ada, noon); fault.CodeOf(err) != fault.Internal {
		t.Errorf("Issue: %v", err)
	}
	if _, err := fresh.JWKS(t.Context(), noon); err == nil {
		t.Error("JWKS: no error")
	}
}
