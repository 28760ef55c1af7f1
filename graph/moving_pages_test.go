package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/priority"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// moving is a list that is read while rows of it change place.
type moving struct {
	field string
	who   *member.Member
	order string
	move  func(t *testing.T, turn int) []string // what moves or is new at that turn
	of    string                                // the field whose list it is, with its arguments; empty: the query's own
	fixed string                                // arguments that each page has
	ahead bool                                  // the list is read from its beginning only
	node  string                                // what is asked of a row; empty: its ID
}

// page asks for a page of the list and gives the IDs of its rows, and what it says of itself.
func (h *house) page(t *testing.T, m moving, arguments string, v vars) ([]string, map[string]any) {
	t.Helper()
	list, at, node := m.field+`(`+m.fixed+arguments+`)`, m.field, m.node
	if node == "" {
		node = "id"
	}
	list += ` { nodes { ` + node + ` } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } }`
	if m.of != "" {
		list, at = `of: `+m.of+` { `+list+` }`, "of."+at
	}
	a := h.ask(t, m.who, `query($c: Cursor) { `+list+` }`, v)
	return idsOf(a.at(at + ".nodes")), a.at(at + ".pageInfo").(map[string]any)
}

// While one pages through a list, in either direction, rows are added and change
// place. No row that stays in its place is missed or met twice.
func TestPagesStayRightWhileRowsMove(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		for _, m := range h.movingLists(t) {
			for _, direction := range []string{"ASC", "DESC"} {
				by := m.order
				if by != "" {
					by = fmt.Sprintf("orderBy: {field: %s, direction: %s}, ", m.order, direction)
				}
				for _, size := range []string{"first: 3, after", "last: 3, before"} {
					if m.ahead && size[0] == 'l' {
						continue
					}
					h.pagesWhileMoving(t, m, by, size)
				}
			}
		}
	})
}

// Every connection of the schema is among the lists whose rows move.
func TestEveryConnectionIsReadWhileRowsMove(t *testing.T) {
	read := map[string]bool{}
	for _, m := range sqlite(t).movingLists(t) {
		read[m.field] = true
	}
	for _, of := range everythingBy(1).Types {
		for _, f := range of.Fields {
			if strings.HasSuffix(f.Type.Name(), "Connection") && !read[f.Name] {
				t.Errorf("%s.%s is not paged through while its rows move: add it to movingLists", of.Name, f.Name)
			}
		}
	}
}

// pagesWhileMoving reads a list page by page, and lets rows move before the next ones.
func (h *house) pagesWhileMoving(t *testing.T, m moving, by, size string) {
	t.Helper()
	before, _ := h.page(t, m, by+"first: 100, after: $c", nil)
	moved := map[string]bool{}
	var met []string
	var cursor any
	for turn := 0; ; turn++ {
		if turn > 0 && turn <= 5 {
			for _, id := range m.move(t, turn) {
				moved[id] = true
			}
		}
		page, info := h.page(t, m, by+size+": $c", vars{"c": cursor})
		more := info["hasNextPage"]
		if cursor = info["endCursor"]; size[0] == 'f' {
			met = append(met, page...)
		} else {
			met, cursor, more = append(page, met...), info["startCursor"], info["hasPreviousPage"]
		}
		if more == false {
			break
		}
		if turn > 40 {
			t.Fatalf("%s(%s%s) never ends", m.field, by, size)
		}
	}
	stayed := func(id string) bool { return !moved[id] }
	if got, want := only(met, stayed), only(before, stayed); !slices.Equal(got, want) {
		t.Errorf("%s(%s%s): of those that stayed one met %v, want %v", m.field, by, size, got, want)
	}
	if len(moved) == 0 || len(only(before, stayed)) < 4 {
		t.Errorf("%s(%s%s): %d moved, %d stayed", m.field, by, size, len(moved), len(only(before, stayed)))
	}
}

func idsOf(nodes any) []string {
	var ids []string
	for _, n := range nodes.([]any) {
		row := n.(map[string]any)
		if in, ok := row["ticket"].(map[string]any); ok {
			row = in
		}
		ids = append(ids, row["id"].(string))
	}
	return ids
}

func only(ids []string, keep func(string) bool) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !keep(id) })
}

// movingLists furnishes a house and gives lists of it with what moves their rows:
// two of the first rows that there were, turn by turn, and one that is new.
func (h *house) movingLists(t *testing.T) []moving {
	t.Helper()
	var tickets []*ticket.Ticket
	for range 14 {
		tickets = append(tickets, h.Opens(t, h.Lea, h.Help))
	}
	levels := []priority.Level{priority.Low, priority.Normal, priority.High, priority.Urgent}
	change := func(t *testing.T, turn int) []string {
		t.Helper()
		var ids []string
		those := []*ticket.Ticket{tickets[turn%4*3]}
		if turn <= 2 {
			those = append(those, h.Opens(t, h.Bob, h.Help))
		}
		for _, tk := range those {
			h.Changes(t, h.Chidi, tk, func(c ticket.Cause, tk *ticket.Ticket) error {
				if err := tk.SetPriority(c, levels[(turn+int(tk.Number))%4]); err != nil {
					return err
				}
				_, err := tk.Reply(c, ticket.FromStaff, "en", "Still there?")
				return err
			})
			ids = append(ids, ticketID(tk))
		}
		return ids
	}
	all := []moving{{field: "tickets", who: h.Sam, move: change}}
	for _, f := range everythingBy(1).Types["TicketOrderField"].EnumValues {
		all = append(all, moving{field: "tickets", who: h.Sam, order: f.Name, move: change})
	}
	teams := h.movingTeams(t)
	all = append(all, h.movingQueues(t), h.movingMembers(t), h.movingCategories(t), teams, h.movingGrants(t), h.movingKeys(t), h.movingSessions(t), h.movingTags(t), h.movingWorkspaces(t), h.movingDigests(t), h.movingPolicies(t), h.movingHours(t))
	all = append(all, h.movingContent(t)...)
	all = append(all, moving{field: "searchTickets", who: h.Sam, ahead: true, fixed: `query: "priority:normal,low,high,urgent", `, node: "ticket { id }", move: func(t *testing.T, _ int) []string {
		t.Helper()
		return []string{ticketID(h.Opens(t, h.Bob, h.Help))}
	}})
	return append(all, h.movingAudit(t, teams))
}

func (h *house) movingQueues(t *testing.T) moving {
	t.Helper()
	var queues []*queue.Queue
	save := func(t *testing.T, q *queue.Queue) string {
		t.Helper()
		q.Version = 0
		if err := h.Queues.Save(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		return gid("que", q.ID)
	}
	fresh := func(name string) *queue.Queue {
		return &queue.Queue{ID: id.Queue(h.IDs()), Workspace: h.Workspace.ID, Name: name}
	}
	for i := range 12 {
		queues = append(queues, fresh(fmt.Sprint("Queue ", i)))
		save(t, queues[i])
	}
	round := 0
	return moving{field: "queues", who: h.Ada, order: "NAME", move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		q := queues[turn%4*2]
		q.Name = fmt.Sprintf("%c %d", "AZMQ"[turn%4], round)
		return []string{save(t, q), save(t, fresh(fmt.Sprintf("%c new %d", "QAZM"[turn%4], round)))}
	}}
}

func (h *house) movingMembers(t *testing.T) moving {
	t.Helper()
	for i := range 8 {
		h.Arrives(t, fmt.Sprint("Member ", i), "en", access.RoleRequester)
	}
	round := 0
	return moving{field: "members", who: h.Sam, order: "NAME", move: func(t *testing.T, turn int) []string {
		t.Helper()
		round++
		return []string{memberID(h.Arrives(t, fmt.Sprintf("%c new %d", "AZM"[turn%3], round), "en", access.RoleRequester))}
	}}
}
