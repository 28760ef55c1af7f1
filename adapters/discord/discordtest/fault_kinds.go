package discordtest

import "time"

// FaultKind is one way in which Discord, or the way to it, fails. FaultKinds lists them all.
type FaultKind struct {
	// Name tells kinds apart, such as "502 after".
	Name string
	// Gateway says that it strikes at an event, and not at a request.
	Gateway bool
	// Effect says that the request which it strikes has its effect all the same, or that the event is not lost.
	Effect bool
	// Lasts says that it goes on until Failure.Disarm.
	Lasts bool

	fault  Fault
	strike EventFault
}

// Point is where a fault strikes: at the n-th request, or the n-th event, that matches from its arming on.
type Point struct {
	// Request picks the requests; nil is any.
	Request Match
	// Event is the name of the events, such as MESSAGE_CREATE; "" is any.
	Event string
	// Nth counts from 1; 0 means the first.
	Nth int
}

// Arm lets the fault strike once, at that point.
func (k FaultKind) Arm(s *Server, at Point) *Failure {
	n := max(at.Nth, 1)
	if k.Gateway {
		return s.FailEventNth(at.Event, k.strike, n)
	}
	if at.Request == nil {
		at.Request = Any
	}
	return s.FailNth(at.Request, k.fault, n)
}

// faultWait is the Retry-After of the kinds that have one, and faultLate how late a slow answer is: a moment, so that a
// suite of many faults ends today.
const (
	faultWait = 250 * time.Millisecond
	faultLate = 250 * time.Millisecond
)

// FaultKinds are all kinds of faults: those of requests, then those of the gateway.
func FaultKinds() []FaultKind { return append(requestFaults(), gatewayFaultKinds()...) }

func requestFaults() []FaultKind {
	return []FaultKind{
		{Name: "500 before", fault: FailBefore(500)},
		{Name: "502 before", fault: FailBefore(502)},
		{Name: "503 before", fault: FailBefore(503)},
		{Name: "500 after", Effect: true, fault: FailAfter(500)},
		{Name: "502 after", Effect: true, fault: FailAfter(502)},
		{Name: "504 after", Effect: true, fault: FailAfter(504)},
		{Name: "time-out before", fault: TimeOut(Before)},
		{Name: "time-out after", Effect: true, fault: TimeOut(After)},
		{Name: "connection lost before", fault: Drop(Before)},
		{Name: "connection lost after", Effect: true, fault: Drop(After)},
		{Name: "answer cut short", Effect: true, fault: Truncate()},
		{Name: "slow answer", Effect: true, fault: Late(faultLate)},
		{Name: "429 user", fault: RateLimited(ScopeUser, faultWait)},
		{Name: "429 shared", fault: RateLimited(ScopeShared, faultWait)},
		{Name: "429 global", fault: RateLimited(ScopeGlobal, faultWait)},
		{Name: "429 address", fault: AddressBanned(faultWait)},
		{Name: "401", fault: Unauthorized()},
	}
}

func gatewayFaultKinds() []FaultKind {
	return []FaultKind{
		{Name: "socket dropped before", Gateway: true, Effect: true, strike: CutSocket(Before)},
		{Name: "socket dropped after", Gateway: true, Effect: true, strike: CutSocket(After)},
		{Name: "closed with 4000", Gateway: true, Effect: true, strike: CloseSocket(Before, 4000, "Unknown error.")},
		{Name: "session timed out", Gateway: true, strike: CloseSocket(Before, 4009, "Session timed out.")},
		{Name: "op 7", Gateway: true, Effect: true, strike: AskReconnect()},
		{Name: "op 9 resumable", Gateway: true, Effect: true, strike: Invalidate(true)},
		{Name: "op 9 not resumable", Gateway: true, strike: Invalidate(false)},
		{Name: "no heartbeat ACKs", Gateway: true, Effect: true, Lasts: true, strike: WithoutAcks()},
		{Name: "zombie connection", Gateway: true, Effect: true, Lasts: true, strike: Zombie()},
		{Name: "gateway away", Gateway: true, Effect: true, Lasts: true, strike: Away()},
		{Name: "duplicate event", Gateway: true, Effect: true, strike: Twice()},
		{Name: "reordered events", Gateway: true, Effect: true, strike: Swapped()},
		{Name: "unknown event", Gateway: true, Effect: true, strike: Unknown()},
		{Name: "undecodable event", Gateway: true, Effect: true, strike: Undecodable()},
	}
}
