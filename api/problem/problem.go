// Package problem is how the helpdesk's refusals look in HTTP: documents in the
// form of RFC 9457, in the caller's language.
package problem

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// MediaType is the type of a problem.
const MediaType = "application/problem+json"

// statuses is what becomes of a fault's code in HTTP: the one table.
var statuses = map[fault.Code]int{
	fault.Invalid:         http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.NotFound:        http.StatusNotFound,
	fault.Conflict:        http.StatusConflict,
	fault.Reused:          http.StatusUnprocessableEntity,
	fault.Transition:      http.StatusConflict,
	fault.Unavailable:     http.StatusServiceUnavailable,
	fault.Internal:        http.StatusInternalServerError,
}

// StatusOf gives the status of a fault's code.
func StatusOf(c fault.Code) int { return statuses[c] }

// Problem tells why a request was refused.
type Problem struct {
	Type     string  `json:"type" doc:"Always about:blank: the status and the code say it."`
	Title    string  `json:"title" doc:"What the status is called."`
	Status   int     `json:"status" doc:"The status of the response."`
	Detail   string  `json:"detail" doc:"The reason, in the caller's language."`
	Code     string  `json:"code" doc:"What kind of refusal it is, for programs."`
	Field    string  `json:"field,omitempty" doc:"The input at fault, with the part of it after a dot."`
	Errors   []Error `json:"errors,omitempty" nullable:"false" doc:"Where in the request it lies."`
	Current  int64   `json:"currentVersion,omitempty" doc:"The version that the object has, when If-Match named another one."`
	Instance string  `json:"instance,omitempty" doc:"The request's ID, by which it is found in the log."`
}

// Error points to what is wrong in a request.
type Error struct {
	Detail    string `json:"detail" doc:"What is wrong, in the caller's language."`
	Pointer   string `json:"pointer,omitempty" doc:"Where in the body: a JSON pointer as a fragment, e.g. #/answers/order."`
	Parameter string `json:"parameter,omitempty" doc:"Which parameter of the path or the query."`
	Header    string `json:"header,omitempty" doc:"Which header field."`
	Offset    *int   `json:"offset,omitempty" doc:"At which character of a text that is looked for it begins, from 0."`
	Length    *int   `json:"length,omitempty" doc:"How many characters of it are meant."`
}

// New makes a problem of a code with its status, and a sentence.
func New(status int, code, detail, requestID string) Problem {
	p := Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Detail: detail, Code: code}
	if requestID != "" {
		p.Instance = "urn:request:" + requestID
	}
	return p
}

// Shown gives the fault of an error, if it is one that may be shown.
func Shown(err error) (*fault.Error, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	return f, ok && f.Code != fault.Internal
}

// Write answers with the problem.
func (p Problem) Write(w http.ResponseWriter) {
	if p.Status == http.StatusUnauthorized && w.Header().Get("WWW-Authenticate") == "" {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}
	body, _ := json.Marshal(p) // of strings and numbers
	w.Header().Set("Content-Type", MediaType)
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_, _ = w.Write(body)
}
