// Package workspace knows the helpdesks that a program holds, each by itself,
// and the places of channels that they are linked to.
package workspace

import (
	"context"
	"errors"
	"io"
	"regexp"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// DefaultSlug names the workspace that a first start makes.
const DefaultSlug = "default"

// MaxName is the longest name of a workspace, in characters.
const MaxName = 100

// The refusals of this package.
var (
	ErrNotFound  = fault.New(fault.NotFound, "fault.workspace.not_found")
	ErrLinked    = fault.New(fault.Conflict, "fault.workspace.linked")
	ErrSlugTaken = fault.New(fault.Conflict, "fault.workspace.slug_taken")
)

// Workspace is one helpdesk.
type Workspace struct {
	ID        id.Workspace
	Slug      string
	Name      string
	Locale    locale.Tag    // of texts that address nobody in particular
	Channel   event.Channel // where new tickets get a surface; ChannelAPI: nowhere
	OnLoss    LossPolicy    // what becomes of open tickets whose surface is removed by hand
	CreatedAt time.Time
	Version   int64 // rises each time that its settings change
	Promises  int64 // rises each time that business hours or SLA policies change
}

// Setup is what a new workspace begins with. Its queues are named by index in
// Category.Queue: the ID stands for a place in Queues, counted from 1.
type Setup struct {
	Team       string
	Queues     []string
	Categories []category.Category
}

// Place describes a place of a channel that asks for a workspace.
type Place struct {
	Channel    event.Channel
	ExternalID string
	Name       string
	Locale     locale.Tag
}

// Repository is the port to stored workspaces.
type Repository interface {
	audit.Recorder

	// Create stores a workspace with what it begins with: the team serves every
	// queue. Codes: conflict (slug taken).
	Create(ctx context.Context, w *Workspace, s Setup) error
	// Get finds a workspace. Codes: not_found.
	Get(ctx context.Context, w id.Workspace) (*Workspace, error)
	// BySlug finds a workspace. Codes: not_found.
	BySlug(ctx context.Context, slug string) (*Workspace, error)
	// List gives all workspaces, by slug.
	List(ctx context.Context) ([]*Workspace, error)
	// LinksOf gives the places that are linked to a workspace, at most one of each
	// channel, the oldest link first.
	LinksOf(ctx context.Context, w id.Workspace) ([]Link, error)
	// ByLink finds the workspace of a place. Codes: not_found.
	ByLink(ctx context.Context, c event.Channel, externalID string) (*Workspace, error)
	// Links gives all places of a channel that are linked.
	Links(ctx context.Context, c event.Channel) ([]Link, error)
	// Adopt links the place to the default workspace if that has no link and no
	// ticket, and gives it the slug and the place's name, language and channel;
	// false if there is none such. It is safe against others doing the same. Codes:
	// conflict (the slug or the place is another's).
	Adopt(ctx context.Context, p Place, slug string, now time.Time) (*Workspace, bool, error)
	// SetLossPolicy stores what becomes of tickets whose surface is removed. The
	// workspace must have the expected version if that is not 0. Codes: not_found,
	// conflict (another version).
	SetLossPolicy(ctx context.Context, w id.Workspace, expected int64, p LossPolicy) error
	// Update stores a workspace's settings, those that are not nil. The workspace
	// must have the expected version if that is not 0. Codes: not_found, conflict
	// (another version).
	Update(ctx context.Context, w id.Workspace, expected int64, s Settings) error
	// Page gives a page of the workspaces in which the member's account is a member.
	Page(ctx context.Context, m id.Member, q query.Query, p page.Window) (page.Page[*Workspace], error)
	// Count counts what Page would give in all.
	Count(ctx context.Context, m id.Member, where query.Where) (int, error)
	// Link joins the place to the workspace. Codes: not_found, conflict (ErrLinked,
	// ErrHasPlace).
	Link(ctx context.Context, l Link) error
	// Unlinked reports whether an administrator took the place's link away and
	// nobody gave it another one.
	Unlinked(ctx context.Context, c event.Channel, externalID string) (bool, error)
	// Unlink takes a link away, remembers that it was, and has the tickets looked
	// after that are shown in the place or might be. What the place gave people is
	// taken back, but by stays an administrator; new tickets are shown nowhere. The
	// workspace must have the expected version if that is not 0. Codes: not_found
	// (ErrNoLink), conflict (another version).
	Unlink(ctx context.Context, l Link, by id.Member, expected int64) error
	// Release is Unlink for a place that goes to another workspace, from one that has
	// no ticket. Codes: not_found (ErrNoLink), conflict (ErrLinked: it has).
	Release(ctx context.Context, l Link, by id.Member) error
	// Relink is Link for a place that may have been unlinked. A workspace that shows
	// new tickets nowhere shows them in the place from now on. Codes: those of Link.
	Relink(ctx context.Context, l Link) error
	// SaveLinkCode stores a code by its digest, and forgets those that have expired.
	SaveLinkCode(ctx context.Context, digest string, c LinkCode) error
	// LinkCode finds a code, unless it has expired or its maker is no administrator
	// any more. Codes: not_found (ErrNoCode).
	LinkCode(ctx context.Context, digest string, now time.Time) (LinkCode, error)
	// SpendLinkCode lets a code be used no more. Codes: not_found (ErrNoCode: it can't
	// be used now, either).
	SpendLinkCode(ctx context.Context, digest string, now time.Time) error
}

// Service is what one may do with workspaces. Open, Join and the look-ups serve the
// program itself at its start and its doors; they act before there is an actor.
type Service struct {
	repo   Repository
	ids    id.Source
	setup  Setup
	random io.Reader
}

// NewService makes the service; setup is what each new workspace begins with, and
// random what codes are made of.
func NewService(r Repository, ids id.Source, setup Setup, random io.Reader) *Service {
	return &Service{repo: r, ids: ids, setup: setup, random: random}
}

// Start makes sure that there is a workspace at all, and tells whether it made one.
func (s *Service) Start(ctx context.Context, now time.Time) (made bool, err error) {
	all, err := s.repo.List(ctx)
	if err != nil || len(all) > 0 {
		return false, err
	}
	_, err = s.create(ctx, now, Workspace{Slug: DefaultSlug, Name: "Default", Locale: locale.Fallback, Channel: event.ChannelAPI})
	if fault.CodeOf(err) == fault.Conflict {
		return false, nil // another process was first
	}
	return err == nil, err
}

func (s *Service) create(ctx context.Context, now time.Time, w Workspace) (*Workspace, error) {
	w.ID, w.CreatedAt, w.OnLoss, w.Version = id.Workspace(s.ids()), now, Rebuild, 1
	return &w, s.recorded(ctx, now, w.ID, w.Channel, func(ctx context.Context) error {
		return s.repo.Create(ctx, &w, s.setup)
	})
}

var notName = regexp.MustCompile(`[^a-z0-9-]+`)

// Join finds the workspace of a channel's place. The first place adopts the
// default workspace while it is unused; each further place gets its own, but for
// one whose link an administrator took away. Codes: not_found (ErrUnlinked).
func (s *Service) Join(ctx context.Context, now time.Time, p Place) (*Workspace, error) {
	w, err := s.repo.ByLink(ctx, p.Channel, p.ExternalID)
	if fault.CodeOf(err) != fault.NotFound {
		return w, err
	}
	unlinked, err := s.repo.Unlinked(ctx, p.Channel, p.ExternalID)
	if err != nil {
		return nil, err
	}
	if unlinked {
		return nil, ErrUnlinked
	}
	if !p.Locale.Valid() {
		p.Locale = locale.Fallback
	}
	p.Name = clip(p.Name)
	slug := notName.ReplaceAllString(string(p.Channel)+"-"+p.ExternalID, "-")
	if w, err := s.adopt(ctx, now, p, slug); err != nil || w != nil {
		return w, err
	}
	w, err = s.create(ctx, now, Workspace{Slug: slug, Name: p.Name, Locale: p.Locale, Channel: p.Channel})
	if fault.CodeOf(err) == fault.Conflict { // made by another process, or by one that ended before the link
		w, err = s.repo.BySlug(ctx, slug)
	}
	if err != nil {
		return nil, err
	}
	err = s.recorded(ctx, now, w.ID, p.Channel, func(ctx context.Context) error {
		return s.repo.Link(ctx, Link{Channel: p.Channel, ExternalID: p.ExternalID, Workspace: w.ID, Name: p.Name, At: now})
	})
	if errors.Is(err, ErrLinked) {
		return s.repo.ByLink(ctx, p.Channel, p.ExternalID)
	}
	return w, err
}

func clip(name string) string {
	if r := []rune(name); len(r) > MaxName {
		return string(r[:MaxName])
	}
	return name
}

// All gives every workspace of the program, for the command line. It asks no
// actor: who can run commands beside the database can do anything.
func (s *Service) All(ctx context.Context) ([]*Workspace, error) { return s.repo.List(ctx) }

// Linked gives the places of a channel that are linked to workspaces.
func (s *Service) Linked(ctx context.Context, c event.Channel) ([]Link, error) {
	return s.repo.Links(ctx, c)
}

// ByPlace finds the workspace of a channel's place. Codes: not_found.
func (s *Service) ByPlace(ctx context.Context, c event.Channel, externalID string) (*Workspace, error) {
	return s.repo.ByLink(ctx, c, externalID)
}

// Get finds the actor's own workspace. Codes: unauthenticated, forbidden.
func (s *Service) Get(ctx context.Context, c access.Call) (*Workspace, error) {
	if err := access.Require(c.Actor, access.WorkspaceSee, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, c.Actor.Workspace)
}
