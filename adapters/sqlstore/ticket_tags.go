package sqlstore

import (
	"context"
	"maps"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/ticket"
)

// marking is a ticket before and after a change, and what that left. A new one has
// no before.
type marking struct {
	before, after *ticket.Ticket
	changes       ticket.Changes
}

// raise gives the ticket the version that it has after the change.
func (m marking) raise() {
	if m.changes.Aspects {
		m.after.Version = m.before.Version + 1
	}
}

// marks tells whether the ticket's tags may change.
func (m marking) marks() bool { return m.before == nil || m.changes.Tags }

// names gives the names of tags that the change takes from the ticket, and those
// that it adds.
func (m marking) names() (taken, added []string) {
	switch {
	case m.before == nil:
		return nil, m.after.Tags
	case !m.changes.Tags:
		return nil, nil
	}
	return lacking(m.before.Tags, m.after.Tags), lacking(m.after.Tags, m.before.Tags)
}

// tagName is a name in a workspace's vocabulary, by its key.
type tagName struct {
	workspace id.Workspace
	key       string
}

// tagIDs tells which tags changed tickets have. The names in a ticket may be older
// than its row, which was waited for; so what is stored is read again, and changed
// by what a change takes and adds, whatever else there is.
type tagIDs struct {
	named  map[tagName]id.Tag
	stored map[id.Ticket][]storedTag
}

// storedTag is a tag of a ticket, and what it stands for today.
type storedTag struct{ tag, target id.Tag }

// had gives the ticket's tags before the change, as they are stored.
func (ids tagIDs) had(t *ticket.Ticket) []id.Tag {
	var all []id.Tag
	for _, s := range ids.stored[t.ID] {
		all = append(all, s.tag)
	}
	return all
}

// has gives the ticket's tags after the change, each once.
func (ids tagIDs) has(m marking) []id.Tag {
	taken, added := m.names()
	gone, all := ids.called(m, taken), []id.Tag(nil)
	for _, s := range ids.stored[m.after.ID] {
		if !slices.Contains(gone, s.target) && !slices.Contains(all, s.target) {
			all = append(all, s.target)
		}
	}
	for _, n := range ids.called(m, added) {
		if !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

func (ids tagIDs) called(m marking, names []string) []id.Tag {
	all := make([]id.Tag, len(names))
	for i, name := range names {
		all[i] = ids.named[tagName{m.after.Workspace, tag.Key(name)}]
	}
	return all
}

// tagIDs finds the tags of tickets whose tags change. Words that are added and
// unknown to the vocabulary enter it.
func (tx *Tx) tagIDs(ctx context.Context, all ...marking) (tagIDs, error) {
	if !slices.ContainsFunc(all, marking.marks) {
		return tagIDs{}, nil
	}
	ids := tagIDs{named: map[tagName]id.Tag{}, stored: map[id.Ticket][]storedTag{}}
	asked, fresh, changed := map[id.Workspace][]string{}, map[tagName]*tag.Tag{}, []id.Ticket(nil)
	for _, m := range all {
		taken, added := m.names()
		w := m.after.Workspace
		if len(taken)+len(added) > 0 {
			asked[w] = append(append(asked[w], taken...), added...)
		}
		for _, name := range added {
			if of := (tagName{w, tag.Key(name)}); fresh[of] == nil {
				fresh[of] = &tag.Tag{Workspace: w, Name: name, CreatedAt: tx.store.options.Now()}
			}
		}
		if m.before != nil && m.changes.Tags {
			changed = append(changed, m.after.ID)
		}
	}
	if err := tx.storedTags(ctx, ids, changed); err != nil {
		return ids, err
	}
	for _, w := range slices.Sorted(maps.Keys(asked)) {
		if err := tx.findTags(ctx, ids, w, asked[w]); err != nil {
			return ids, err
		}
	}
	return ids, tx.enterTags(ctx, ids, fresh, all)
}

// storedTags reads what tickets have now, which are the transaction's own.
func (tx *Tx) storedTags(ctx context.Context, ids tagIDs, tickets []id.Ticket) error {
	if len(tickets) == 0 {
		return nil
	}
	these, list := among(tx.Conn, "g.ticket_id", tickets)
	return tx.each(ctx, func(row scanner) error {
		var t id.Ticket
		var s storedTag
		err := row.Scan((*int64)(&t), (*int64)(&s.tag), (*int64)(&s.target))
		ids.stored[t] = append(ids.stored[t], s)
		return err
	}, `SELECT g.ticket_id, g.tag_id, s.target_id FROM ticket_tags g JOIN tags s ON s.id = g.tag_id WHERE `+these+` ORDER BY g.ticket_id, g.tag_id`, list)
}

// findTags looks up names in the vocabulary.
func (tx *Tx) findTags(ctx context.Context, ids tagIDs, w id.Workspace, names []string) error {
	these, list := amongTexts(tx.Conn, "n.key", keysOf(names))
	return tx.each(ctx, func(row scanner) error {
		of := tagName{workspace: w}
		var n id.Tag
		err := row.Scan(&of.key, (*int64)(&n))
		ids.named[of] = n
		return err
	}, `SELECT n.key, n.tag_id FROM tag_names n WHERE n.workspace_id = ? AND `+these, int64(w), list)
}

// keysOf gives the keys of names, each once and in an order that all transactions keep.
func keysOf(names []string) []string {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = tag.Key(name)
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// enterTags makes tags of new words. Another process may do the same at the same
// time: who comes second finds the other's.
func (tx *Tx) enterTags(ctx context.Context, ids tagIDs, fresh map[tagName]*tag.Tag, all []marking) error {
	names := bulk{sql: `INSERT INTO tag_names (workspace_id, key, tag_id, name) VALUES `, end: ` ON CONFLICT (workspace_id, key) DO NOTHING`}
	words := map[id.Workspace][]string{}
	for of, t := range fresh {
		if ids.named[of] == 0 {
			words[of.workspace] = append(words[of.workspace], t.Name)
		}
	}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		for _, key := range keysOf(words[w]) {
			t := fresh[tagName{w, key}]
			t.ID = id.Tag(tx.store.ids.next())
			names.add(int64(w), key, int64(t.ID), t.Name)
		}
	}
	if err := names.write(ctx, tx.Conn); err != nil {
		return err
	}
	for _, w := range slices.Sorted(maps.Keys(words)) {
		if err := tx.findTags(ctx, ids, w, words[w]); err != nil {
			return err
		}
		if err := tx.entered(ctx, ids, w, words[w], fresh, all); err != nil {
			return err
		}
	}
	return nil
}

// entered writes the tags whose names went to this transaction, and tells who made them.
func (tx *Tx) entered(ctx context.Context, ids tagIDs, w id.Workspace, words []string, fresh map[tagName]*tag.Tag, all []marking) error {
	rows := bulk{sql: insertTagsSQL}
	for _, key := range keysOf(words) {
		of := tagName{w, key}
		t := fresh[of]
		if ids.named[of] != t.ID {
			continue
		}
		rows.add(tagValues(t)...)
		if err := tx.record(ctx, t.Created(tx.marker(all, of))); err != nil {
			return err
		}
	}
	return rows.write(ctx, tx.Conn)
}

// marker is who marked the first ticket with the word; what is imported has nobody.
func (tx *Tx) marker(all []marking, of tagName) access.Call {
	for _, m := range all {
		for _, e := range m.changes.Events {
			if d, ok := e.Data.(event.TagAdded); ok && m.after.Workspace == of.workspace && tag.Key(d.Tag) == of.key {
				return access.Call{Actor: access.Actor{Workspace: of.workspace, Member: e.Actor}, Now: e.RecordedAt, Origin: e.Origin}
			}
		}
	}
	return access.Call{Actor: access.System(of.workspace), Now: tx.store.options.Now()}
}

// TagNames implements ticket.Repository.
func (r *TicketRepository) TagNames(ctx context.Context, w id.Workspace, names ...string) (map[string]string, error) {
	c := r.store.Read(ctx)
	found := make(map[string]string, len(names))
	these, list := amongTexts(c, "n.key", keysOf(names))
	err := c.each(ctx, func(row scanner) error {
		var key, name string
		err := row.Scan(&key, &name)
		found[key] = name
		return err
	}, `SELECT n.key, g.name FROM tag_names n JOIN tags g ON g.id = n.tag_id WHERE n.workspace_id = ? AND `+these, int64(w), list)
	return found, failed("find tags", err)
}
