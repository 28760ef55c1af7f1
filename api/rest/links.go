package rest

import (
	"context"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// ChannelLinks are the places of channels that are linked to the workspace.
type ChannelLinks struct {
	Items []ChannelLink `json:"items" nullable:"false" doc:"The oldest link first, at most one of each channel."`
}

// ChannelLink is a place of a channel, such as a Discord guild, that is linked to the workspace.
type ChannelLink struct {
	Channel    string  `json:"channel" doc:"The channel."`
	ExternalID string  `json:"externalId" doc:"What the channel calls the place: of Discord, the guild's ID."`
	Name       *string `json:"name" doc:"The place's name when it was linked; null for old links."`
	LinkedAt   *string `json:"linkedAt" format:"date-time" doc:"When it was linked; null for old links."`
}

// ChannelLinkCode lets somebody who manages a place of a channel link it to the workspace, once.
type ChannelLinkCode struct {
	Channel   string  `json:"channel" doc:"Of which channel a place can be linked."`
	Code      *string `json:"code" doc:"The code. Case, hyphens and spaces do not count. As secret as an administrator's token. Null when the wish was carried out before."`
	ExpiresAt *string `json:"expiresAt" format:"date-time" doc:"Until when it can be used: for 15 minutes. Null when the wish was carried out before."`
}

// The inputs of links.
type (
	// LinkCodeInput says of which channel a place is to be linked.
	LinkCodeInput struct {
		Keyed

		Body struct {
			Channel string `json:"channel" enum:"api,discord,direct_message,system,plain" doc:"Of which channel a place is to be linked: discord, others have none."`
		} `nameHint:"ChannelLinkCodeWish"`

		made workspace.LinkCode // for the answer
	}
	// LinkRemoval names a link.
	LinkRemoval struct {
		Expecting

		Channel    string `path:"channel" enum:"api,discord,direct_message,system,plain" doc:"The channel."`
		ExternalID string `path:"externalId" doc:"What the channel calls the place."`
	}
)

func showLink(l workspace.Link) ChannelLink {
	return ChannelLink{outside(string(l.Channel)), l.ExternalID, filled(l.Name), perhaps(l.At)}
}

// links registers which places of channels are the workspace's.
func (s *server) links() {
	fetch(s, operation{
		id: "listChannelLinks", path: "/channel-links", tag: tagHouse, summary: "List the places of channels that are linked to the workspace",
		about: "There its tickets are shown. Administrators only.", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[ChannelLinks], error) {
		all, err := s.Workspaces.Links(ctx, c)
		return shown[ChannelLinks]{body: &ChannelLinks{Items: each(all, showLink)}}, err
	})
	change(s, operation{
		id: "createChannelLinkCode", path: "/channel-link-codes", tag: tagHouse, summary: "Make a code by which a place of a channel is linked", codes: []fault.Code{fault.Forbidden},
		about: "Once, within 15 minutes: in Discord, somebody who manages the guild gives it to /setup link. A workspace has one place of each channel: with the code, the next one is linked once that is unlinked. A guild that is linked to another workspace has to be unlinked there first, unless that has no ticket. Whoever manages a linked guild is an administrator of the workspace: keep the code secret. Administrators only; who came by an API key makes none.",
	}, func(ctx context.Context, c access.Call, in *LinkCodeInput, _ int64) (string, error) {
		var err error
		in.made, err = s.Workspaces.CreateLinkCode(ctx, c, event.Channel(inside(in.Body.Channel)))
		return "", err
	}, func(_ context.Context, _ access.Call, in *LinkCodeInput, _ string) (shown[ChannelLinkCode], error) {
		return shown[ChannelLinkCode]{body: &ChannelLinkCode{in.Body.Channel, filled(in.made.Code), perhaps(in.made.ExpiresAt)}}, nil
	})
	change(s, operation{
		id: "removeChannelLink", method: http.MethodDelete, path: "/channel-links/{channel}/{externalId}", tag: tagHouse, summary: "Unlink a place of a channel", codes: configured,
		about: "Tickets that are shown in it go on with all that was said; their places there are shut, and they get others when another place of the channel is linked. What people were by the place they are no more: its roles stand for no team, and whoever manages it is no administrator by that; the caller stays one. Nothing links the place again but a code. The version is the workspace's. Administrators only.",
	}, func(ctx context.Context, c access.Call, in *LinkRemoval, version int64) (string, error) {
		_, err := s.Workspaces.Unlink(ctx, c, version, event.Channel(inside(in.Channel)), in.ExternalID)
		return external(opaque.Workspace, c.Actor.Workspace), err
	}, func(ctx context.Context, c access.Call, _ *LinkRemoval, _ string) (shown[Workspace], error) {
		return s.mine(ctx, c)
	})
}
