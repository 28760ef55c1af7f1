// Package sqlstore keeps everything in SQLite or PostgreSQL: one implementation
// over bun, with the differences of the two in dialect.go.
//
// # Writing
//
// Every write goes through [Store.InTx]. The [Tx] that it hands out runs SQL and
// collects what must follow from the change: [Tx.Enqueue] wishes for durable
// work, [Tx.Publish] sends events along the routes, [Tx.Signal] wakes who waits
// for a topic. [Tx.Last] keeps statements that nobody needs to see before the
// commit. Both are written in the same transaction, just before it commits (on
// PostgreSQL with the COMMIT in one round trip); signals go out after it
// committed, never before: in this process at once, in others a few milliseconds
// later, or after a sweep if the process died in between.
//
//	err := s.InTx(ctx, func(ctx context.Context, tx *sqlstore.Tx) error {
//		if _, err := tx.Exec(ctx, `UPDATE queues SET name = ? WHERE id = ?`, name, id); err != nil {
//			return err
//		}
//		tx.Publish(envelopes...)
//		return nil
//	})
//
// The function may run more than once (PostgreSQL gives up one side of a
// deadlock), so it must not touch anything but the transaction and its own
// variables. An InTx within an InTx joins it: both commit, or neither does.
//
// # Reading
//
// [Store.Read] gives the reader pool, or the transaction that ctx is in, so that
// a read in a transaction sees its writes.
//
// # SQL
//
// Hand-written SQL has ? for its arguments on both databases and is prepared
// once per connection. [Conn.Bun] gives bun for what is not hot: it writes the
// arguments into the text, so its statements are never prepared.
//
// A moment is a BIGINT of microseconds since 1970 in UTC, see [Micros] and
// [Moment]: exact in keyset cursors, and free of time zones.
package sqlstore
