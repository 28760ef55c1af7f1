// Package tag is the workspace's vocabulary of tags: the words by which staff marks
// tickets. A ticket names its tags by what the vocabulary calls them now, so that a
// word is corrected, or two become one, in one place and for all tickets at once.
package tag

import (
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Limits, in characters or items.
const (
	MaxName        = 40
	MaxDescription = 200
	MaxMerged      = 50 // tags that become part of another at once
)

// The refusals of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "fault.tag.not_found")
	ErrNameTaken = fault.New(fault.Conflict, "fault.tag.name_taken")
	ErrColour    = fault.New(fault.Invalid, "fault.tag.colour")
	ErrItself    = fault.New(fault.Invalid, "fault.tag.merged_into_itself")
)

// Tag is a word of the vocabulary.
type Tag struct {
	ID          id.Tag
	Workspace   id.Workspace
	Name        string   // as it was typed
	Former      []string // by which it is found too: earlier names, and those of tags that became part of it
	Colour      string   // "#rrggbb", or "" for none
	Description string
	CreatedAt   time.Time
	Version     int64 // rises each time that it is saved, or that others become part of it
}

// Key is what tells names apart: those with the same key are the same tag. It knows
// neither case nor how many spaces there are.
func Key(name string) string {
	return strings.ToLower(strings.ToUpper(strings.Join(strings.Fields(name), " ")))
}

// clean brings a tag to the form in which it is stored. Codes: invalid.
func (t *Tag) clean() error {
	name, err := locale.Clean(t.Name, "name", 1, MaxName)
	if err != nil {
		return err
	}
	description, err := locale.Clean(t.Description, "description", 0, MaxDescription)
	if err != nil {
		return err
	}
	colour := strings.ToLower(t.Colour)
	if colour != "" && !isColour(colour) {
		return ErrColour.On("colour")
	}
	t.Name, t.Description, t.Colour = name, description, colour
	return nil
}

// isColour tells "#" and six hexadecimal digits.
func isColour(s string) bool {
	return len(s) == len("#rrggbb") && s[0] == '#' && strings.Trim(s[1:], "0123456789abcdef") == ""
}
