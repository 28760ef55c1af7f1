// Package migrations holds the database schema as embedded SQL, one directory a
// dialect, in the form that bun/migrate reads: NAME.tx.up.sql and
// NAME.tx.down.sql, each file one transaction.
//
// The note that a migration was applied is written in the same transaction, so
// that no statement need be one that can be run again.
//
// Moments are 64-bit integers on both dialects: microseconds since 1970, UTC.
package migrations

import (
	"embed"
	"fmt"
	"io/fs"

	"github.com/uptrace/bun/migrate"
)

//go:embed sqlite/*.sql postgres/*.sql
var files embed.FS

// For gives the migrations of a dialect, "sqlite" or "postgres", oldest first.
func For(dialect string) (*migrate.Migrations, error) {
	dir, err := fs.Sub(files, dialect)
	if err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	found := migrate.NewMigrations(migrate.WithMigrationsDirectory(dialect))
	if err := found.Discover(dir); err != nil {
		return nil, fmt.Errorf("migrations of %s: %w", dialect, err)
	}
	return found, nil
}
