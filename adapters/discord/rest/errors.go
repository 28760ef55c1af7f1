package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/diamondburned/arikawa/v3/utils/httputil"
)

// The codes of Discord's refusals that have a meaning of their own here.
const (
	UnknownChannel     = 10003
	UnknownGuild       = 10004
	UnknownMember      = 10007
	UnknownMessage     = 10008
	UnknownOverwrite   = 10009
	UnknownUser        = 10013
	UnknownInteraction = 10062
	GuildFull          = 30013
	ThreadFull         = 30033
	Acknowledged       = 40060
	MissingAccess      = 50001
	CannotDM           = 50007
	MissingPermission  = 50013
	WrongType          = 50024
	InvalidForm        = 50035
	ThreadArchived     = 50083
	NoMutualGuild      = 50278
	ThreadsFull        = 160006
)

// Refusal is Discord saying no: the request certainly had no effect.
type Refusal struct {
	Status  int
	Code    int
	Message string
	After   time.Duration   // of a 429: how long to wait
	Errors  json.RawMessage // of an invalid form: what is wrong, by field
	what    string
}

// Error describes the refusal for a log.
func (r *Refusal) Error() string {
	s := fmt.Sprintf("discord refused %s: %d %d %s", r.what, r.Status, r.Code, r.Message)
	if len(r.Errors) > 0 {
		s += " " + string(r.Errors)
	}
	return s
}

// RefusalOf gives the refusal that err is, or nil.
func RefusalOf(err error) *Refusal {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return r
	}
	return nil
}

// Is reports whether err is a refusal with one of the codes.
func Is(err error, codes ...int) bool {
	r := RefusalOf(err)
	return r != nil && slices.Contains(codes, r.Code)
}

// Forbidden reports whether the bot may not do it until somebody changes its
// permissions.
func Forbidden(err error) bool {
	r := RefusalOf(err)
	return r != nil && r.Status == http.StatusForbidden
}

// TooLarge reports whether the request carried more than Discord takes of one.
func TooLarge(err error) bool {
	r := RefusalOf(err)
	return r != nil && r.Status == http.StatusRequestEntityTooLarge
}

// Unauthorized reports whether Discord refuses the token.
func Unauthorized(err error) bool {
	r := RefusalOf(err)
	return r != nil && r.Status == http.StatusUnauthorized
}

// Limited tells how long to wait before trying again, if the request came too
// early.
func Limited(err error) (time.Duration, bool) {
	if r := RefusalOf(err); r != nil && r.Status == http.StatusTooManyRequests {
		return max(r.After, time.Second), true
	}
	return 0, false
}

// ParentFull reports whether a channel was refused since its category is full.
func ParentFull(err error) bool {
	r := RefusalOf(err)
	return r != nil && r.Code == InvalidForm && strings.Contains(string(r.Errors), "CHANNEL_PARENT_MAX_CHANNELS")
}

// secrets are the parts of a path that must not be logged.
var secrets = regexp.MustCompile(`^(/(?:interactions|webhooks)/\d+/)[^/]+`)

// failure makes an error of what the library gives. Addresses do not get into
// it, since those of interactions hold their tokens.
func failure(method, path string, err error) error {
	route, _, _ := strings.Cut(path, "?")
	what := method + " " + secrets.ReplaceAllString(route, "$1…")
	if h, ok := errors.AsType[*httputil.HTTPError](err); ok && h.Status < 500 {
		return refusal(what, h)
	} else if ok {
		return fmt.Errorf("discord %s: status %d", what, h.Status)
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return fmt.Errorf("discord %s: %w", what, err)
}

func refusal(what string, h *httputil.HTTPError) *Refusal {
	var body struct {
		Code    int             `json:"code"`
		Message string          `json:"message"`
		After   float64         `json:"retry_after"`
		Errors  json.RawMessage `json:"errors"`
	}
	// A body that is not Discord's leaves the status, which says enough.
	_ = json.Unmarshal(h.Body, &body)
	return &Refusal{
		Status: h.Status, Code: body.Code, Message: body.Message, Errors: body.Errors, what: what,
		After: time.Duration(body.After * float64(time.Second)),
	}
}
