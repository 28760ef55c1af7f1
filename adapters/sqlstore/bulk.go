package sqlstore

import (
	"bytes"
	"cmp"
	"context"
	"database/sql/driver"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// bulk is rows of one table, for as few statements as can be.
type bulk struct {
	sql  string // INSERT INTO table (columns) VALUES, up to the first row
	end  string // after the last row
	args []any
	rows int
	many int   // how many rows are expected
	odd  error // a row was not as wide as the others
	// single wants a statement for each of many rows: FTS5 writes what it gathered
	// before each statement of several.
	single bool
}

const (
	// mostArguments is what SQLite takes in one statement; PostgreSQL takes twice as many.
	mostArguments = 32766
	// manyRows are worth a way of their own.
	manyRows = 1000
	// evenArguments is how many a statement has of which many rows need several: the
	// same each time, so that it is prepared once.
	evenArguments = 600
)

// add takes a row, as wide as those before.
func (b *bulk) add(row ...any) {
	switch {
	case b.odd != nil:
		return
	case b.rows == 0:
		b.args = slices.Grow(b.args, max(b.many, 1)*len(row))
	case len(row)*b.rows != len(b.args):
		b.odd = fmt.Errorf("row %d has %d values, those before have %d: %s", b.rows+1, len(row), len(b.args)/b.rows, b.sql)
		return
	}
	b.args = append(b.args, row...)
	b.rows++
}

func (b *bulk) write(ctx context.Context, c Conn) error {
	switch {
	case b.odd != nil:
		return b.odd
	case b.rows == 0:
		return nil
	case b.rows < manyRows || b.end != "":
		return b.insert(ctx, c, mostArguments, b.args)
	case c.copy != nil:
		return b.copy(ctx, c)
	}
	width := len(b.args) / b.rows
	even := evenArguments / width * width
	if b.single {
		even = width
	}
	whole := len(b.args) / even * even
	if err := b.insert(ctx, c, even, b.args[:whole]); err != nil {
		return err
	}
	return b.insert(ctx, c, width, b.args[whole:])
}

// insert writes rows by statements of so many arguments.
func (b *bulk) insert(ctx context.Context, c Conn, most int, args []any) error {
	if len(args) == 0 {
		return nil
	}
	width := len(b.args) / b.rows
	row := "(" + strings.Repeat("?, ", width-1) + "?)"
	for chunk := range slices.Chunk(args, width*cmp.Or(most/width, 1)) {
		if _, err := c.Exec(ctx, repeated(b.sql+row, row, len(chunk)/width)+b.end, chunk...); err != nil {
			return err
		}
	}
	return nil
}

// copy writes the rows as PostgreSQL's COPY reads them.
func (b *bulk) copy(ctx context.Context, c Conn) error {
	table := strings.TrimSuffix(strings.TrimPrefix(b.sql, "INSERT INTO "), " VALUES ")
	text := make([]byte, 0, 16*len(b.args))
	for row := range slices.Chunk(b.args, len(b.args)/b.rows) {
		for i, v := range row {
			if i > 0 {
				text = append(text, '\t')
			}
			var err error
			if text, err = appendCopied(text, v); err != nil {
				return fmt.Errorf("copy into %s: %w", table, err)
			}
		}
		text = append(text, '\n')
	}
	return c.copy(ctx, "COPY "+table+" FROM STDIN", bytes.NewReader(text))
}

// copyEscaper keeps what would end a value, or a row.
var copyEscaper = strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`)

// appendCopied writes whatever can be an argument of a statement.
func appendCopied(to []byte, value any) ([]byte, error) {
	plain, err := driver.DefaultParameterConverter.ConvertValue(value)
	if err != nil {
		return nil, err
	}
	switch v := plain.(type) {
	case nil:
		return append(to, `\N`...), nil
	case int64:
		return strconv.AppendInt(to, v, 10), nil
	case float64:
		return strconv.AppendFloat(to, v, 'g', -1, 64), nil
	case bool:
		return strconv.AppendBool(to, v), nil
	case string:
		if !strings.ContainsAny(v, "\\\t\n\r") {
			return append(to, v...), nil
		}
		return append(to, copyEscaper.Replace(v)...), nil
	case []byte:
		return hex.AppendEncode(append(to, `\\x`...), v), nil
	case time.Time:
		return v.AppendFormat(to, time.RFC3339Nano), nil
	default:
		return nil, fmt.Errorf("no way to write a %T", value)
	}
}
