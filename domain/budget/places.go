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

// Take takes a place until leave is called; false when there is none.
func (p *Places) Take(payer string) (leave func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.total >= p.all || p.taken[payer] >= p.each {
		return nil, false
	}
	p.total++
	p.taken[payer]++
	return sync.OnceFunc(func() { p.leave(payer) }), true
}

func (p *Places) leave(payer string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total--
	if p.taken[payer]--; p.taken[payer] == 0 {
		delete(p.taken, payer)
	}
}
