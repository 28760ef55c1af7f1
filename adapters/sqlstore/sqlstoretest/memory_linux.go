package sqlstoretest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// SQLiteInMemory is SQLite with a file that is kept in memory where the machine has
// room for it: for tests of very many transactions, which end the program, but not
// the machine, and need not wait for a disk.
func SQLiteInMemory(tb testing.TB) string {
	tb.Helper()
	const shared, room = "/dev/shm", 256 << 20
	var free syscall.Statfs_t
	if err := syscall.Statfs(shared, &free); err != nil || free.Bavail*uint64(max(free.Bsize, 0)) < room {
		return SQLite(tb)
	}
	dir, err := os.MkdirTemp(shared, "ticketsys-test-") //nolint:usetesting // tb.TempDir is on a disk
	if err != nil {
		return SQLite(tb)
	}
	tb.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	return "sqlite://" + filepath.Join(dir, "test.db")
}
