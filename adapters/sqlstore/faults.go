package sqlstore

import (
	"errors"
	"fmt"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// failed says what failed. A fault passes as it is; anything else is internal,
// and what the database said of it is for the log.
func failed(what string, err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	return fmt.Errorf("%s: %w", what, err)
}

// taken makes a conflict of the error that a unique name or key is taken.
func taken(err error, conflict *fault.Error) error {
	if UniqueViolation(err) {
		return conflict.Because(err)
	}
	return err
}

// changed refuses with missing when a statement found nothing to change.
func changed(rows int64, err error, missing error) error {
	if err == nil && rows == 0 {
		return missing
	}
	return err
}
