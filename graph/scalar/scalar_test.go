package scalar_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"pgregory.net/rapid"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

func written(m graphql.Marshaler) string {
	var b bytes.Buffer
	m.MarshalGQL(&b)
	return b.String()
}

func kinds() []scalar.Kind {
	return []scalar.Kind{
		scalar.Workspace, scalar.Member, scalar.Team, scalar.Queue, scalar.Category, scalar.Ticket, scalar.Message, scalar.Event,
	}
}

func TestIDsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, math.MaxInt64).Draw(t, "n")
		k := rapid.SampledFrom(kinds()).Draw(t, "kind")
		s := scalar.Encode(k, n)
		kind, got, ok := scalar.Decode(s)
		if !ok || kind != k || got != n {
			t.Fatalf("%s: %s %d %v", s, kind, got, ok)
		}
		for _, other := range kinds() {
			if of := scalar.Of[id.Ticket](other, s); (of == id.Ticket(n)) != (other == k) {
				t.Fatalf("%s as %s: %d", s, other, of)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"", "tkt_1", "tkt_", "_", "tkt_+1", "tkt_01", "TKT_1", "tkt_1\n", "mem_1y2p0ij32e8e7"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		k, n, ok := scalar.Decode(s)
		if ok && (n <= 0 || scalar.Encode(k, n) != s) {
			t.Errorf("%q is taken as %s %d", s, k, n)
		}
		if !ok && n != -1 {
			t.Errorf("%q names %d", s, n)
		}
	})
}

func TestEveryIDHasItsKind(t *testing.T) {
	for want, got := range map[string]string{
		`"wsp_a"`: written(scalar.MarshalWorkspaceID(10)), `"mem_a"`: written(scalar.MarshalMemberID(10)),
		`"tem_a"`: written(scalar.MarshalTeamID(10)), `"que_a"`: written(scalar.MarshalQueueID(10)),
		`"cat_a"`: written(scalar.MarshalCategoryID(10)), `"tkt_a"`: written(scalar.MarshalTicketID(10)),
		`"msg_a"`: written(scalar.MarshalMessageID(10)), `"evt_a"`: written(scalar.MarshalEventID(10)),
		"null": written(scalar.MarshalTicketID(0)),
	} {
		if got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	for given, want := range map[any]id.Ticket{nil: 0, "tkt_a": 10, "msg_a": -1, "": -1, json.Number("10"): -1, 10: -1, true: -1} {
		if got, err := scalar.UnmarshalTicketID(given); got != want || err != nil {
			t.Errorf("%v: %d %v, want %d", given, got, err, want)
		}
	}
	w, _ := scalar.UnmarshalWorkspaceID("wsp_a")
	m, _ := scalar.UnmarshalMemberID("mem_a")
	tm, _ := scalar.UnmarshalTeamID("tem_a")
	q, _ := scalar.UnmarshalQueueID("que_a")
	c, _ := scalar.UnmarshalCategoryID("cat_a")
	msg, _ := scalar.UnmarshalMessageID("msg_a")
	e, _ := scalar.UnmarshalEventID("evt_a")
	if got := []int64{int64(w), int64(m), int64(tm), int64(q), int64(c), int64(msg), int64(e)}; !slices.Equal(got, []int64{10, 10, 10, 10, 10, 10, 10}) {
		t.Error(got)
	}
}

func TestCursorsAreReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.OneOf(rapid.Int64().AsAny(), rapid.StringMatching(`[^\x00]*`).AsAny())
		c := page.Cursor(rapid.SliceOfN(key, 1, 8).Draw(t, "cursor"))
		if got := scalar.DecodeCursor(scalar.EncodeCursor(c)); !slices.Equal(got, c) {
			t.Fatalf("%v, want %v", got, c)
		}
	})
	if got := written(scalar.MarshalCursor(nil)); got != "null" {
		t.Error(got)
	}
	if got, err := scalar.UnmarshalCursor(nil); got != nil || err != nil {
		t.Error(got, err)
	}
}

func FuzzDecodeCursor(f *testing.F) {
	for _, s := range []string{"", "AgQ", "%", "____", strings.Repeat("A", 100), base64.RawURLEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 20))} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c := scalar.DecodeCursor(s); c == nil || len(c) > 8 {
			t.Errorf("%q is %v: nil would mean that none was given", s, c)
		}
	})
}

func TestMoments(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 30, 0, 123456789, time.FixedZone("", 3600))
	if got := written(scalar.MarshalDateTime(at)); got != `"2026-03-01T09:30:00.123456Z"` {
		t.Error(got)
	}
	if got := written(scalar.MarshalDateTime(time.Time{})); got != "null" {
		t.Error(got)
	}
	got, err := scalar.UnmarshalDateTime("2026-03-01T10:30:00.123456+01:00")
	if err != nil || !got.Equal(at.Truncate(time.Microsecond)) || got.Location() != time.UTC {
		t.Error(got, err)
	}
	for _, bad := range []any{"yesterday", "2026-03-01", 5, nil, true} {
		if _, err := scalar.UnmarshalDateTime(bad); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
}

func TestNumbersKeepToTheSchemasBounds(t *testing.T) {
	for given, want := range map[any]int64{nil: 0, json.Number("7"): 7, int64(-3): -3, json.Number("2147483647"): math.MaxInt32} {
		if got, err := scalar.UnmarshalInt64(given); got != want || err != nil {
			t.Errorf("%v: %d %v", given, got, err)
		}
	}
	for _, bad := range []any{json.Number("2147483648"), json.Number("99999999999999999999"), "x", 1.5} {
		if _, err := scalar.UnmarshalInt(bad); fault.CodeOf(err) != fault.Invalid {
			t.Errorf("%v: %v", bad, err)
		}
	}
	if written(scalar.MarshalInt(5)) != "5" || written(scalar.MarshalInt64(-5)) != "-5" {
		t.Error("numbers are written wrong")
	}
}

func TestTexts(t *testing.T) {
	if written(scalar.MarshalURL("")) != "null" || written(scalar.MarshalURL("https://x/?a=\"b\"")) != `"https://x/?a=\"b\""` {
		t.Error("addresses are written wrong")
	}
	if tag, err := scalar.UnmarshalLocale("fr"); tag != "fr" || err != nil || written(scalar.MarshalLocale("fr")) != `"fr"` {
		t.Error("languages are read or written wrong")
	}
	if u, err := scalar.UnmarshalURL("https://x"); u != "https://x" || err != nil {
		t.Error(u, err)
	}
	if _, err := scalar.UnmarshalURL([]int{}); err == nil || errors.Is(err, fault.New(fault.Internal, "")) {
		t.Error(err)
	}
}
