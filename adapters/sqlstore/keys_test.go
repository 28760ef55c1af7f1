package sqlstore_test

import (
	"sync"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/auth"
)

func TestProcessesThatStartTogetherSignWithOneKey(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		var all sync.WaitGroup
		results := make([][]auth.Key, 4)
		for i := range results {
			all.Go(func() {
				key := auth.Key{ID: string(rune('a' + i)), Private: []byte{0, 255, byte(i)}, Public: []byte{byte(i)}, CreatedAt: noon}
				found, err := s.Keys().Add(t.Context(), key)
				if err != nil {
					t.Error(err)
				}
				results[i] = found
			})
		}
		all.Wait()
		for _, keys := range results {
			if len(keys) != 1 || keys[0].ID != results[0][0].ID || keys[0].Private[1] != 255 || !keys[0].RetiredAt.IsZero() {
				t.Fatalf("keys %v", results)
			}
		}
	})
}

func TestRetiredKeysStandBesideTheOneThatSigns(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		old := auth.Key{ID: "old", Private: []byte("p"), Public: []byte("q"), CreatedAt: noon, RetiredAt: noon.Add(time.Hour)}
		got(s.Keys().Add(t.Context(), old))(t)
		keys := got(s.Keys().Add(t.Context(), auth.Key{ID: "new", Private: []byte("p"), Public: []byte("q"), CreatedAt: noon.Add(time.Hour)}))(t)
		if len(keys) != 2 || keys[0].ID != "new" || !keys[1].RetiredAt.Equal(old.RetiredAt) {
			t.Fatalf("keys %+v", keys)
		}
	})
}
