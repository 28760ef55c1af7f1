// Package budget bounds what callers may spend: by the token that they present,
// by the member whom it names, and by the address that they come from. Each has a
// bucket that holds what may be spent at once and fills up again evenly.
//
// Buckets are in the memory of one process. They protect what that process is
// made of, its processors and its place in the database's queue; a shared count
// would cost each request a write to the very database that it protects.
package budget

import (
	"math"
	"sync"
	"time"
)

// Payer is who pays for a request. An empty part pays nothing.
type Payer struct {
	Token   string // what was presented, or a digest of it
	Member  string
	Address string
}

// Rate is how much may be spent at once, and in how much time that comes back.
type Rate struct {
	Burst  int // zero: nothing is bounded
	Window time.Duration
}

// Standing is the state of a payer's bucket.
type Standing struct {
	Name      string // token, member or address
	Rate      Rate
	Remaining int
	ResetAt   time.Time     // when the bucket is full again, if nothing is spent
	Wait      time.Duration // until what was refused can be paid
}

// maxBuckets bounds the memory. Beyond it those go that are full, which nobody
// notices, and any other if that does not suffice.
const maxBuckets = 100_000

type key struct{ name, payer string }

type bucket struct {
	left float64
	at   time.Time
}

// Budget is the buckets of all payers.
type Budget struct {
	rates map[string]Rate

	mu      sync.Mutex
	buckets map[key]bucket
}

// New makes a budget in which a token may spend what the rate says, a member
// twice and an address five times as much: a person has several devices, and a
// household, an office or a server of applications is many people.
func New(token Rate) *Budget {
	times := func(n int) Rate { return Rate{Burst: n * token.Burst, Window: token.Window} }
	return &Budget{
		rates:   map[string]Rate{"token": token, "member": times(2), "address": times(5)},
		buckets: map[key]bucket{},
	}
}

// Spend takes the cost from all buckets of the payer, or from none if one of
// them does not hold it: then it is false. Either way it tells how they stand.
func (b *Budget) Spend(now time.Time, p Payer, cost int) ([]Standing, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	standings, enough := b.standings(now, p, cost)
	if !enough || cost == 0 {
		return standings, enough
	}
	for i, s := range standings {
		left := b.left(now, s.Name, p) - float64(cost)
		b.store(now, key{s.Name, p.of(s.Name)}, bucket{left: left, at: now})
		standings[i] = standing(now, s.Name, s.Rate, left, 0)
	}
	return standings, true
}

func (b *Budget) standings(now time.Time, p Payer, cost int) (all []Standing, enough bool) {
	enough = true
	for _, name := range []string{"token", "member", "address"} {
		rate := b.rates[name]
		if p.of(name) == "" || rate.Burst == 0 {
			continue
		}
		s := standing(now, name, rate, b.left(now, name, p), cost)
		enough = enough && s.Wait == 0
		all = append(all, s)
	}
	return all, enough
}

func (p Payer) of(name string) string {
	return map[string]string{"token": p.Token, "member": p.Member, "address": p.Address}[name]
}

// left is what a bucket holds by now.
func (b *Budget) left(now time.Time, name string, p Payer) float64 {
	rate := b.rates[name]
	full := float64(rate.Burst)
	was, known := b.buckets[key{name, p.of(name)}]
	if !known {
		return full
	}
	since := max(now.Sub(was.at), 0)
	return min(full, was.left+full*since.Seconds()/rate.Window.Seconds())
}

func standing(now time.Time, name string, r Rate, left float64, cost int) Standing {
	per := r.Window.Seconds() / float64(r.Burst)
	after := func(much float64) time.Duration { return time.Duration(max(much, 0) * per * float64(time.Second)) }
	return Standing{
		Name: name, Rate: r, Remaining: int(math.Floor(left)),
		ResetAt: now.Add(after(float64(r.Burst) - left)), Wait: after(float64(cost) - left),
	}
}

func (b *Budget) store(now time.Time, k key, v bucket) {
	if _, known := b.buckets[k]; !known && len(b.buckets) >= maxBuckets {
		b.sweep(now)
	}
	b.buckets[k] = v
}

// sweep forgets full buckets, and a tenth of all if that is not enough.
func (b *Budget) sweep(now time.Time) {
	for k, v := range b.buckets {
		if now.Sub(v.at) >= b.rates[k.name].Window {
			delete(b.buckets, k)
		}
	}
	for k := range b.buckets {
		if len(b.buckets) <= maxBuckets*9/10 {
			return
		}
		delete(b.buckets, k)
	}
}
