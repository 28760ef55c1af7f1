package wire

import (
	"encoding/json"
	"errors"
)

// Whole is what tells whether all is there that it cannot do without. flawed says
// that something was left out, so that what may be missing may have been that.
type Whole interface{ Whole(flawed bool) bool }

// errPartial tells that what an event cannot do without is not there.
var errPartial = errors.New("what matters in it cannot be read")

// Read reads an object. A part that is not of the type that it should be is left
// out: what else there is to know is worth more. Only what an event cannot do
// without must be there then.
func Read[T any](raw []byte) (*T, error) {
	v := new(T)
	err := json.Unmarshal(raw, v)
	flawed := err != nil
	if flawed {
		if v, err = salvage[T](raw, err); err != nil {
			return nil, err
		}
	}
	if w, ok := any(v).(Whole); ok && !w.Whole(flawed) {
		return nil, errPartial
	}
	return v, nil
}

// salvage reads what can be read of an object that could not be read as a whole.
func salvage[T any](raw []byte, why error) (*T, error) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil, why
	}
	for name, field := range fields {
		// Of a wrong type the decoder leaves out just that; at what a type refuses
		// by itself, it stops.
		alone, err := json.Marshal(map[string]json.RawMessage{name: field})
		if err != nil || !skipped(json.Unmarshal(alone, new(T))) {
			delete(fields, name)
		}
	}
	rest, err := json.Marshal(fields)
	if err != nil {
		return nil, err
	}
	v := new(T)
	if err := json.Unmarshal(rest, v); !skipped(err) {
		return nil, err
	}
	return v, nil
}

// skipped reports whether the decoder went on behind what it could not read.
func skipped(err error) bool {
	_, wrongType := errors.AsType[*json.UnmarshalTypeError](err)
	return err == nil || wrongType
}

// Whole implements Whole. An edit may come without its author.
func (m *Message) Whole(flawed bool) bool {
	return m.ID.Valid() && m.ChannelID.Valid() && m.GuildID.sound() && known(m.Author, flawed)
}

func known(u *User, flawed bool) bool {
	if u == nil {
		return !flawed
	}
	return u.ID.Valid()
}

// Whole implements Whole.
func (d *Deletion) Whole(bool) bool {
	return d.ChannelID.Valid() && d.GuildID.sound() && (d.ID.Valid() || len(d.IDs) > 0)
}

// Whole implements Whole.
func (c *Channel) Whole(bool) bool { return c.ID.Valid() && c.GuildID.sound() }

// Whole implements Whole.
func (g *Guild) Whole(bool) bool { return g.ID.Valid() }

// Whole implements Whole. Within a message it is not asked.
func (m *Member) Whole(flawed bool) bool { return m.GuildID.Valid() && known(m.User, flawed) }

// Whole implements Whole. What was used must be known, or else nothing but an
// apology can be the answer.
func (i *Interaction) Whole(flawed bool) bool {
	used := i.Data.Name != "" || i.Data.CustomID != ""
	return i.ID.Valid() && i.Token != "" && i.GuildID.sound() && (used || !flawed)
}
