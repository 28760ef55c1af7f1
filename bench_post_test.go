package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

const benchBody = "Have you tried to turn it off and on again? If it still burns, please tell us which floor you are on."

// BenchmarkPostMessage compares posting a message through the service with bare
// loops over database/sql that make as many transactions, in a database of the
// same content: one that inserts the same rows (message, text, event), and one
// that writes all the same rows, the ticket's among them, since a list shows in
// it when something happened. The service besides locks and reads the ticket,
// asks the access table, counts the workspace's events and wakes who listens.
func BenchmarkPostMessage(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) {
			b.Run("sqlite", func(b *testing.B) {
				folder := benchFolder(b)
				comparePosting(b, writers, "sqlite://"+filepath.Join(folder, "subject.db"), "sqlite://"+filepath.Join(folder, "floor.db"))
			})
			b.Run("postgres", func(b *testing.B) {
				comparePosting(b, writers, sqlstoretest.Postgres(b), sqlstoretest.Postgres(b))
			})
		})
	}
}

func comparePosting(b *testing.B, writers int, subject, floor string) {
	w, other := newBenchWorld(b, subject), newBenchWorld(b, floor)
	w.open(500)
	other.open(500)
	bare := newBareLoop(b, other, floor, writers)
	post := func(worker, i int) error {
		t := w.tickets[(worker*31+i)%len(w.tickets)]
		_, err := w.app.tickets.Reply(b.Context(), w.call(w.agent), ticket.Ref{ID: t.ID}, benchBody)
		return err
	}
	b.Run("inserts", func(b *testing.B) { compete(b, writers, post, bare.inserts) })
	b.Run("writes", func(b *testing.B) { compete(b, writers, post, bare.writes) })
}

// bareLoop writes rows as somebody would who needs nothing else.
type bareLoop struct {
	world                          *benchWorld
	db                             *sql.DB
	message, text, happened, moved *sql.Stmt
	ids                            func() int64
}

func newBareLoop(b *testing.B, w *benchWorld, databaseURL string, writers int) *bareLoop {
	b.Helper()
	driver, address := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite://"); ok {
		driver, writers = "sqlite", 1
		address = "file:" + path + "?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)&_pragma=cache_size(-2048)"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		b.Fatal(err)
	}
	db.SetMaxOpenConns(min(writers, 16))
	db.SetMaxIdleConns(min(writers, 16))
	b.Cleanup(func() { _ = db.Close() })
	l := &bareLoop{world: w, db: db, ids: w.store.IDs()}
	l.message = l.prepare(b, driver, `INSERT INTO messages (id, workspace_id, ticket_id, kind, side, author_id, version, locale, template,
		channel, external_id, occurred_at, recorded_at, edited_at, deleted_at, edited_by) VALUES (?, 1, ?, 'reply', 'staff', 1, 1, 'en', '', 'api', '', ?, ?, 0, 0, 0)`)
	l.text = l.prepare(b, driver, `INSERT INTO message_versions (message_id, number, author_id, at, body) VALUES (?, 1, 1, ?, ?)`)
	l.happened = l.prepare(b, driver, `INSERT INTO events (workspace_id, sequence, id, ticket_id, type, version, data, actor_id,
		channel, external_id, correlation_id, causation_id, internal, occurred_at, recorded_at)
		VALUES (1, ?, ?, ?, 'ticket.message_posted', 1, '{"message":250518373308303361,"kind":"reply"}', 1, 'api', '', 0, 0, FALSE, ?, ?)`)
	l.moved = l.prepare(b, driver, `UPDATE tickets SET activity_at = ?, last_message_id = ?, message_count = message_count + 1 WHERE id = ?`)
	return l
}

func (l *bareLoop) prepare(b *testing.B, driver, query string) *sql.Stmt {
	b.Helper()
	if driver == "pgx" {
		for i := 1; strings.Contains(query, "?"); i++ {
			query = strings.Replace(query, "?", "$"+string(rune('0'+i)), 1)
		}
	}
	stmt, err := l.db.PrepareContext(b.Context(), query)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = stmt.Close() })
	return stmt
}

func (l *bareLoop) inserts(worker, i int) error { return l.post(worker, i, false) }
func (l *bareLoop) writes(worker, i int) error  { return l.post(worker, i, true) }

func (l *bareLoop) post(worker, i int, ticketToo bool) error {
	ctx, now := context.Background(), time.Now().UnixMicro()
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	t, message, event := int64(l.world.tickets[(worker*31+i)%500].ID), l.ids(), l.ids()
	run := func(s *sql.Stmt, args ...any) {
		if err == nil {
			_, err = tx.StmtContext(ctx, s).ExecContext(ctx, args...) //nolint:sqlclosecheck // it ends with the transaction
		}
	}
	run(l.message, message, t, now, now)
	run(l.text, message, now, benchBody)
	run(l.happened, event, event, t, now, now)
	if ticketToo {
		run(l.moved, now, message, t)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}
