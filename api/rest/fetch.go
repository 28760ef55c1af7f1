package rest

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"hash/crc32"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ticketsys/ticketsys/api/problem"
	"github.com/ticketsys/ticketsys/domain/access"
)

// Conditional lets a caller say what they have already.
type Conditional struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of what the caller has: if that is what there is, 304 and no body."`
}

func (c Conditional) known() string { return c.IfNoneMatch }

// conditional is the input of what can be asked for again.
type conditional interface{ known() string }

// shown is what an operation shows, with its version; 0: it has none.
type shown[B any] struct {
	body    *B
	version int64
}

// encode writes a body.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// fetch registers an operation that shows one thing, with an ETag.
func fetch[I, B any](s *server, o operation, do func(ctx context.Context, c access.Call, in *I) (shown[B], error)) {
	o.method = http.MethodGet
	s.register(o, func(api huma.API) {
		h := o.huma(api, reflect.TypeFor[B]())
		header(&h, http.StatusOK, "ETag", "What is shown, for If-None-Match. If the object has a version, that is what is before the hyphen, for If-Match.")
		h.Responses[strconv.Itoa(http.StatusNotModified)] = &huma.Response{Description: http.StatusText(http.StatusNotModified)}
		huma.Register(api, h, func(ctx context.Context, in *I) (*answer, error) {
			e := exchangeOf(ctx)
			found, err := do(ctx, e.call, in)
			if err != nil {
				return s.refused(e, err), nil
			}
			var known string
			if c, ok := any(in).(conditional); ok {
				known = c.known()
			}
			return s.show(e, http.StatusOK, found.body, found.version, known), nil
		})
	})
}

// show answers with a body and its ETag; with no body when the caller knows it.
func (s *server) show(e *exchange, status int, body any, version int64, known string) *answer {
	raw, err := encode(body)
	if err != nil {
		return s.refused(e, err)
	}
	a := &answer{Status: status, ContentType: "application/json", CacheControl: "private, no-cache", ETag: etag(version, raw), Body: raw}
	if matches(known, a.ETag) {
		a.Status, a.ContentType, a.Body = http.StatusNotModified, "", nil
	}
	return a
}

// refused answers with a problem.
func (s *server) refused(e *exchange, err error) *answer {
	p := s.problem(e.r, e.w.Header().Get("X-Request-ID"), e.op, err)
	raw, _ := json.Marshal(p) // of strings and numbers
	if p.Status == http.StatusUnauthorized {
		e.w.Header().Set("WWW-Authenticate", "Bearer")
	}
	return &answer{Status: p.Status, ContentType: problem.MediaType, CacheControl: "no-store", Body: raw}
}

// etag names what is shown: its version, if it has one, and what is in it. A
// ticket's version does not rise with what is said in it, which is shown as well.
func etag(version int64, body []byte) string {
	// Two sums that processors have instructions for are as long as one of a hash, at a
	// tenth of its time.
	sum := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)), crc32.Checksum(body, crc32.MakeTable(crc32.Castagnoli)))
	content := hex.EncodeToString(sum)
	if version == 0 {
		return `"` + content + `"`
	}
	return `"` + strconv.FormatInt(version, 10) + "-" + content + `"`
}

// matches tells whether a list of ETags names one, or any.
func matches(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == tag || one == "*" {
			return true
		}
	}
	return false
}

// expected reads an If-Match: the version that the caller saw; 0 for any.
// Codes: invalid.
func expected(match string) (int64, error) {
	match = strings.TrimSpace(match)
	if match == "" || match == "*" {
		return 0, nil
	}
	inside, opened := strings.CutPrefix(match, `"`)
	inside, closed := strings.CutSuffix(inside, `"`)
	digits, _, _ := strings.Cut(inside, "-")
	v, err := strconv.ParseInt(digits, 10, 64)
	if !opened || !closed || err != nil || v < 1 {
		return 0, errMatch
	}
	return v, nil
}
