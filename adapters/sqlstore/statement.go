package sqlstore

import (
	"context"
	"strconv"
	"strings"
)

// statement is one that changes something, and whose rows nobody reads but a
// later one of the same transaction, by its name.
//
// A late one locks a row that many transactions want, and goes after those that
// do not, so that it holds the lock for as short as can be.
type statement struct {
	name string
	late bool
	sql  string
	args []any
}

// apart gives the statements that are not late and those that are.
func apart(all []statement) (early, late []statement) {
	for _, s := range all {
		if s.late {
			late = append(late, s)
		} else {
			early = append(early, s)
		}
	}
	return early, late
}

// Last keeps statements until just before the commit, when they run in their
// order with whatever else was kept: with the COMMIT in one round trip where the
// database can.
// None may need to see what another one changed, or change the same row.
func (tx *Tx) Last(statements ...statement) { tx.last = append(tx.last, statements...) }

// runLast runs what was kept, for one who goes on in the same transaction and
// must see it.
func (tx *Tx) runLast(ctx context.Context) error {
	all := tx.last
	tx.last = nil
	if tx.dialect.together && len(all) > 1 {
		all = []statement{together(all)}
	}
	return tx.runAll(ctx, all)
}

func (c Conn) runAll(ctx context.Context, all []statement) error {
	for _, s := range all {
		if _, err := c.Exec(ctx, s.sql, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// together makes one statement of several.
func together(all []statement) statement {
	var text strings.Builder
	var args []any
	for i, s := range all {
		args = append(args, s.args...)
		if i == len(all)-1 {
			text.WriteString(" " + s.sql)
			break
		}
		if s.name == "" {
			s.name = "part" + strconv.Itoa(i)
		}
		text.WriteString([]string{"WITH ", ", "}[min(i, 1)] + s.name + " AS (" + s.sql + ")")
	}
	return statement{sql: text.String(), args: args}
}
