package sqlstore

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrURL is wrapped by every error about a database URL that makes no sense.
var ErrURL = errors.New("the database URL must be sqlite://PATH or postgres://USER@HOST/DATABASE")

// ErrInUse is wrapped by the error of an exclusive Open of a SQLite file that
// another process holds.
var ErrInUse = errors.New("another ticketsys process is using this database file")

// target is a parsed database URL: one of the two is set.
type target struct {
	path   string          // SQLite file
	config *pgx.ConnConfig // PostgreSQL
}

// parseURL reads a database URL. Its errors are one line and never repeat the
// URL, which may hold a password.
func parseURL(raw string) (target, error) {
	scheme, rest, ok := strings.Cut(raw, "://")
	switch {
	case ok && scheme == "sqlite":
		return parseSQLite(rest)
	case ok && (scheme == "postgres" || scheme == "postgresql"):
		return parsePostgres(raw)
	default:
		return target{}, ErrURL
	}
}

func parseSQLite(path string) (target, error) {
	if path == "" || strings.ContainsAny(path, "?#\x00") || strings.HasPrefix(path, ":memory:") {
		return target{}, fmt.Errorf("%w: what follows sqlite:// must be the path of a file", ErrURL)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return target{}, fmt.Errorf("%w: %q is a directory", ErrURL, path)
	}
	if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
		return target{}, fmt.Errorf("%w: the directory of %q does not exist", ErrURL, path)
	}
	return target{path: path}, nil
}

func parsePostgres(raw string) (target, error) {
	parsed, err := url.Parse(raw)
	if err != nil || parsed.Host == "" && parsed.Query().Get("host") == "" {
		return target{}, fmt.Errorf("%w: the part after postgres:// can't be read", ErrURL)
	}
	config, err := pgx.ParseConfig(raw)
	if err != nil {
		return target{}, fmt.Errorf("%w: PostgreSQL does not know one of its parameters", ErrURL)
	}
	return target{config: config}, nil
}

// shownError is an error that may reach a command line.
type shownError struct{ err error }

// Error implements error, in one line.
func (e shownError) Error() string { return oneLine(e.err) }

// Unwrap gives the error.
func (e shownError) Unwrap() error { return e.err }

// oneLine makes a driver's error fit for a command line.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}
