package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
)

// The refusals of links.
var (
	// ErrUnlinked refuses a place whose link an administrator took away.
	ErrUnlinked = fault.New(fault.NotFound, "fault.workspace.unlinked")
	// ErrHasPlace refuses a second place of the same channel.
	ErrHasPlace = fault.New(fault.Conflict, "fault.workspace.has_place")
	// ErrNoLink refuses what is not linked to the workspace, whatever else it is.
	ErrNoLink = fault.New(fault.NotFound, "fault.workspace.no_link")
	// ErrNoCode refuses a code that never was, was used, has expired, or whose maker
	// is no administrator any more.
	ErrNoCode = fault.New(fault.NotFound, "fault.workspace.no_code")

	errNoPlaces = fault.New(fault.Invalid, "fault.workspace.no_places").On("channel")
)

// Link joins a place of a channel, such as a Discord guild, to a workspace.
type Link struct {
	Channel    event.Channel
	ExternalID string
	Workspace  id.Workspace
	Name       string    // of the place, as it was when it was linked; "" for links from before names were kept
	At         time.Time // when it was linked; zero for links from before that was kept
}

// LinkCode lets somebody who manages a channel's place link it to the workspace,
// once. Whoever manages the place is an administrator of the workspace then: the
// code is as secret as an administrator's token.
type LinkCode struct {
	Workspace id.Workspace
	Member    id.Member // who made it
	Channel   event.Channel
	Code      string // "" in what is stored
	ExpiresAt time.Time
}

// LinkCodeFor is how long a code can be used.
const LinkCodeFor = 15 * time.Minute

// codeBytes is how much chance is in a code.
const codeBytes = 10

// letters are those of codes: none is taken for another one.
var letters = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Links gives the places that the actor's workspace is linked to, the oldest link
// first, no two of one channel. Codes: unauthenticated, forbidden.
func (s *Service) Links(ctx context.Context, c access.Call) ([]Link, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return nil, err
	}
	return s.repo.LinksOf(ctx, c.Actor.Workspace)
}

// CreateLinkCode makes a code by which a place of the channel is linked to the
// actor's workspace. Codes: unauthenticated, forbidden, invalid (no channel with
// places to link).
func (s *Service) CreateLinkCode(ctx context.Context, c access.Call, ch event.Channel) (LinkCode, error) {
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
		return LinkCode{}, err
	}
	if c.Actor.Scopes != nil { // who uses the code in a place of their own is an administrator by that, bound by no scopes
		return LinkCode{}, access.ErrForbidden
	}
	if ch != event.ChannelDiscord {
		return LinkCode{}, errNoPlaces
	}
	chance := make([]byte, codeBytes)
	if _, err := io.ReadFull(s.random, chance); err != nil {
		return LinkCode{}, fmt.Errorf("make a link code: %w", err)
	}
	made := LinkCode{
		Workspace: c.Actor.Workspace, Member: c.Actor.Member, Channel: ch, ExpiresAt: c.Now.Add(LinkCodeFor).Truncate(time.Second),
	}
	code := letters.EncodeToString(chance)
	if err := s.repo.SaveLinkCode(ctx, digest(ch, code), made); err != nil {
		return LinkCode{}, err
	}
	made.Code = code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
	return made, nil
}

// digest names a code in the store, however somebody typed it.
func digest(ch event.Channel, code string) string {
	code = strings.NewReplacer("-", "", " ", "", "O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(code))
	sum := sha256.Sum256([]byte(string(ch) + ":" + code))
	return hex.EncodeToString(sum[:])
}

// Unlink takes a place's link to the actor's workspace away. Its tickets stay, and
// go on without the place; nothing links it again but a code. What people were by the
// place they are no more: its roles stand for no team, and whoever manages it is no
// administrator by that. The actor stays one. The workspace must
// have the expected version if that is not 0. Codes: unauthenticated, forbidden,
// not_found, conflict.
func (s *Service) Unlink(ctx context.Context, c access.Call, expected int64, ch event.Channel, externalID string) (*Workspace, error) {
	w := c.Actor.Workspace
	if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(w)); err != nil {
		return nil, err
	}
	err := audit.Record(ctx, s.repo, c, s.now(w), func(ctx context.Context) error {
		return s.repo.Unlink(ctx, Link{Channel: ch, ExternalID: externalID, Workspace: w, At: c.Now}, c.Actor.Member, expected)
	})
	if err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, w)
}

// LinkByCode links a place to the workspace whose administrator made the code. The
// caller has made sure that it is asked by somebody who manages the place: whom the
// channel calls typist, which the record tells beside who made the code. That is
// the actor, of the workspace that it is linked to, or nobody known if it is to none.
// The link of a workspace that has no ticket goes over. Codes: forbidden, not_found
// (ErrNoCode), conflict (ErrLinked: linked to another workspace that has tickets;
// ErrHasPlace: the workspace has another place of the channel).
func (s *Service) LinkByCode(ctx context.Context, now time.Time, by access.Actor, p Place, typist, code string) (*Workspace, error) {
	c := access.Call{Actor: by, Now: now, Origin: event.Origin{Channel: p.Channel}}
	if c.Actor.Known() {
		if err := access.Require(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace)); err != nil {
			return nil, err
		}
	}
	name := digest(p.Channel, code)
	made, err := s.repo.LinkCode(ctx, name, c.Now)
	if err != nil {
		return nil, err
	}
	maker := access.Call{
		Actor: access.Actor{Workspace: made.Workspace, Member: made.Member}, Now: c.Now, Origin: event.Origin{Channel: p.Channel},
	}
	err = s.recordedTyped(ctx, maker, typist, func(ctx context.Context) error {
		if err := s.repo.SpendLinkCode(ctx, name, c.Now); err != nil {
			return err
		}
		return s.relink(ctx, c, Link{Channel: p.Channel, ExternalID: p.ExternalID, Workspace: made.Workspace, Name: clip(p.Name), At: c.Now})
	})
	if err != nil {
		return nil, err
	}
	return s.repo.Get(ctx, made.Workspace)
}

// relink links a place, taken from whichever workspace has it.
func (s *Service) relink(ctx context.Context, c access.Call, l Link) error {
	there, err := s.repo.ByLink(ctx, l.Channel, l.ExternalID)
	switch {
	case fault.CodeOf(err) == fault.NotFound:
		return s.repo.Relink(ctx, l)
	case err != nil:
		return err
	case there.ID == l.Workspace:
		return nil
	case there.ID != c.Actor.Workspace:
		return ErrLinked
	}
	err = audit.Record(ctx, s.repo, c, s.now(there.ID), func(ctx context.Context) error {
		return s.repo.Release(ctx, Link{Channel: l.Channel, ExternalID: l.ExternalID, Workspace: there.ID}, c.Actor.Member)
	})
	if err != nil {
		return err
	}
	return s.repo.Relink(ctx, l)
}

// LinksTopic is the signal topic of all links: which place is whose.
const LinksTopic = "links"
