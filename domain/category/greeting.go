package category

import (
	"github.com/ticketsys/ticketsys/domain/locale"
)

// The variables of templates.
const (
	VarRequester   = "requester" // the requester's name
	VarNumber      = "number"    // the ticket's number
	VarSubject     = "subject"
	VarCategory    = "category"     // the category's name in the template's language
	VarWaitingTime = "waiting_time" // how long a first reply usually takes at that hour
	VarNextOpening = "next_opening" // when is worked next
	VarWaited      = "waited"       // how long the requester has waited
)

// common are the variables that are known of every ticket.
func common(more ...Variable) []Variable {
	return append([]Variable{{Name: VarNumber, Kind: NumberKind}, {Name: VarSubject, Kind: TextKind}, {Name: VarCategory, Kind: TextKind}}, more...)
}

func ofGreetings() []Variable {
	return common(Variable{Name: VarRequester, Kind: TextKind}, Variable{Name: VarWaitingTime, Kind: DurationKind, Optional: true})
}

func checkGreeting(g locale.Text) error { return checkTemplates("greetings", g, ofGreetings()) }

// Greet fills the greeting for a reader; "" if the category has none. It tells
// the language that the greeting is in.
func (c *Category) Greet(reader locale.Tag, values Values) (string, locale.Tag) {
	return c.filled(c.Greeting, reader, values)
}

// GreetsWithWaitingTime reports whether a greeting tells how long a first reply
// usually takes.
func (c *Category) GreetsWithWaitingTime() bool {
	for _, text := range c.Greeting {
		if t, err := parse(text); err == nil && t.uses(VarWaitingTime) {
			return true
		}
	}
	return false
}
