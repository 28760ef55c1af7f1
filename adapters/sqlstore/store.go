package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"github.com/ticketsys/ticketsys/domain/job"
)

// Store is an open database. It is safe for concurrent use.
type Store struct {
	options Options
	dialect *dialect
	writer  *bun.DB
	reader  *bun.DB
	file    *fileLock
	hub     *hub
	shapes  *shapes
	convoy  *convoy
	called  called    // see Tx.tagNames
	others  *notifier // nil where no other process can be
	ids     *ids
	node    int64
	channel string // PostgreSQL's channel of signals

	stop       context.CancelFunc
	goroutines sync.WaitGroup
}

var (
	_ job.Queue   = (*Store)(nil)
	_ job.Signals = (*Store)(nil)
	_ job.Leases  = (*Store)(nil)
)

// Open connects, brings the schema up to date and starts to listen for other
// processes' signals. Its errors are one line fit for a command line and hold
// no secret; ErrURL and ErrInUse can be told by errors.Is. The caller closes
// the store.
func Open(ctx context.Context, o Options) (*Store, error) {
	o = o.withDefaults()
	t, err := parseURL(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Store{options: o, dialect: dialectOf(t), file: newFileLock(t), hub: newHub(), shapes: newShapes(), stop: func() {}}
	s.convoy = &convoy{lanes: s.dialect.lanes}
	if o.Exclusive {
		if err := s.file.keep(ctx); err != nil {
			return nil, err
		}
	}
	if err := s.start(ctx, t); err != nil {
		return nil, shownError{errors.Join(err, s.Close())}
	}
	return s, nil
}

func (s *Store) start(ctx context.Context, t target) error {
	if err := s.connect(ctx, t); err != nil {
		return fmt.Errorf("can't open the database: %w", err)
	}
	if err := s.Migrate(ctx); err != nil {
		return err
	}
	if err := s.identify(ctx); err != nil {
		return err
	}
	if err := s.keyTags(ctx); err != nil {
		return fmt.Errorf("key tags: %w", err)
	}
	if s.dialect.processes {
		return s.listen(ctx, t.config)
	}
	if s.options.Exclusive {
		return s.ReleaseLeases(ctx)
	}
	return nil
}

func (s *Store) connect(ctx context.Context, t target) error {
	writer, reader, err := s.dialect.open(t, s.options)
	if err != nil {
		return err
	}
	s.writer = bun.NewDB(writer, s.dialect.bun())
	s.reader = s.writer
	if reader != writer {
		s.reader = bun.NewDB(reader, s.dialect.bun())
	}
	return writer.PingContext(ctx)
}

// identify gives the process its node number.
func (s *Store) identify(ctx context.Context) error {
	return s.InTx(ctx, func(ctx context.Context, tx *Tx) error {
		node, err := tx.Next(ctx, "process")
		s.node, s.ids = node, newIDs(s.options.Now, node)
		return err
	})
}

// listen starts to hear signals, and returns when none can be missed any more.
func (s *Store) listen(ctx context.Context, config *pgx.ConnConfig) error {
	var schema sql.NullString
	if err := s.Read(ctx).QueryRow(ctx, `SELECT current_schema()`).Scan(&schema); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s.channel = "ticketsys/" + schema.String
	s.others = newNotifier(s.options.Logger, s.notify)
	l := listener{config: config, channel: s.channel, node: s.node, own: s.sender(), hub: s.hub, others: s.others, logger: s.options.Logger}
	conn, err := l.connect(ctx)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	look := func(ctx context.Context) error { return s.others.look(ctx, s.accompanied) }
	w := &sweeper{every: s.options.Sweep, ends: s.historyEnds, look: look, hub: s.hub, logger: s.options.Logger}
	if w.seen, err = w.ends(ctx); err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), conn.Close(ctx))
	}
	if err := look(ctx); err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), conn.Close(ctx))
	}
	running, stop := context.WithCancel(context.WithValue(context.WithoutCancel(ctx), signalling{}, true))
	s.stop = stop
	s.goroutines.Go(func() { l.run(running, conn) })
	s.goroutines.Go(func() { s.others.run(running) })
	s.goroutines.Go(func() { w.run(running) })
	return nil
}

// signal wakes who waits for the topics, here and in the other processes.
func (s *Store) signal(topics map[string]struct{}) {
	s.hub.publish(topics)
	if s.others != nil {
		s.others.add(topics)
	}
}

// Read gives the reader pool, or the transaction that ctx is in.
func (s *Store) Read(ctx context.Context) Conn {
	if tx := s.running(ctx); tx != nil {
		return tx.Conn
	}
	return Conn{bun: s.reader, raw: s.reader.DB, dialect: s.dialect}
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.reader.PingContext(ctx) }

// Close ends the listening and all connections, and gives the file free.
func (s *Store) Close() error {
	s.stop()
	s.goroutines.Wait()
	var errs []error
	if s.writer != nil {
		errs = append(errs, s.reader.Close(), s.writer.Close())
	}
	return errors.Join(append(errs, s.file.close())...)
}
