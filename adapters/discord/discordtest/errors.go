package discordtest

import (
	"fmt"
	"net/http"
	"strings"
)

// apiError is an answer in Discord's error shape.
type apiError struct {
	status  int
	Code    int            `json:"code"`
	Message string         `json:"message"`
	Errors  map[string]any `json:"errors,omitempty"`
	header  http.Header
	extra   map[string]any
	page    string // HTML of the proxies before the API, instead of JSON
}

func (e *apiError) Error() string {
	return fmt.Sprintf("discord %d %d: %s", e.status, e.Code, e.Message)
}

func refuse(status, code int, message string) *apiError {
	return &apiError{status: status, Code: code, Message: message}
}

func notFound(code int, what string) *apiError {
	return refuse(http.StatusNotFound, code, "Unknown "+what)
}

func unknownChannel() *apiError { return notFound(10003, "Channel") }

func unknownMessage() *apiError { return notFound(10008, "Message") }

func missingAccess() *apiError { return refuse(http.StatusForbidden, 50001, "Missing Access") }

func missingPermissions() *apiError {
	return refuse(http.StatusForbidden, 50013, "Missing Permissions")
}

func unauthorized() *apiError { return refuse(http.StatusUnauthorized, 0, "401: Unauthorized") }

func wrongChannelType() *apiError {
	return refuse(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
}

// form gathers the errors of a request body, field by field.
type form struct{ root map[string]any }

// add notes an error at a dotted path such as "embeds.0.description"; the empty path is the body itself.
func (f *form) add(path, code, message string) {
	if f.root == nil {
		f.root = map[string]any{}
	}
	at := f.root
	if path != "" {
		for step := range strings.SplitSeq(path, ".") {
			next, ok := at[step].(map[string]any)
			if !ok {
				next = map[string]any{}
				at[step] = next
			}
			at = next
		}
	}
	list, _ := at["_errors"].([]map[string]string)
	at["_errors"] = append(list, map[string]string{"code": code, "message": message})
}

// length notes an error when a text is longer than most or shorter than least characters.
func (f *form) length(path, value string, least, most int) {
	n := len([]rune(value))
	switch {
	case n == 0 && least > 0:
		f.add(path, "BASE_TYPE_REQUIRED", "This field is required")
	case n > most && least == 0:
		f.add(path, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", most))
	case n > most || n < least:
		f.add(path, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between %d and %d in length.", least, most))
	}
}

// count notes an error when a list is empty or longer than most.
func (f *form) count(path string, n, most int) {
	if n < 1 || n > most {
		f.add(path, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between 1 and %d in length.", most))
	}
}

// err is nil when nothing was noted.
func (f *form) err() error {
	if f.root == nil {
		return nil
	}
	return &apiError{status: http.StatusBadRequest, Code: 50035, Message: "Invalid Form Body", Errors: f.root}
}

func badForm(path, code, message string) error {
	f := &form{}
	f.add(path, code, message)
	return f.err()
}
