package budget

import "sync"

// Places are what may be open at the same time: in all, and for each payer.
type Places struct {
	all  int
	each int

	mu    sync.Mutex
	taken map[string]int
	total int
}

// NewPlaces makes that many places, of which a payer may have so many.
func NewPlaces(all, each int) *Places { return &Places{all: all, each: each, taken: map[string]int{}} }

// Take takes a place until leave is called. When there is none, leave is nil and
// most is how many there are: for the payer, or else in all.
func (p *Places) Take(payer string) (leave func(), most int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.taken[payer] >= p.each:
		return nil, p.each
	case p.total >= p.all:
		return nil, p.all
	}
	p.total++
	p.taken[payer]++
	return sync.OnceFunc(func() { p.leave(payer) }), 0
}

func (p *Places) leave(payer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total--
	if p.taken[payer]--; p.taken[payer] == 0 {
		delete(p.taken, payer)
	}
}
