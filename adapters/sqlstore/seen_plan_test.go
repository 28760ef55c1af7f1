package sqlstore_test

import (
	"context"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/event"
)

// How far a channel was taken in is recorded again and again, among the surfaces
// of all workspaces.
func TestWhatWasSeenIsRecordedByIndex(t *testing.T) {
	var update string
	watch := func(o *sqlstore.Options) {
		o.OnStatement = func(_ context.Context, query string) {
			if strings.HasPrefix(query, "UPDATE surfaces SET seen_id") {
				update = query
			}
		}
	}
	sqlstoretest.EachWith(t, watch, func(t *testing.T, s *sqlstore.Store) {
		must(t, s.Channels().Seen(t.Context(), event.ChannelPlain, channel.Sight{ExternalID: "place", SeenID: "7"}))
		if !strings.HasSuffix(t.Name(), "sqlite") {
			return // few rows are read faster without an index, and PostgreSQL knows
		}
		plan := planOf(t, s, update, "7", "plain", "place", "plain", "place", "plain", "7", "7", "7")
		if !strings.Contains(plan, "surfaces_place") || !strings.Contains(plan, "surfaces_direct") || strings.Contains(plan, "SCAN surfaces") {
			t.Errorf("the plan:\n%s", plan)
		}
	})
}
