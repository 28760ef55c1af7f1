package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// never is the stored moment of work that is not due.
const never = math.MaxInt64

// Enqueue implements job.Queue.
func (s *Store) Enqueue(ctx context.Context, key job.Key, due time.Time) error {
	return s.EnqueueAll(ctx, []job.Key{key}, due)
}

// EnqueueAll implements job.Queue.
func (s *Store) EnqueueAll(ctx context.Context, keys []job.Key, due time.Time) error {
	return s.InTx(ctx, func(_ context.Context, tx *Tx) error {
		for _, key := range keys {
			tx.Enqueue(key, due)
		}
		return nil
	})
}

// wishesAtOnce bounds the arguments of one statement.
const wishesAtOnce = 50

// wishStatements write the rows in the order of their keys, so that two
// transactions that share some never wait for each other.
func (tx *Tx) wishStatements() []statement {
	if len(tx.wishes) == 0 {
		return nil
	}
	var all []statement
	keys := make([]job.Key, 0, len(tx.wishes))
	for key := range tx.wishes {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b job.Key) int {
		return cmp.Or(cmp.Compare(a.Consumer, b.Consumer), cmp.Compare(a.Key, b.Key))
	})
	for chunk := range slices.Chunk(keys, wishesAtOnce) {
		args := make([]any, 0, 5*len(chunk))
		for _, key := range chunk {
			due := Micros(tx.wishes[key])
			args = append(args, string(key.Consumer), key.Key, int64(key.Workspace), due, due)
		}
		all = append(all, statement{sql: wishSQL(len(chunk)), args: args})
	}
	return all
}

// wishSQL upserts rows. A row that is claimed stays with its worker; the wish
// waits in due_at until the worker is done.
func wishSQL(rows int) string {
	if rows == 1 {
		return wishSQLStart + wishSQLEnd
	}
	return wishSQLStart + strings.Repeat(`, (?, ?, ?, ?, ?)`, rows-1) + wishSQLEnd
}

const (
	wishSQLStart = `INSERT INTO jobs (consumer, key, workspace_id, due_at, claim_at) VALUES (?, ?, ?, ?, ?)`
	wishSQLEnd   = `
	ON CONFLICT (consumer, key) DO UPDATE SET
		due_at = CASE WHEN jobs.due_at < excluded.due_at THEN jobs.due_at ELSE excluded.due_at END,
		claim_at = CASE WHEN jobs.lease_owner <> '' OR jobs.claim_at < excluded.claim_at
			THEN jobs.claim_at ELSE excluded.claim_at END`
)

const claimSQL = `WITH due AS MATERIALIZED (
		SELECT key FROM jobs
		WHERE consumer = ? AND claim_at <= ? AND claim_at < 9223372036854775807
		ORDER BY claim_at, key LIMIT ?%s)
	UPDATE jobs SET
		wanted_at = claim_at, claim_at = ?, lease_owner = ?, attempt = attempt + 1,
		due_at = CASE WHEN due_at <= ? THEN 9223372036854775807 ELSE due_at END
	WHERE consumer = ? AND key IN (SELECT key FROM due)
	RETURNING key, workspace_id, attempt, cursor, claim_at, wanted_at`

// Claim implements job.Queue. Wishes that are due are taken up by the claim;
// one for later stays, and is found when the claim is finished.
func (s *Store) Claim(ctx context.Context, consumer job.Consumer, owner string, now time.Time, lease time.Duration, limit int) ([]job.Claim, error) {
	var claims []job.Claim
	err := s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		rows, err := tx.Query(ctx, fmt.Sprintf(claimSQL, s.dialect.skipLocked), string(consumer), Micros(now), limit,
			Micros(now.Add(lease)), owner, Micros(now), string(consumer))
		if err != nil {
			return err
		}
		claims, err = readClaims(rows, consumer, owner)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return claims, nil
}

// readClaims gives the claims oldest first; RETURNING promises no order.
func readClaims(rows *sql.Rows, consumer job.Consumer, owner string) ([]job.Claim, error) {
	defer rows.Close()
	type found struct {
		claim  job.Claim
		wanted int64
	}
	var all []found
	for rows.Next() {
		f := found{claim: job.Claim{Key: job.Key{Consumer: consumer}, Owner: owner}}
		var workspace, until int64
		c := &f.claim
		if err := rows.Scan(&c.Key.Key, &workspace, &c.Attempt, &c.Cursor, &until, &f.wanted); err != nil {
			return nil, err
		}
		c.Workspace, c.LeaseUntil = id.Workspace(workspace), Moment(until)
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.wanted, b.wanted), cmp.Compare(a.claim.Key.Key, b.claim.Key.Key))
	})
	claims := make([]job.Claim, len(all))
	for i, f := range all {
		claims[i] = f.claim
	}
	return claims, rows.Err()
}

// Extend implements job.Queue.
func (s *Store) Extend(ctx context.Context, c job.Claim, until time.Time) (bool, error) {
	changed, err := s.change(ctx, `UPDATE jobs SET claim_at = ? WHERE consumer = ? AND key = ? AND lease_owner = ?`,
		Micros(until), string(c.Consumer), c.Key.Key, c.Owner)
	if err != nil {
		return false, fmt.Errorf("extend: %w", err)
	}
	return changed == 1, nil
}

// releaseSQL makes a row due at the given moment, or at that of a wish which
// came since the claim if that is earlier.
const releaseSQL = `UPDATE jobs SET
		lease_owner = '', attempt = CASE WHEN ? THEN 0 ELSE attempt END, cursor = ?, cause = ?,
		due_at = CASE WHEN due_at < ? THEN due_at ELSE ? END,
		claim_at = CASE WHEN due_at < ? THEN due_at ELSE ? END
	WHERE consumer = ? AND key = ? AND lease_owner = ?`

// Finish implements job.Queue.
func (s *Store) Finish(ctx context.Context, c job.Claim, o job.Outcome, _ time.Time) error {
	due := int64(never)
	if !o.Again.IsZero() {
		due = Micros(o.Again)
	}
	return s.release(ctx, c, true, o.Cursor, "", due)
}

// Retry implements job.Queue. The cursor stays as it was.
func (s *Store) Retry(ctx context.Context, c job.Claim, due time.Time, cause string) error {
	return s.release(ctx, c, false, c.Cursor, cause, Micros(due))
}

func (s *Store) release(ctx context.Context, c job.Claim, success bool, cursor int64, cause string, due int64) error {
	_, err := s.change(ctx, releaseSQL, success, cursor, cause, due, due, due, due,
		string(c.Consumer), c.Key.Key, c.Owner)
	if err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// Hasten implements job.Queue.
func (s *Store) Hasten(ctx context.Context, consumer job.Consumer, w id.Workspace, now time.Time) error {
	err := s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		tx.Signal(consumer.Topic())
		_, err := tx.Exec(ctx, `UPDATE jobs SET due_at = ?, claim_at = ?
			WHERE consumer = ? AND workspace_id = ? AND claim_at > ? AND claim_at < 9223372036854775807 AND lease_owner = ''`,
			Micros(now), Micros(now), string(consumer), int64(w), Micros(now))
		return err
	})
	return failed("hasten", err)
}

// NextDue implements job.Queue.
func (s *Store) NextDue(ctx context.Context, consumer job.Consumer) (time.Time, bool, error) {
	var at int64
	err := s.Read(ctx).QueryRow(ctx, `SELECT claim_at FROM jobs
		WHERE consumer = ? AND claim_at < 9223372036854775807 ORDER BY claim_at LIMIT 1`, string(consumer)).Scan(&at)
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("next due: %w", err)
	}
	return Moment(at), true, nil
}

// ReleaseLeases gives up every lease in the database: right when no other
// process can be at work, as on SQLite after an exclusive Open, which calls it.
func (s *Store) ReleaseLeases(ctx context.Context) error {
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE jobs SET lease_owner = '', claim_at = wanted_at WHERE lease_owner <> ''`); err != nil {
			return fmt.Errorf("release leases: %w", err)
		}
		if _, err := tx.Exec(ctx, `DELETE FROM leases`); err != nil {
			return fmt.Errorf("release leases: %w", err)
		}
		return nil
	})
}

// change runs one statement in a transaction of its own.
func (s *Store) change(ctx context.Context, query string, args ...any) (changed int64, err error) {
	err = s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		changed, err = tx.Affected(ctx, query, args...)
		return err
	})
	return changed, err
}
