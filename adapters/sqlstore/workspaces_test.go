package sqlstore_test

import (
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

func place(n int) workspace.Place {
	return workspace.Place{Channel: event.ChannelDiscord, ExternalID: strconv.Itoa(n), Name: "Guild", Locale: "fr"}
}

func TestOnePlaceAdoptsTheUnusedWorkspace(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx := newWorld(t, s, workspace.DefaultSlug), t.Context()
		var all sync.WaitGroup
		var adopted atomic.Int32
		for i := range 8 {
			all.Go(func() {
				found, ok, err := s.Workspaces().Adopt(ctx, place(i), "discord-"+strconv.Itoa(i), noon)
				if err != nil {
					t.Error(err)
				}
				if ok {
					adopted.Add(1)
					if found.ID != w.id || found.Slug != "discord-"+strconv.Itoa(i) || found.Channel != event.ChannelDiscord || found.Locale != "fr" {
						t.Errorf("adopted %+v", found)
					}
				}
			})
		}
		all.Wait()
		links := got(s.Workspaces().Links(ctx, event.ChannelDiscord))(t)
		if adopted.Load() != 1 || len(links) != 1 || links[0].Workspace != w.id {
			t.Errorf("adopted by %d places, linked: %v", adopted.Load(), links)
		}
		if found := got(s.Workspaces().ByLink(ctx, event.ChannelDiscord, links[0].ExternalID))(t); found.ID != w.id {
			t.Errorf("the place leads to %+v", found)
		}
	})
}

func TestAUsedWorkspaceIsNotAdopted(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w := newWorld(t, s, workspace.DefaultSlug)
		w.open(w.actor("amy", access.RoleRequester), "Broken")
		if _, ok, err := s.Workspaces().Adopt(t.Context(), place(1), "discord-1", noon); ok || err != nil {
			t.Errorf("a workspace with a ticket was adopted (%v)", err)
		}
	})
}

func TestWorkspacesAreMadeLinkedAndFound(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, ctx, repo := newWorld(t, s, "one"), t.Context(), s.Workspaces()
		again := &workspace.Workspace{ID: id.Workspace(s.IDs()()), Slug: "one", Name: "x", Locale: "en", CreatedAt: noon}
		wantErr(t, repo.Create(ctx, again, setup()), workspace.ErrSlugTaken)
		if _, err := repo.Get(ctx, again.ID); err == nil {
			t.Error("a refused workspace is there")
		}
		broken := setup()
		broken.Categories[0].Queue = 7
		again.Slug = "two"
		if err := repo.Create(ctx, again, broken); err == nil {
			t.Error("a setup without the queue it names is taken")
		}
		_, err := repo.BySlug(ctx, "two")
		wantErr(t, err, workspace.ErrNotFound)
		stored := got(repo.BySlug(ctx, "one"))(t)
		if stored.ID != w.id || !stored.CreatedAt.Equal(noon) || stored.Channel != event.ChannelPlain {
			t.Errorf("stored %+v", stored)
		}
		link := workspace.Link{Channel: event.ChannelDiscord, ExternalID: "1", Workspace: w.id}
		must(t, repo.Link(ctx, link))
		wantErr(t, repo.Link(ctx, link), workspace.ErrLinked)
		wantErr(t, repo.Link(ctx, workspace.Link{Channel: event.ChannelDiscord, ExternalID: "2", Workspace: w.id}), workspace.ErrHasPlace)
		must(t, repo.Link(ctx, workspace.Link{Channel: event.ChannelPlain, ExternalID: "2", Workspace: w.id}))
		wantErr(t, repo.Link(ctx, workspace.Link{Channel: event.ChannelDiscord, ExternalID: "2", Workspace: 1}), workspace.ErrNotFound)
		if all := got(repo.List(ctx))(t); len(all) != 1 {
			t.Errorf("workspaces %v", all)
		}
	})
}

func TestQueuesCategoriesAndGrantsStayInTheirWorkspace(t *testing.T) {
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) {
		w, far, ctx := newWorld(t, s, "one"), newWorld(t, s, "two"), t.Context()
		queues, categories := s.Queues(), s.Categories()
		wantErr(t, queues.Save(ctx, &queue.Queue{ID: w.queue, Workspace: w.id, Name: "Billing"}), queue.ErrNameTaken)
		wantErr(t, queues.Save(ctx, &queue.Queue{ID: w.queue, Workspace: far.id, Name: "Stolen"}), queue.ErrNotFound)
		must(t, queues.Save(ctx, &queue.Queue{ID: w.queue, Workspace: w.id, Name: "Zupport"}))
		all := got(queues.List(ctx, w.id))(t)
		if len(all) != 2 || all[0].Name != "Billing" || all[1].Name != "Zupport" {
			t.Errorf("queues %v", all)
		}
		if found := got(queues.Get(ctx, far.id, w.queue, far.queue))(t); len(found) != 1 || found[0].ID != far.queue {
			t.Errorf("found %v", found)
		}
		c := got(categories.Get(ctx, w.id, w.category))(t)[0]
		if name, _ := c.Name.Pick("fr"); name != "Aide" || len(c.Form) != 1 || c.Form[0].Label["en"] != "What?" || len(c.Greeting) != 2 {
			t.Errorf("category %+v", c)
		}
		c.Archived, c.Name, c.Description = true, locale.Of("en", "Old"), nil
		must(t, categories.Save(ctx, c))
		if again := got(categories.List(ctx, w.id))(t)[0]; !again.Archived || again.Name["en"] != "Old" {
			t.Errorf("category %+v", again)
		}
		c.Queue = far.queue
		wantErr(t, categories.Save(ctx, c), queue.ErrNotFound)
		c.Workspace = far.id
		wantErr(t, categories.Save(ctx, c), category.ErrNotFound)

		g := access.Grant{Queue: w.queue, Role: access.RoleAgent, Class: access.ClassSee, Effect: access.Deny}
		must(t, queues.SetGrant(ctx, w.id, &g))
		g.Effect = access.Allow
		must(t, queues.SetGrant(ctx, w.id, &g))
		wantErr(t, queues.SetGrant(ctx, far.id, &g), queue.ErrNotFound)
		wantErr(t, queues.SetGrant(ctx, far.id, &access.Grant{Category: w.category, Role: g.Role, Class: g.Class, Effect: g.Effect}), category.ErrNotFound)
		if grants := got(queues.Grants(ctx, w.id))(t); len(grants) != 1 || grants[0] != g {
			t.Errorf("grants %v", grants)
		}
		must(t, queues.RemoveGrant(ctx, far.id, g))
		must(t, queues.RemoveGrant(ctx, w.id, g))
		if grants := got(queues.Grants(ctx, w.id))(t); len(grants) != 0 {
			t.Errorf("grants %v", grants)
		}
	})
}
