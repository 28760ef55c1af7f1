package web

import (
	"fmt"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func (a *actor) join() error {
	if a.d.Text == "" {
		return errUnknown
	}
	a.g.Member(a.d.Text)
	return nil
}

func (a *actor) leave() error {
	if a.m.ID() == a.g.Owner().ID() {
		return fmt.Errorf("%w: the owner stays", discordtest.ErrNotAllowed)
	}
	a.m.Leaves()
	return nil
}

func (a *actor) role() error {
	roles := a.g.Roles()
	i := slices.IndexFunc(roles, func(r *discordtest.Role) bool { return r.ID() == idOf(a.d.Key) })
	if i < 0 {
		return errUnknown
	}
	if a.m.Has(roles[i]) {
		a.m.Loses(roles[i])
	} else {
		a.m.Gets(roles[i])
	}
	return nil
}

func (a *actor) dms() error {
	a.m.TakesDMs(a.d.On)
	return nil
}

// armed is a fault that waits for its moment.
type armed struct {
	name string
	at   *discordtest.Failure
}

// weather is a kind of fault, and whether it waits or has struck.
type weather struct {
	Name    string `json:"name"`
	Gateway bool   `json:"gateway"`
	Lasts   bool   `json:"lasts"`
	Armed   bool   `json:"armed"`
	Hits    int    `json:"hits"`
}

func (s *Site) weather() []weather {
	s.mu.Lock()
	all := slices.Clone(s.faults)
	s.mu.Unlock()
	var out []weather
	for _, kind := range discordtest.FaultKinds() {
		one := weather{Name: kind.Name, Gateway: kind.Gateway, Lasts: kind.Lasts}
		for _, f := range all {
			if f.name == kind.Name {
				hits := f.at.Hits()
				one.Hits += hits
				one.Armed = one.Armed || hits == 0 || kind.Lasts
			}
		}
		out = append(out, one)
	}
	return out
}

// fault arms a kind of fault for the next request or event, or ends it.
func (a *actor) fault() error {
	kinds := discordtest.FaultKinds()
	i := slices.IndexFunc(kinds, func(k discordtest.FaultKind) bool { return k.Name == a.d.Key })
	if i < 0 {
		return errUnknown
	}
	a.mu.Lock()
	before := a.faults
	if !a.d.On {
		a.faults = slices.DeleteFunc(slices.Clone(before), func(f *armed) bool { return f.name == a.d.Key })
	}
	a.mu.Unlock()
	if a.d.On {
		f := &armed{a.d.Key, kinds[i].Arm(a.discord, discordtest.Point{})}
		a.mu.Lock()
		a.faults = append(a.faults, f)
		a.mu.Unlock()
		return nil
	}
	for _, f := range before {
		if f.name == a.d.Key {
			f.at.Disarm()
		}
	}
	return nil
}
