package sqlstore

import "context"

// Forget lets the store know nothing of what it would have to read.
func (s *Store) Forget(ctx context.Context) error {
	return s.InTx(ctx, func(_ context.Context, tx *Tx) error {
		if tx.known != nil {
			tx.known.forget()
		}
		s.called.forget()
		return nil
	})
}

// Waiting tells how many changes of tickets wait for company.
func (s *Store) Waiting() int {
	s.convoy.mu.Lock()
	defer s.convoy.mu.Unlock()
	return len(s.convoy.waiting)
}

// Lanes tells how many changes it takes until another one must wait.
func (s *Store) Lanes() int { return s.convoy.lanes }

// Channel is the name by which processes hear each other on PostgreSQL.
func (s *Store) Channel() string { return s.channel }

// Accompanied tells whether this process sends signals to others.
func (s *Store) Accompanied() bool {
	s.others.mu.Lock()
	defer s.others.mu.Unlock()
	return s.others.company
}

// WriteRows writes rows as many are written; sql is the INSERT up to the first of them.
func (tx *Tx) WriteRows(ctx context.Context, sql string, rows ...[]any) error {
	b := bulk{sql: sql}
	for _, row := range rows {
		b.add(row...)
	}
	return b.write(ctx, tx.Conn)
}
