package idempotency_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/idempotency"
)

// memory keeps what a store would.
type memory map[idempotency.Record]idempotency.Result

func (m memory) Once(ctx context.Context, r idempotency.Record, _ time.Time, do func(context.Context) (idempotency.Result, error)) (idempotency.Result, bool, error) {
	if kept, ok := m[r]; ok {
		return kept, true, nil
	}
	done, err := do(ctx)
	if err == nil {
		m[r] = done
	}
	return done, false, err
}

func call() access.Call {
	return access.Call{Actor: access.Actor{Workspace: 1, Member: 2, Role: access.RoleAgent}, Now: time.Unix(1000, 0)}
}

func TestOnlyAnswersToTheWishAreKept(t *testing.T) {
	for _, code := range append(fault.Codes(), "") {
		s, calls := idempotency.NewService(memory{}), 0
		wish := idempotency.Wish{Operation: "o", Key: "k", Input: []byte("x")}
		do := func(context.Context) (idempotency.Result, error) {
			calls++
			switch code {
			case "":
				return idempotency.Result{Objects: []string{"a"}}, nil
			case fault.Internal:
				return idempotency.Result{}, errors.New("broken")
			default:
			}
			f := fault.New(code, "k")
			return idempotency.Result{Refusals: []idempotency.Refusal{idempotency.RefusalOf(f)}}, f
		}
		first, replayed, err := s.Do(t.Context(), call(), wish, do)
		if replayed {
			t.Errorf("%s: replayed the first time", code)
		}
		lasting := code == "" || code == fault.Invalid || code == fault.Forbidden || code == fault.NotFound ||
			code == fault.Conflict || code == fault.Transition
		if lasting != (err == nil) {
			t.Errorf("%s: %v", code, err)
		}
		again, replayed, _ := s.Do(t.Context(), call(), wish, do)
		if replayed != lasting || lasting && (calls != 1 || !reflect.DeepEqual(first, again)) {
			t.Errorf("%s: replayed %t after %d calls: %v, then %v", code, replayed, calls, first, again)
		}
	}
}

func TestKeysAreShortAndVisible(t *testing.T) {
	s := idempotency.NewService(memory{})
	nothing := func(context.Context) (idempotency.Result, error) { return idempotency.Result{}, nil }
	for key, want := range map[string]error{
		"": idempotency.ErrKey, "a b": idempotency.ErrKey, "\t": idempotency.ErrKey, "é": idempotency.ErrKey, "k": nil,
		strings.Repeat("k", idempotency.MaxKey): nil, strings.Repeat("k", idempotency.MaxKey+1): idempotency.ErrKey,
	} {
		if _, _, err := s.Do(t.Context(), call(), idempotency.Wish{Key: key}, nothing); !errors.Is(err, want) {
			t.Errorf("%q: %v, want %v", key, err, want)
		}
	}
}

func TestAResultIsReadAsItWasWritten(t *testing.T) {
	refusal := idempotency.RefusalOf(fault.Outdated(1<<60).With("Ratio", 0.5).With("Name", "x").On("f"))
	want := idempotency.Result{
		Objects: []string{"tkt_1"}, Refusals: []idempotency.Refusal{refusal},
		Items: []idempotency.Result{{Objects: []string{"tkt_2"}}, {Refusals: []idempotency.Refusal{refusal}}},
	}
	raw, err := idempotency.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := idempotency.Decode(raw)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %v, %v; want %v", got, err, want)
	}
	if f := got.Refusals[0].Fault(); !errors.Is(f, fault.Outdated(0)) || f.Field != "f" {
		t.Errorf("the fault is %v", f)
	}
	if _, err := idempotency.Decode([]byte("{")); err == nil {
		t.Error("a broken result was read")
	}
}
