package migrations_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/migrations"
)

func TestBothDialectsHaveTheSameMigrations(t *testing.T) {
	names := map[string][]string{}
	for _, dialect := range []string{"sqlite", "postgres"} {
		found, err := migrations.For(dialect)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range found.Sorted() {
			if m.Up == nil || m.Down == nil {
				t.Errorf("%s: migration %s has no way up or no way down", dialect, m.String())
			}
			names[dialect] = append(names[dialect], m.String())
		}
	}
	if len(names["sqlite"]) == 0 || len(names["sqlite"]) != len(names["postgres"]) {
		t.Fatalf("migrations differ: %v", names)
	}
	for i, name := range names["sqlite"] {
		if names["postgres"][i] != name {
			t.Errorf("migration %d is %s on SQLite and %s on PostgreSQL", i, name, names["postgres"][i])
		}
	}
}

func TestUnknownDialectIsRefused(t *testing.T) {
	if _, err := migrations.For("oracle"); err == nil {
		t.Fatal("an unknown dialect has migrations")
	}
}
