package jwt

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"
)

// jwk is a public key in the form of RFC 8037.
type jwk struct {
	Type      string `json:"kty"`
	Curve     string `json:"crv"`
	ID        string `json:"kid"`
	Use       string `json:"use"`
	Algorithm string `json:"alg"`
	X         string `json:"x"`
}

// JWKS gives the document by which others check tokens: the public part of each
// key, newest first. Keys that no longer sign are in it while they verify.
func (t *Tokens) JWKS(ctx context.Context, now time.Time) ([]byte, error) {
	if _, err := t.ring.signing(ctx, now); err != nil {
		return nil, err
	}
	t.ring.mu.Lock()
	defer t.ring.mu.Unlock()
	document := struct {
		Keys []jwk `json:"keys"`
	}{Keys: []jwk{}}
	for _, id := range t.ring.order {
		document.Keys = append(document.Keys, jwk{
			Type: "OKP", Curve: "Ed25519", ID: id, Use: "sig", Algorithm: "EdDSA",
			X: base64.RawURLEncoding.EncodeToString(t.ring.public[id]),
		})
	}
	return json.Marshal(document)
}
