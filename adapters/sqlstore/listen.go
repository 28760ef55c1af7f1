package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// sender starts the payloads of this process, which has already heard them.
func (s *Store) sender() string { return strconv.FormatInt(s.node, 10) + " " }

// What processes tell each other beside topics.
const (
	arrived    = "+" // I listen now
	everything = "*" // look at everything
)

// listener hears the other processes' signals on a connection of its own.
type listener struct {
	config  *pgx.ConnConfig
	channel string
	node    int64
	own     string // start of this process's payloads
	hub     *hub
	others  *notifier
	logger  *slog.Logger
}

// run listens until ctx ends, connecting again whenever it must.
func (l listener) run(ctx context.Context, conn *pgx.Conn) {
	const shortest, longest = 100 * time.Millisecond, 5 * time.Second
	wait := shortest
	for {
		if conn != nil {
			wait = shortest
			l.hear(ctx, conn)
		}
		if ctx.Err() != nil || pause(ctx, wait) != nil {
			return
		}
		wait = min(2*wait, longest)
		var err error
		if conn, err = l.connect(ctx); err != nil {
			l.logger.WarnContext(ctx, "listening for signals failed, trying again", "error", oneLine(err))
			continue
		}
		l.hub.publishAll() // some may have been missed
	}
}

func (l listener) connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, l.config)
	if err != nil {
		return nil, err
	}
	if err := l.appear(ctx, conn); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
}

// appear begins to listen, and tells the others so: those who listen hear it,
// those who come later find the lock, which ends with the connection.
func (l listener) appear(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `LISTEN `+pgx.Identifier{l.channel}.Sanitize()+`; SELECT pg_advisory_lock_shared(hashtext($1), $2), pg_notify($1, $3)`,
		pgx.QueryExecModeSimpleProtocol, l.channel, listenerKey(l.node), l.own+arrived)
	return err
}

// listenerKey is the process's own part of the key of its lock.
func listenerKey(node int64) int32 { return int32(node & math.MaxInt32) } //nolint:gosec // masked

// accompanied reports whether another process listens.
func (s *Store) accompanied(ctx context.Context) (company bool, err error) {
	err = s.Read(ctx).QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND classid = CAST(hashtext(?) AS OID) AND objid <> CAST(CAST(? AS INTEGER) AS OID))`, s.channel, listenerKey(s.node)).Scan(&company)
	return company, err
}

// hear passes signals on until the connection fails or ctx ends.
func (l listener) hear(ctx context.Context, conn *pgx.Conn) {
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	for {
		heard, err := conn.WaitForNotification(ctx)
		if err != nil {
			if ctx.Err() == nil {
				l.logger.WarnContext(ctx, "the connection for signals broke, connecting again", "error", oneLine(err))
			}
			return
		}
		if strings.HasPrefix(heard.Payload, l.own) {
			continue
		}
		if _, topic, ok := strings.Cut(heard.Payload, " "); ok {
			l.tell(topic)
		}
	}
}

// tell passes on what another process said, which proves that it is there.
func (l listener) tell(topic string) {
	l.others.meet()
	switch topic {
	case arrived:
	case everything:
		l.hub.publishAll()
	default:
		l.hub.publish(map[string]struct{}{topic: {}})
	}
}
