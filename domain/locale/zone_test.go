package locale_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/ticketsys/ticketsys/domain/locale"
)

// zoneFile is a file of a zone whose clocks show UTC.
const zoneFile = "TZif\x00" + "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + // version, and nothing
	"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00" + // no transitions
	"\x00\x00\x00\x01\x00\x00\x00\x04" + "\x00\x00\x00\x00\x00\x00" + "UTC\x00" // one kind of time, and its name

// Names under which machines keep zones of their own, and copies of all, mean none,
// whatever files there are.
func TestTheMachinesOwnZoneIsNone(t *testing.T) {
	there := t.TempDir()
	names := []string{"localtime", "Localtime", "posixrules", "posix/Europe/Paris", "right/Europe/Paris", "Local", "local", "LOCAL"}
	for _, name := range append(names, "Made/Here") {
		file := filepath.Join(there, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(zoneFile), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ZONEINFO", there)
	for _, name := range append(names, "", "Middle/Earth") {
		if zone, known := locale.Zone(name); known {
			t.Errorf("%q is the zone %v", name, zone)
		}
	}
	for _, name := range []string{"Made/Here", "Europe/Paris", "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires"} {
		if zone, known := locale.Zone(name); !known || zone.String() != name {
			t.Errorf("%q is the zone %v, %v", name, zone, known)
		}
	}
}
