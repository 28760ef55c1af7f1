package jwt

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"errors"
	"io"
)

// sealed begins the stored form of a sealed private part, before salt, nonce
// and what AES-256-GCM made of it.
const sealed = "ticketsys-sealed-1:"

// The sizes of a seal, in bytes, and how often the secret is hashed, so that
// guessing a weak one takes long.
const (
	saltSize   = 16
	keySize    = 32
	iterations = 210_000
)

// The refusals of a seal.
var (
	errNoSecret  = errors.New("it is sealed, and no secret is given")
	errBadSecret = errors.New("it is sealed with another secret, or damaged")
)

// sealer closes the private parts of keys with a secret.
type sealer struct {
	secret string
	random io.Reader
}

// seal gives the stored form: the plain one without a secret.
func (s sealer) seal(plain []byte) ([]byte, error) {
	if s.secret == "" {
		return plain, nil
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(s.random, salt); err != nil {
		return nil, err
	}
	box, err := s.box(salt)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := io.ReadFull(s.random, nonce); err != nil {
		return nil, err
	}
	out := append(append([]byte(sealed), salt...), nonce...)
	return box.Seal(out, nonce, plain, []byte(sealed)), nil
}

// open gives the private part back.
func (s sealer) open(stored []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(stored, []byte(sealed))
	switch {
	case !ok:
		return stored, nil
	case s.secret == "":
		return nil, errNoSecret
	case len(rest) < saltSize:
		return nil, errBadSecret
	}
	box, err := s.box(rest[:saltSize])
	if err != nil {
		return nil, err
	}
	if rest = rest[saltSize:]; len(rest) < box.NonceSize() {
		return nil, errBadSecret
	}
	plain, err := box.Open(nil, rest[:box.NonceSize()], rest[box.NonceSize():], []byte(sealed))
	if err != nil {
		return nil, errBadSecret
	}
	return plain, nil
}

func (s sealer) box(salt []byte) (cipher.AEAD, error) {
	key, err := pbkdf2.Key(sha256.New, s.secret, salt, iterations, keySize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
