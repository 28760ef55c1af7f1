package workspace_test

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

var errTaken = fault.New(fault.Conflict, "fault.workspace.slug")

// shelf keeps workspaces in a map. Interfere, if set, runs once before a
// workspace is created, as another process would.
type shelf struct {
	workspaces map[string]*workspace.Workspace // by slug
	links      map[string]string               // slug by place
	used       bool                            // the default workspace has a ticket
	unlinked   string                          // a place whose link was taken away
	interfere  func()
	broken     error
}

func newShelf() *shelf {
	return &shelf{workspaces: map[string]*workspace.Workspace{}, links: map[string]string{}}
}

func (s *shelf) Create(_ context.Context, w *workspace.Workspace, _ workspace.Setup) error {
	if s.interfere != nil {
		first := s.interfere
		s.interfere = nil
		first()
	}
	if s.workspaces[w.Slug] != nil {
		return errTaken
	}
	s.workspaces[w.Slug] = w
	return s.broken
}

func (s *shelf) Get(context.Context, id.Workspace) (*workspace.Workspace, error) {
	return nil, workspace.ErrNotFound
}

func (s *shelf) BySlug(_ context.Context, slug string) (*workspace.Workspace, error) {
	if w := s.workspaces[slug]; w != nil {
		return w, nil
	}
	return nil, workspace.ErrNotFound
}

func (s *shelf) List(context.Context) ([]*workspace.Workspace, error) {
	var all []*workspace.Workspace
	for _, w := range s.workspaces {
		all = append(all, w)
	}
	return all, s.broken
}

func (s *shelf) ByLink(ctx context.Context, _ event.Channel, externalID string) (*workspace.Workspace, error) {
	if s.broken != nil {
		return nil, s.broken
	}
	return s.BySlug(ctx, s.links[externalID])
}

func (s *shelf) Links(_ context.Context, c event.Channel) ([]workspace.Link, error) {
	var links []workspace.Link
	for externalID, slug := range s.links {
		links = append(links, workspace.Link{Channel: c, ExternalID: externalID, Workspace: s.workspaces[slug].ID})
	}
	return links, nil
}

func (s *shelf) Adopt(_ context.Context, p workspace.Place, slug string, _ time.Time) (*workspace.Workspace, bool, error) {
	w := s.workspaces[workspace.DefaultSlug]
	if w == nil || s.used {
		return nil, false, nil
	}
	delete(s.workspaces, w.Slug)
	w.Slug, w.Name, w.Locale, w.Channel = slug, p.Name, p.Locale, p.Channel
	s.workspaces[slug], s.links[p.ExternalID] = w, slug
	return w, true, nil
}

func (s *shelf) Update(context.Context, id.Workspace, int64, workspace.Settings) error {
	return s.broken
}

func (s *shelf) Page(context.Context, id.Member, query.Query, page.Window) (page.Page[*workspace.Workspace], error) {
	return page.Page[*workspace.Workspace]{}, s.broken
}

func (s *shelf) Count(context.Context, id.Member, query.Where) (int, error) { return 0, s.broken }

func (s *shelf) SetLossPolicy(context.Context, id.Workspace, int64, workspace.LossPolicy) error {
	return s.broken
}

func (s *shelf) LinksOf(context.Context, id.Workspace) ([]workspace.Link, error) {
	return nil, s.broken
}

func (s *shelf) Unlinked(_ context.Context, _ event.Channel, externalID string) (bool, error) {
	return externalID == s.unlinked, s.broken
}

func (s *shelf) Unlink(context.Context, workspace.Link, id.Member, int64) error { return s.broken }

func (s *shelf) Release(context.Context, workspace.Link, id.Member) error { return s.broken }

func (s *shelf) Relink(context.Context, workspace.Link) error { return s.broken }

func (s *shelf) SaveLinkCode(context.Context, string, workspace.LinkCode) error { return s.broken }

func (s *shelf) LinkCode(context.Context, string, time.Time) (workspace.LinkCode, error) {
	return workspace.LinkCode{}, workspace.ErrNoCode
}

func (s *shelf) SpendLinkCode(context.Context, string, time.Time) error { return s.broken }

func (s *shelf) Recorded(ctx context.Context, _ access.Call, change func(context.Context) ([]audit.Entry, error)) error {
	_, err := change(ctx)
	return err
}

func (s *shelf) Link(_ context.Context, l workspace.Link) error {
	if s.links[l.ExternalID] != "" {
		return workspace.ErrLinked
	}
	for slug, w := range s.workspaces {
		if w.ID == l.Workspace {
			s.links[l.ExternalID] = slug
		}
	}
	return nil
}

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func guild(externalID, name string) workspace.Place {
	return workspace.Place{Channel: event.ChannelDiscord, ExternalID: externalID, Name: name, Locale: "fr"}
}

// program gives a service as the program starts it, and the shelf beneath.
func program(t *testing.T) (*workspace.Service, *shelf) {
	t.Helper()
	s, last := newShelf(), int64(0)
	service := workspace.NewService(s, func() int64 { last++; return last }, workspace.Setup{Team: "Support"}, rand.Reader)
	if made, err := service.Start(t.Context(), now); err != nil || !made {
		t.Fatalf("the first start made a workspace: %v, %v", made, err)
	}
	return service, s
}

func join(t *testing.T, s *workspace.Service, p workspace.Place) *workspace.Workspace {
	t.Helper()
	w, err := s.Join(t.Context(), now, p)
	if err != nil {
		t.Fatalf("%s joins: %v", p.Name, err)
	}
	return w
}

func TestTheFirstStartMakesTheDefaultWorkspace(t *testing.T) {
	service, s := program(t)
	w := s.workspaces[workspace.DefaultSlug]
	if w == nil || w.ID == 0 || !w.CreatedAt.Equal(now) || w.Channel != event.ChannelAPI {
		t.Fatalf("the first start made %+v", w)
	}
	if made, err := service.Start(t.Context(), now); err != nil || made || len(s.workspaces) != 1 {
		t.Errorf("the second start made a workspace: %v, %v", made, err)
	}
}

func TestTwoProcessesStartTogether(t *testing.T) {
	s := newShelf()
	service := workspace.NewService(s, func() int64 { return 1 }, workspace.Setup{}, rand.Reader)
	s.interfere = func() {
		s.workspaces[workspace.DefaultSlug] = &workspace.Workspace{ID: 9, Slug: workspace.DefaultSlug}
	}
	if made, err := service.Start(t.Context(), now); err != nil || made {
		t.Errorf("who came second made a workspace: %v, %v", made, err)
	}
}

func TestTheFirstGuildAdoptsTheUnusedWorkspace(t *testing.T) {
	service, s := program(t)
	def := s.workspaces[workspace.DefaultSlug].ID
	w := join(t, service, guild("100", "Les Amis"))
	if w.ID != def || w.Slug != "discord-100" || w.Name != "Les Amis" || w.Channel != event.ChannelDiscord {
		t.Errorf("the first guild has %+v, want the default workspace %d as discord-100", w, def)
	}
	if again := join(t, service, guild("100", "Les Amis")); again.ID != def {
		t.Errorf("the same guild later has workspace %d, want %d still", again.ID, def)
	}
}

func TestEachFurtherGuildGetsItsOwn(t *testing.T) {
	service, s := program(t)
	first, second := join(t, service, guild("100", "One")), join(t, service, guild("200", strings.Repeat("é", 200)))
	if first.ID == second.ID || second.Slug != "discord-200" || second.Locale != "fr" {
		t.Errorf("the second guild has %+v", second)
	}
	if n := len([]rune(second.Name)); n != workspace.MaxName {
		t.Errorf("the workspace's name has %d characters, want %d", n, workspace.MaxName)
	}
	links, err := service.Linked(t.Context(), event.ChannelDiscord)
	if err != nil || len(links) != 2 || len(s.workspaces) != 2 {
		t.Errorf("links %v, %v", links, err)
	}
}

func TestAUsedWorkspaceIsNotAdopted(t *testing.T) {
	service, s := program(t)
	s.used = true
	w := join(t, service, workspace.Place{Channel: event.ChannelDiscord, ExternalID: "100", Name: "One", Locale: "not a language"})
	if w.Slug != "discord-100" || w.Locale != "en" || s.workspaces[workspace.DefaultSlug] == nil {
		t.Errorf("the guild has %+v, the default workspace is %v", w, s.workspaces[workspace.DefaultSlug])
	}
}

func TestAGuildThatWasUnlinkedGetsNoWorkspace(t *testing.T) {
	service, s := program(t)
	s.unlinked = "100"
	if w, err := service.Join(t.Context(), now, guild("100", "One")); !errors.Is(err, workspace.ErrUnlinked) || len(s.workspaces) != 1 {
		t.Errorf("it has %v, %v", w, err)
	}
	join(t, service, guild("200", "Two"))
}

func TestTwoProcessesJoinOneGuildTogether(t *testing.T) {
	service, s := program(t)
	s.used = true
	s.interfere = func() {
		s.workspaces["discord-100"] = &workspace.Workspace{ID: 9, Slug: "discord-100"}
		s.links["100"] = "discord-100"
	}
	if w := join(t, service, guild("100", "One")); w.ID != 9 {
		t.Errorf("who came second has workspace %d, want that of the first", w.ID)
	}
}

func TestAJoinThatWasCutShortIsFinished(t *testing.T) {
	service, s := program(t)
	s.used = true
	s.workspaces["discord-100"] = &workspace.Workspace{ID: 9, Slug: "discord-100"}
	if w := join(t, service, guild("100", "One")); w.ID != 9 || s.links["100"] != "discord-100" {
		t.Errorf("the guild has workspace %d, linked to %q; want the one that was made before", w.ID, s.links["100"])
	}
}

func TestABrokenStoreIsNotTakenForAnEmptyOne(t *testing.T) {
	service, s := program(t)
	s.broken = errors.New("disk on fire")
	if w, err := service.Join(t.Context(), now, guild("100", "One")); !errors.Is(err, s.broken) || w != nil {
		t.Errorf("joining gave %v, %v", w, err)
	}
	if _, err := service.Start(t.Context(), now); !errors.Is(err, s.broken) {
		t.Errorf("starting: %v", err)
	}
}
