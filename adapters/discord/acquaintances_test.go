package discord

import (
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
)

// bells are signals that a test rings.
type bells struct {
	topics map[string]chan struct{}
	open   int
}

func (b *bells) Subscribe(topic string) (<-chan struct{}, func()) {
	b.topics[topic] = make(chan struct{}, 1)
	b.open++
	return b.topics[topic], func() { b.open-- }
}

func (b *bells) ring(w id.Workspace) { b.topics[access.Topic(w)] <- struct{}{} }

type memory struct {
	*acquaintances
	*bells
	t   *testing.T
	now time.Time
}

func newMemory(t *testing.T) *memory {
	t.Helper()
	m := &memory{t: t, bells: &bells{topics: map[string]chan struct{}{}}, now: time.Unix(0, 0)}
	m.acquaintances = newAcquaintances(func() time.Time { return m.now }, m.bells)
	return m
}

// meets looks somebody up and remembers them.
func (m *memory) meets(w id.Workspace, as member.Arrival) {
	_, turn := m.find(w, as)
	m.meet(w, turn, acquaintance{as: as, member: &member.Member{Name: as.Name}})
}

func (m *memory) expects(why string, w id.Workspace, as member.Arrival, known bool) {
	m.t.Helper()
	if found, _ := m.find(w, as); (found != nil) != known {
		m.t.Errorf("%s: known %v, want %v", why, found != nil, known)
	}
}

func TestSomebodyIsKnownWhileNothingIsNew(t *testing.T) {
	m, yes, no := newMemory(t), true, false
	ana := member.Arrival{ExternalID: "7", Name: "Ana", Roles: []string{"1"}}
	m.expects("before", 1, ana, false)
	m.meets(1, ana)
	m.expects("again", 1, ana, true)
	m.expects("in another workspace", 2, ana, false)
	for why, change := range map[string]func(*member.Arrival){
		"another name": func(a *member.Arrival) { a.Name = "Anna" }, "another picture": func(a *member.Arrival) { a.AvatarURL = "x" },
		"another role": func(a *member.Arrival) { a.Roles = []string{"2"} }, "no role any more": func(a *member.Arrival) { a.Roles = []string{} },
		"a language": func(a *member.Arrival) { a.Locale = "fr" }, "an administrator": func(a *member.Arrival) { a.Admin = &yes },
	} {
		other := ana
		change(&other)
		m.expects(why, 1, other, false)
	}
	told := ana
	told.Locale, told.Admin = "fr", &no
	m.meets(1, told)
	m.meets(1, ana) // which says less
	m.expects("all that was told", 1, told, true)
	m.now = m.now.Add(guildAge)
	m.expects("much later", 1, ana, false)
}

func TestNobodyIsKnownAfterAChangeOfRights(t *testing.T) {
	m := newMemory(t)
	ana := member.Arrival{ExternalID: "7", Name: "Ana"}
	m.meets(1, ana)
	m.meets(2, ana)
	m.ring(1)
	m.expects("where rights changed", 1, ana, false)
	m.expects("elsewhere", 2, ana, true)
	_, turn := m.find(1, ana)
	m.ring(1) // while she is looked up
	m.meet(1, turn, acquaintance{as: ana})
	m.expects("as she was before the change", 1, ana, false)
	_, turn = m.find(1, ana)
	m.end()
	m.meet(1, turn, acquaintance{as: ana})
	m.expects("as she was before the end", 1, ana, false)
	m.end()
	if m.open != 0 {
		t.Errorf("%d topics are still listened to", m.open)
	}
}

func TestWhoIsKnownIsBounded(t *testing.T) {
	m := newMemory(t)
	for i := range 2 * mostAcquaintances {
		m.meets(id.Workspace(i%3), member.Arrival{ExternalID: fmt.Sprint(i + 1)})
	}
	known := 0
	for _, c := range m.circles {
		known += len(c.people)
	}
	if known != m.total || known > mostAcquaintances || known == 0 {
		t.Errorf("%d are known, %d were counted", known, m.total)
	}
}
