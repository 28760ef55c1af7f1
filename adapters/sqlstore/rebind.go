package sqlstore

import (
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// rebinder turns ? into $1, $2, … and remembers what it turned.
type rebinder struct {
	known sync.Map // text with ? → text with $n
	size  atomic.Int64
}

// rebinderCapacity bounds the memory, should texts be put together at run time.
const rebinderCapacity = 2000

func newRebinder() *rebinder { return &rebinder{} }

func (r *rebinder) dollars(query string) string {
	if found, ok := r.known.Load(query); ok {
		if bound, isText := found.(string); isText {
			return bound
		}
	}
	bound := dollars(query)
	if r.size.Load() < rebinderCapacity {
		if _, loaded := r.known.LoadOrStore(query, bound); !loaded {
			r.size.Add(1)
		}
	}
	return bound
}

// dollars leaves alone what stands in quotes.
func dollars(query string) string {
	var b strings.Builder
	b.Grow(len(query) + 16)
	number := 0
	var quote byte
	for i := range len(query) {
		c := query[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '?':
			number++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(number))
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
