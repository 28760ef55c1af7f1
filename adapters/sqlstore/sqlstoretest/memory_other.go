//go:build !linux

package sqlstoretest

import "testing"

// SQLiteInMemory is SQLite.
func SQLiteInMemory(tb testing.TB) string {
	tb.Helper()
	return SQLite(tb)
}
