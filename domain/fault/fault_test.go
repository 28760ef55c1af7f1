package fault_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/fault"
)

var errBroken = errors.New("disk on fire")

func TestCopiesLeaveTheFaultAsItWas(t *testing.T) {
	base := fault.New(fault.Invalid, "fault.text.too_long")
	first := base.With("Most", 10)
	second := first.With("Length", 12).On("body").Because(errBroken)
	if base.Args != nil || base.Field != "" || len(first.Args) != 1 {
		t.Errorf("making copies changed the fault: %+v, %+v", base, first)
	}
	if second.Args["Most"] != 10 || second.Args["Length"] != 12 || second.Field != "body" {
		t.Errorf("the copy is %+v", second)
	}
	if !errors.Is(second, base) || !errors.Is(second, errBroken) {
		t.Error("the copy is no longer known as what it is, or has lost its cause")
	}
	if want := "invalid: fault.text.too_long (body): disk on fire"; second.Error() != want {
		t.Errorf("the log says %q, want %q", second, want)
	}
}

func TestAFaultIsItsCodeAndItsKey(t *testing.T) {
	missing := fault.New(fault.NotFound, "fault.ticket.not_found")
	for _, other := range []error{
		fault.New(fault.NotFound, "fault.queue.not_found"), fault.New(fault.Invalid, "fault.ticket.not_found"), errBroken, nil,
	} {
		if errors.Is(missing, other) {
			t.Errorf("%v passes for %v", missing, other)
		}
	}
}

func TestWhatIsNoFaultIsInternal(t *testing.T) {
	for _, try := range []struct {
		err  error
		want fault.Code
	}{
		{nil, ""},
		{errBroken, fault.Internal},
		{fault.New(fault.Conflict, "k"), fault.Conflict},
		{fmt.Errorf("while saving: %w", fault.New(fault.Conflict, "k")), fault.Conflict},
		{errors.Join(errBroken, fault.New(fault.Forbidden, "k")), fault.Forbidden},
	} {
		if got := fault.CodeOf(try.err); got != try.want {
			t.Errorf("the code of %v is %q, want %q", try.err, got, try.want)
		}
	}
	if codes := fault.Codes(); len(codes) != 9 || !slices.Contains(codes, fault.Internal) {
		t.Errorf("the codes are %v", codes)
	}
}
