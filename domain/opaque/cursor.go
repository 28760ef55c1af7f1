package opaque

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"github.com/ticketsys/ticketsys/domain/page"
)

// maxCursor is the most sort keys that a cursor holds.
const maxCursor = 8

// How a sort key begins in a cursor: numbers are varints, texts come after their
// length.
const (
	keyNumber byte = iota
	keyText
)

// EncodeCursor writes the place of a row.
func EncodeCursor(c page.Cursor) string {
	var room [maxCursor * (1 + binary.MaxVarintLen64)]byte
	b := room[:0]
	for _, key := range c {
		switch key := key.(type) {
		case int64:
			b = binary.AppendVarint(append(b, keyNumber), key)
		case string:
			b = append(binary.AppendUvarint(append(b, keyText), uint64(len(key))), key...)
		}
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// DecodeCursor reads the place of a row. A malformed one has no keys at all,
// which every list refuses as the cursor of another list.
func DecodeCursor(s string) page.Cursor {
	b, err := base64.RawURLEncoding.DecodeString(s)
	c := page.Cursor{}
	for err == nil && len(b) > 0 {
		key, n := decodeKey(b)
		if n == 0 || len(c) == maxCursor {
			return page.Cursor{}
		}
		c, b = append(c, key), b[n:]
	}
	return c
}

// decodeKey reads the first sort key and tells how long it is; 0: there is none.
func decodeKey(b []byte) (key any, length int) {
	switch b[0] {
	case keyNumber:
		if number, n := binary.Varint(b[1:]); n > 0 {
			return number, 1 + n
		}
	case keyText:
		size, n := binary.Uvarint(b[1:])
		rest := b[1+max(n, 0):]
		if n <= 0 || size > uint64(len(rest)) {
			return nil, 0
		}
		if text := string(rest[:size]); utf8.ValidString(text) && !strings.ContainsRune(text, 0) {
			return text, 1 + n + int(size)
		}
	}
	return nil, 0
}
