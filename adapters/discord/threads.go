package discord

import (
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/job"
)

// quietWeek is after how many minutes without a message Discord archives a thread.
const quietWeek = 7 * 24 * 60

// createThread makes a private thread for the ticket.
func (r *run) createThread(ctx context.Context) (made, error) {
	held, err := r.held(ctx, r.guild())
	if err != nil {
		return made{}, err
	}
	if !held.Has(render.NeededForThreads) {
		return made{}, errHeldTooLittle
	}
	hubs, err := r.hubs(ctx)
	if err != nil {
		return made{}, err
	}
	at, no := render.Place(r.facts.Ticket), false
	n := wire.NewThread{Name: at.Name, Type: wire.TypePrivateThread, Invitable: &no, Duration: quietWeek}
	for _, hub := range hubs {
		var ch *wire.Channel
		if ch, err = r.rest.CreateThread(ctx, hub, n); err == nil {
			return made{id: ch.ID, kind: category.InThread, applied: applied{name: render.Fingerprint(at)}}, nil
		}
		if !rest.Forbidden(err) {
			break
		}
	}
	return made{}, err
}

// mostHubs is how many channels are tried for a thread where none was made for it.
const mostHubs = 5

// hubs gives where the ticket's thread can be made: in the channel that is there
// for it, which is made if it is missing, or, in a guild that is full, in one
// that everybody sees.
func (r *run) hubs(ctx context.Context) ([]wire.ID, error) {
	state := r.guilds.of(r.guild())
	state.place.Lock()
	defer state.place.Unlock()
	all, err := r.rest.Channels(ctx, r.guild())
	if err != nil {
		return nil, err
	}
	var open []wire.ID
	for _, ch := range all {
		if ch.Type != wire.TypeText {
			continue
		}
		if ch.Topic == render.HubMark {
			return []wire.ID{ch.ID}, nil
		}
		if len(open) < mostHubs && seenByAll(r.guild(), ch) {
			open = append(open, ch.ID)
		}
	}
	made, err := r.createHub(ctx)
	if rest.Is(err, rest.GuildFull) && len(open) > 0 {
		return open, nil
	}
	if err != nil {
		return nil, err
	}
	return []wire.ID{made}, nil
}

// seenByAll reports whether anybody can be let into a thread that is made in a channel.
func seenByAll(guild wire.ID, ch wire.Channel) bool {
	return render.MarkedTicket(ch.Topic) == 0 && !slices.ContainsFunc(ch.Overwrites, func(o wire.Overwrite) bool {
		return o.ID == guild && o.Deny&(wire.ViewChannel|wire.SendInThreads) != 0
	})
}

func (r *run) createHub(ctx context.Context) (wire.ID, error) {
	me, err := r.me(ctx)
	if err != nil {
		return "", err
	}
	held, err := r.held(ctx, r.guild())
	if err != nil {
		return "", err
	}
	ch, err := r.rest.CreateChannel(ctx, r.guild(), wire.NewChannel{
		Name: r.speak(r.facts.Workspace.Locale).Say("discord.channel.threads", nil), Type: wire.TypeText,
		Topic: render.HubMark, Overwrites: render.Hub(r.guild(), me, held),
	})
	if err != nil {
		return "", err
	}
	return ch.ID, nil
}

// inThread reports whether the ticket's place is a thread of its own or a post.
func (r *run) inThread() bool {
	return r.surface.Kind == category.InThread || r.surface.Kind == category.InForum
}

// company brings a private thread to who should be in it. A thread knows people
// and no roles: of a team, those are there whom the helpdesk knows.
func (r *run) company(ctx context.Context) error {
	want, did := r.facts.Company(), parseApplied(r.surface.Applied)
	mark := render.Fingerprint(who(want))
	if mark == did.rights || r.closed() && did.sealed {
		return nil
	}
	have, err := r.rest.ThreadMembers(ctx, r.channel())
	if err != nil {
		return err
	}
	me, err := r.me(ctx)
	if err != nil {
		return err
	}
	if err := r.dismiss(ctx, have, want, me); err != nil {
		return err
	}
	for _, v := range want {
		if err := r.admit(ctx, have, wire.ID(v.ExternalID)); err != nil {
			return err
		}
	}
	did = parseApplied(r.surface.Applied)
	did.rights = mark
	r.surface.Applied = did.String()
	return r.save(ctx)
}

func who(viewers []channel.Viewer) []string {
	ids := make([]string, len(viewers))
	for i, v := range viewers {
		ids[i] = v.ExternalID
	}
	return ids
}

func (r *run) dismiss(ctx context.Context, have []wire.ThreadMember, want []channel.Viewer, me wire.ID) error {
	for _, m := range have {
		if m.UserID == me || slices.ContainsFunc(want, func(v channel.Viewer) bool { return v.ExternalID == string(m.UserID) }) {
			continue
		}
		err := r.rest.RemoveFromThread(ctx, r.channel(), m.UserID)
		if err != nil && !rest.Is(err, rest.UnknownMember, rest.UnknownUser) {
			return err
		}
	}
	return nil
}

// admit lets somebody in. Who left the guild cannot be, nor more people than a
// thread holds.
func (r *run) admit(ctx context.Context, have []wire.ThreadMember, user wire.ID) error {
	if slices.Contains(have, wire.ThreadMember{UserID: user}) {
		return nil
	}
	err := r.rest.AddToThread(ctx, r.channel(), user)
	if rest.Is(err, rest.UnknownMember, rest.UnknownUser, rest.ThreadFull) {
		r.Logger.Info("somebody cannot be let into a ticket's thread", "ticket", r.ticket, "user", string(user), "error", err)
		return nil
	}
	return err
}

// seal shuts the thread of a ticket that is closed or whose guild is unlinked, so that
// nobody writes in it, nor does it count among those that a guild can hold.
func (r *run) seal(ctx context.Context) error {
	did := parseApplied(r.surface.Applied)
	if !r.inThread() || !r.closed() && !r.facts.Unlinked() || did.sealed {
		return nil
	}
	yes := true
	if err := r.rest.ChangeThread(ctx, r.channel(), wire.ThreadChange{Archived: &yes, Locked: &yes}); err != nil {
		return err
	}
	did.sealed = true
	r.surface.Applied = did.String()
	return r.save(ctx)
}

// unseal opens a thread again, since something is to be done in it: the ticket
// goes on, or what stands there changes.
func (r *run) unseal(ctx context.Context) (job.Outcome, error) {
	if err := r.open(ctx); err != nil {
		return r.outcome(ctx, err)
	}
	return job.Outcome{Again: r.Now()}, nil
}

func (r *run) open(ctx context.Context) error {
	no := false
	change := wire.ThreadChange{Archived: &no}
	if !r.closed() {
		change.Locked = &no
	}
	if err := r.rest.ChangeThread(ctx, r.channel(), change); err != nil {
		return err
	}
	did := parseApplied(r.surface.Applied)
	did.sealed = false
	if !r.closed() { // Discord let go of those who left the server meanwhile, and are back perhaps
		did.rights = ""
	}
	r.surface.Applied = did.String()
	return r.save(ctx)
}
