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
	known, err := t.ring.withCurrent(ctx, now)
	if err != nil {
		return nil, err
	}
	document := struct {
		Keys []jwk `json:"keys"`
	}{Keys: []jwk{}}
	for _, id := range known.order {
		document.Keys = append(document.Keys, jwk{
			Type: "OKP", Curve: "Ed25519", ID: id, Use: "sig", Algorithm: "EdDSA",
			X: base64.RawURLEncoding.EncodeToString(known.public[id].key),
		})
	}
	return json.Marshal(document)
}
