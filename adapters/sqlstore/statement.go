package sqlstore

import "context"

// statement is one that changes something, and whose rows nobody reads.
type statement struct {
	sql  string
	args []any
}

// Last keeps statements until just before the commit, when they run in their
// order with whatever else was kept: with the COMMIT in one round trip where the
// database can.
func (tx *Tx) Last(statements ...statement) { tx.last = append(tx.last, statements...) }

// runLast runs what was kept, for one who goes on in the same transaction and
// must see it.
func (tx *Tx) runLast(ctx context.Context) error {
	all, err := tx.placing(ctx, tx.last)
	tx.last, tx.news = nil, nil
	if err != nil {
		return err
	}
	_, err = tx.run(ctx, all)
	return err
}
