package render

import (
	"strconv"
	"strings"
)

// Verb is what a button, select or modal does.
type Verb string

// The verbs. Those of a ticket are followed by its ID, those of a category by
// the category's.
const (
	VerbClaim   Verb = "claim"
	VerbResolve Verb = "resolve"
	VerbConfirm Verb = "confirm"
	VerbReopen  Verb = "reopen"
	VerbOpen    Verb = "open"   // a category: show its form
	VerbForm    Verb = "form"   // a category: its form, filled in
	VerbChoose  Verb = "choose" // no ID: the value is a category
	VerbMore    Verb = "more"   // a place among what was found: what comes after it
	VerbKeys    Verb = "keys"   // an API key: those that were made before it
)

const idPrefix = "ts1"

// CustomID names a component. It holds all that its use needs, so that nothing
// has to be remembered; whoever uses it is still asked for.
func CustomID(v Verb, id int64) string {
	return idPrefix + ":" + string(v) + ":" + strconv.FormatInt(id, 10)
}

// ParseCustomID reads a custom ID; false if it is none of ours.
func ParseCustomID(s string) (Verb, int64, bool) {
	parts := strings.Split(s, ":")
	if len(s) > 100 || len(parts) != 3 || parts[0] != idPrefix {
		return "", 0, false
	}
	id, err := strconv.ParseInt(parts[2], 10, 64)
	v := Verb(parts[1])
	switch v {
	case VerbChoose:
		return v, id, err == nil && id == 0
	case VerbClaim, VerbResolve, VerbConfirm, VerbReopen, VerbOpen, VerbForm, VerbMore, VerbKeys:
		return v, id, err == nil && id > 0
	}
	return "", 0, false
}

// FormID names a form of a category that is shown in answer to an interaction.
// Discord leaves a form open whose sending failed, to be sent again: by the
// interaction it is known to be the same one.
func FormID(category int64, asked string) string {
	return CustomID(VerbForm, category) + ":" + asked
}

// ParseFormID reads what FormID made, also without the interaction; false if it
// is nothing of the kind.
func ParseFormID(s string) (category int64, asked string, ok bool) {
	parts := strings.SplitN(s, ":", 4)
	if len(s) > 100 || len(parts) < 3 {
		return 0, "", false
	}
	if len(parts) == 4 {
		asked = parts[3]
	}
	v, category, ok := ParseCustomID(strings.Join(parts[:3], ":"))
	return category, asked, ok && v == VerbForm
}

// OfTicket reports whether the verb is done to a ticket.
func (v Verb) OfTicket() bool {
	return v == VerbClaim || v == VerbResolve || v == VerbConfirm || v == VerbReopen
}
