package locale

import (
	"slices"
	"strings"
	"time"
)

// Zone finds a time zone by its IANA name, such as "Europe/Paris". What would mean
// the machine's own zone is none, and neither is what only some machines' files hold.
func Zone(name string) (*time.Location, bool) {
	if name == "" || theMachines(name) {
		return nil, false
	}
	zone, err := time.LoadLocation(name)
	return zone, err == nil
}

// theMachines tells names that files of a machine give to zones of its own, and to
// copies of those that have IANA names. A file system may not tell capitals apart.
func theMachines(name string) bool {
	folder, _, _ := strings.Cut(strings.ToLower(name), "/")
	return slices.Contains([]string{"local", "localtime", "posixrules", "posix", "right"}, folder)
}
