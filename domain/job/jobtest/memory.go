package jobtest

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
)

// Memory keeps durable work in memory, for tests of what stands on the ports.
// The zero value is ready to use.
type Memory struct {
	mu     sync.Mutex
	rows   map[job.Key]*row
	leases map[string]held
	topics map[string][]chan struct{}
	causes []string
	fail   error
}

// row is a piece of work; zero times mean never.
type row struct {
	claim   job.Claim // Owner "": free
	due     time.Time // earliest wish that no claim took up
	claimAt time.Time
}

type held struct {
	owner string
	until time.Time
}

// Fail makes every call of the queue fail with err until it is called with nil.
func (m *Memory) Fail(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fail = err
}

// Causes gives the causes of all retries so far.
func (m *Memory) Causes() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.causes)
}

// earlier gives the earlier of two times, where zero means never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// EnqueueAll implements job.Queue.
func (m *Memory) EnqueueAll(ctx context.Context, keys []job.Key, due time.Time) error {
	for _, key := range keys {
		if err := m.Enqueue(ctx, key, due); err != nil {
			return err
		}
	}
	return nil
}

// Enqueue implements job.Queue.
func (m *Memory) Enqueue(_ context.Context, key job.Key, due time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return m.fail
	}
	if m.rows == nil {
		m.rows = map[job.Key]*row{}
	}
	r, ok := m.rows[key]
	if !ok {
		r = &row{claim: job.Claim{Key: key}}
		m.rows[key] = r
	}
	r.due = earlier(r.due, due)
	if r.claim.Owner == "" {
		r.claimAt = earlier(r.claimAt, due)
	}
	for _, signal := range m.topics[key.Consumer.Topic()] {
		select {
		case signal <- struct{}{}:
		default:
		}
	}
	return nil
}

// Hasten implements job.Queue.
func (m *Memory) Hasten(ctx context.Context, consumer job.Consumer, w id.Workspace, now time.Time) error {
	m.mu.Lock()
	var keys []job.Key
	for _, r := range m.claimable(consumer) {
		if r.claim.Workspace == w && r.claim.Owner == "" && r.claimAt.After(now) {
			keys = append(keys, r.claim.Key)
		}
	}
	m.mu.Unlock()
	return m.EnqueueAll(ctx, keys, now)
}

// claimable gives the consumer's rows that can ever be claimed, in order.
func (m *Memory) claimable(consumer job.Consumer) []*row {
	var found []*row
	for key, r := range m.rows {
		if key.Consumer == consumer && !r.claimAt.IsZero() {
			found = append(found, r)
		}
	}
	slices.SortFunc(found, func(a, b *row) int {
		return cmp.Or(a.claimAt.Compare(b.claimAt), cmp.Compare(a.claim.Key.Key, b.claim.Key.Key))
	})
	return found
}

// Claim implements job.Queue.
func (m *Memory) Claim(_ context.Context, consumer job.Consumer, owner string, now time.Time, lease time.Duration, limit int) ([]job.Claim, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.fail != nil {
		return nil, m.fail
	}
	var claims []job.Claim
	for _, r := range m.claimable(consumer) {
		if len(claims) == limit || r.claimAt.After(now) {
			break
		}
		r.claim.Owner, r.claim.LeaseUntil = owner, now.Add(lease)
		r.claim.Attempt++
		r.claimAt = r.claim.LeaseUntil
		if !r.due.After(now) {
			r.due = time.Time{}
		}
		claims = append(claims, r.claim)
	}
	return claims, nil
}

// owned gives the row if the claim still holds it.
func (m *Memory) owned(c job.Claim) (*row, bool) {
	r, ok := m.rows[c.Key]
	return r, ok && r.claim.Owner == c.Owner
}

// Extend implements job.Queue.
func (m *Memory) Extend(_ context.Context, c job.Claim, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, ok := m.owned(c)
	if ok && m.fail == nil {
		r.claimAt = until
	}
	return ok, m.fail
}

// Finish implements job.Queue.
func (m *Memory) Finish(_ context.Context, c job.Claim, o job.Outcome, _ time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.owned(c); ok && m.fail == nil {
		r.claim.Attempt, r.claim.Cursor = 0, o.Cursor
		r.free(o.Again)
	}
	return m.fail
}

// Retry implements job.Queue.
func (m *Memory) Retry(_ context.Context, c job.Claim, due time.Time, cause string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r, ok := m.owned(c); ok && m.fail == nil {
		m.causes = append(m.causes, cause)
		r.free(due)
	}
	return m.fail
}

func (r *row) free(due time.Time) {
	r.due = earlier(r.due, due)
	r.claimAt = r.due
	r.claim.Owner = ""
}

// NextDue implements job.Queue.
func (m *Memory) NextDue(_ context.Context, consumer job.Consumer) (time.Time, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows := m.claimable(consumer)
	if len(rows) == 0 || m.fail != nil {
		return time.Time{}, false, m.fail
	}
	return rows[0].claimAt, true, nil
}

// Subscribe implements job.Signals.
func (m *Memory) Subscribe(topic string) (<-chan struct{}, func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.topics == nil {
		m.topics = map[string][]chan struct{}{}
	}
	signal := make(chan struct{}, 1)
	m.topics[topic] = append(m.topics[topic], signal)
	return signal, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.topics[topic] = slices.DeleteFunc(m.topics[topic], func(c chan struct{}) bool { return c == signal })
	}
}

// Acquire implements job.Leases.
func (m *Memory) Acquire(_ context.Context, name, owner string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l, ok := m.leases[name]; ok && l.owner != owner && l.until.After(now) {
		return false, nil
	}
	if m.leases == nil {
		m.leases = map[string]held{}
	}
	m.leases[name] = held{owner: owner, until: until}
	return true, nil
}

// Release implements job.Leases.
func (m *Memory) Release(_ context.Context, name, owner string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.leases[name].owner == owner {
		delete(m.leases, name)
	}
	return nil
}
