package sqlstore

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// sender starts the payloads of this process, which has already heard them.
func (s *Store) sender() string { return strconv.FormatInt(s.node, 10) + " " }

// listener hears the other processes' signals on a connection of its own.
type listener struct {
	config  *pgx.ConnConfig
	channel string
	own     string // start of this process's payloads
	hub     *hub
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
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{l.channel}.Sanitize()); err != nil {
		return nil, errors.Join(err, conn.Close(ctx))
	}
	return conn, nil
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
			l.hub.publish(map[string]struct{}{topic: {}})
		}
	}
}
