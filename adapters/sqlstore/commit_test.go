package sqlstore

import (
	"context"
	"errors"
	"testing"
	"time"
)

// TestACommitWithoutAnAnswerIsHeardOf shows that whoever waits looks into the
// database when nobody knows whether a commit happened.
func TestACommitWithoutAnAnswerIsHeardOf(t *testing.T) {
	s := &Store{hub: newHub(), dialect: dialectOf(target{})}
	signal, stop := s.Subscribe("news")
	defer stop()
	tx := &Tx{Conn: Conn{dialect: s.dialect}, store: s, topics: map[string]struct{}{"news": {}}}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	lost := errors.New("the connection was lost")
	err := tx.commit(gone, unanswered{t: t, with: lost})
	if !errors.Is(err, lost) {
		t.Errorf("error %v, want that the connection was lost", err)
	}
	select {
	case <-signal:
	case <-time.After(5 * time.Second):
		t.Error("nobody was told to look")
	}
}

// unanswered is a session whose commit gets no answer.
type unanswered struct {
	session
	t    *testing.T
	with error
}

func (u unanswered) commit(ctx context.Context, _ []statement) error {
	if ctx.Err() != nil {
		u.t.Error("the commit was given up with the caller's context")
	}
	return u.with
}
