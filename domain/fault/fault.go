// Package fault is the one error type of the domain. A fault says what kind of
// refusal happened (Code), which sentence explains it (Key and Args, resolved by
// a catalogue at an edge) and which input field caused it. It carries no text
// and knows no transport.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Code classifies a fault; every edge maps codes, never keys, to its protocol.
type Code string

// The codes. Each edge has one table over all of them.
const (
	// Invalid means that the input itself is wrong, whatever the state.
	Invalid Code = "invalid"
	// Unauthenticated means that nobody, or nobody known, is asking.
	Unauthenticated Code = "unauthenticated"
	// Forbidden means that the actor is known and may not do this.
	Forbidden Code = "forbidden"
	// NotFound means that the object does not exist for this actor.
	NotFound Code = "not_found"
	// Conflict means that the object changed since the caller last saw it, or
	// that a unique name is taken.
	Conflict Code = "conflict"
	// Reused means that an idempotency key came with another input before.
	Reused Code = "key_reused"
	// Transition means that the object's state does not allow this step.
	Transition Code = "invalid_transition"
	// Unavailable means that the service can't answer now; trying again later may help.
	Unavailable Code = "unavailable"
	// Internal is every error that is not a fault. It is logged, never shown.
	Internal Code = "internal"
)

// Codes lists every code, for tables that must be complete.
func Codes() []Code {
	return []Code{Invalid, Unauthenticated, Forbidden, NotFound, Conflict, Reused, Transition, Unavailable, Internal}
}

// Args are the named values of a fault's sentence.
type Args map[string]any

// Error is a fault.
type Error struct {
	Code  Code
	Key   string // catalogue key of the sentence shown to a person
	Args  Args
	Field string // input field at fault, in the caller's camelCase path, or ""
	Err   error  // cause, for the log only
}

// New makes a fault whose sentence has the given catalogue key.
func New(code Code, key string) *Error { return &Error{Code: code, Key: key} }

// CurrentVersion names, among the Args of a Conflict, the version that the
// object has.
const CurrentVersion = "Current"

// Outdated refuses a change of an object which has another version by now than
// its author saw.
func Outdated(current int64) *Error {
	return New(Conflict, "fault.version.outdated").With(CurrentVersion, current)
}

// ErrNoVersion refuses an expected version of an object that is only to be made.
var ErrNoVersion = New(Invalid, "fault.version.of_new").On("expectedVersion")

// Error describes the fault for a log.
func (e *Error) Error() string {
	s := string(e.Code) + ": " + e.Key
	if e.Field != "" {
		s += " (" + e.Field + ")"
	}
	if e.Err != nil {
		s += fmt.Sprintf(": %v", e.Err)
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is a fault of the same code and key, so that a
// fault kept in a variable can be compared after With and On.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code && t.Key == e.Key
}

// On gives a copy that names the input field at fault.
func (e *Error) On(field string) *Error {
	c := *e
	c.Field = field
	return &c
}

// With gives a copy with one more named value for the sentence.
func (e *Error) With(name string, value any) *Error {
	c := *e
	c.Args = make(Args, len(e.Args)+1)
	maps.Copy(c.Args, e.Args)
	c.Args[name] = value
	return &c
}

// Because gives a copy that carries its cause.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// CodeOf gives the code of err: Internal for any error that is not a fault, ""
// for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if f, ok := errors.AsType[*Error](err); ok {
		return f.Code
	}
	return Internal
}
