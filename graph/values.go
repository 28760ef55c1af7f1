package graph

// tooMany tells whether JSON holds more values than there may be, at a glance:
// each but the first in a list or an object stands behind a comma, and each that
// holds others is one, too. To read a great many takes much longer, and more
// memory than they were sent in.
func tooMany(data []byte, most int) bool {
	values, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == '[' || c == '{'):
			values++
		}
	}
	return values > most
}
