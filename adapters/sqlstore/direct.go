package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/uptrace/bun"
)

// direct runs a transaction's statements on the driver's own connection, past
// the locks and conversions of database/sql, which take a good part of the time
// that SQLite itself does. The transaction has the connection for itself as long
// as it holds the sql.Conn.
type direct struct {
	*sql.Conn
	own *preparingConn
}

// ownConn gives the driver's connection.
func ownConn(base bun.Conn) (own *preparingConn, err error) {
	err = base.Raw(func(driverConn any) error {
		var ok bool
		if own, ok = driverConn.(*preparingConn); !ok {
			return fmt.Errorf("the driver's connection is a %T", driverConn)
		}
		return nil
	})
	return own, err
}

// ExecContext implements bun.IConn.
func (c direct) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return c.own.direct(ctx, query, args)
}

// QueryContext implements bun.IConn.
func (c direct) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return c.Conn.QueryContext(context.WithoutCancel(ctx), query, args...)
}

// QueryRowContext implements bun.IConn.
func (c direct) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return c.Conn.QueryRowContext(context.WithoutCancel(ctx), query, args...)
}

// direct runs a statement. Who hears of it sees the context; nothing ends it.
func (c *preparingConn) direct(ctx context.Context, query string, args []any) (driver.Result, error) {
	values, err := c.named(args)
	if err != nil {
		return nil, err
	}
	kept, err := c.take(ctx, query, values)
	if err != nil {
		return nil, err
	}
	if kept == nil {
		return c.sqliteConn.ExecContext(context.WithoutCancel(ctx), query, values)
	}
	return kept.ExecContext(context.Background(), values) //nolint:contextcheck // one of its own would be made for each statement
}

// queryRow asks for one row.
func (c *preparingConn) queryRow(ctx context.Context, query string, args []any) scanner {
	values, err := c.named(args)
	if err != nil {
		return directRow{err: err}
	}
	rows, err := c.QueryContext(context.WithoutCancel(ctx), query, values)
	if err != nil {
		return directRow{err: err}
	}
	row := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(row)
	if errors.Is(err, io.EOF) {
		err = sql.ErrNoRows
	}
	return directRow{values: row, err: errors.Join(err, rows.Close())}
}

// directRow is a row as the driver gave it.
type directRow struct {
	values []driver.Value
	err    error
}

// Scan implements scanner.
func (r directRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	if len(into) != len(r.values) {
		return fmt.Errorf("a row has %d columns, not %d", len(r.values), len(into))
	}
	for i, value := range r.values {
		if err := assign(into[i], value); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

// assign gives a value to a variable.
func assign(into any, value driver.Value) error {
	switch field := into.(type) {
	case *string:
		return convert(field, value)
	case *int64:
		return convert(field, value)
	case *int:
		return convert(field, value)
	case *bool:
		return convert(field, value)
	case *[]byte:
		return convert(field, value)
	case sql.Scanner:
		return field.Scan(value)
	}
	return fmt.Errorf("a value can't become a %T", into)
}

// convert is database/sql's conversion for what is not of the type already.
func convert[T any](field *T, value driver.Value) error {
	if same, ok := value.(T); ok {
		*field = same
		return nil
	}
	var other sql.Null[T]
	if err := other.Scan(value); err != nil {
		return err
	}
	if !other.Valid {
		return fmt.Errorf("NULL can't become a %T", *field)
	}
	*field = other.V
	return nil
}

// reusedValues is for how many arguments a connection keeps the memory.
const reusedValues = 32

// named gives the arguments as the driver takes them, until it is called again:
// the driver has them when a statement has begun.
func (c *preparingConn) named(args []any) ([]driver.NamedValue, error) {
	if c.values == nil {
		c.values = make([]driver.NamedValue, reusedValues)
	}
	values := c.values[:min(len(args), reusedValues)]
	if len(args) > reusedValues {
		values = make([]driver.NamedValue, len(args))
	}
	for i, arg := range args {
		switch arg.(type) {
		case int64, string, bool, nil:
		default:
			var err error
			if arg, err = driver.DefaultParameterConverter.ConvertValue(arg); err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
		}
		values[i] = driver.NamedValue{Ordinal: i + 1, Value: arg}
	}
	return values, nil
}
