package discord

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/gateway"
	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/locales"
)

// Consumer is the name under which Handle is registered for durable work.
const Consumer = job.Consumer(event.ChannelDiscord)

// ErrToken tells that Discord refuses the bot's token.
var ErrToken = gateway.ErrToken

// Services are the domain's services that the adapter calls.
type Services struct {
	Tickets    *ticket.Service
	Members    *member.Service
	Teams      *team.Service
	Queues     *queue.Service
	Categories *category.Service
	Tags       *tag.Service
	Workspaces *workspace.Service
	Channels   *channel.Service
	Files      *file.Service
	Auth       *auth.Service
	Search     *search.Service
	Digests    *digest.Service
}

// Config is what an Adapter stands on. URLs, Version and Logger may be empty.
type Config struct {
	Token      string        // without "Bot "
	APIURL     string        // "http://host:port" in place of Discord's
	GatewayURL string        // "ws://host:port/path" in place of Discord's
	Version    string        // of the program
	Patience   time.Duration // with one request, its wait for the rate limit included; zero: 15 seconds
	Services
	Leases    job.Leases
	Signals   job.Signals // by which changes of rights are heard of; nil: who acts is looked up each time
	Catalogue *locales.Catalogue
	Owner     string // unique to this process
	Now       func() time.Time
	Logger    *slog.Logger
}

// Adapter is one process's part of the bot. It is safe for concurrent use.
type Adapter struct {
	Config
	rest     *rest.Client
	cdn      *rest.CDN
	self     identity
	guilds   *guildCache
	known    *acquaintances
	placed   *placed
	openings *openings
	lanes    *lanes
	warned   *pace
	found    *findings
	standing standing
}

// New makes an adapter; it speaks to nobody yet. It fails on a malformed address.
func New(c Config) (*Adapter, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	client, err := rest.New(rest.Config{Token: c.Token, URL: c.APIURL, Version: c.Version, Timeout: c.Patience, Now: c.Now})
	if err != nil {
		return nil, err
	}
	cdn, err := rest.NewCDN(c.APIURL)
	if err != nil {
		return nil, err
	}
	return &Adapter{
		Config: c, rest: client, cdn: cdn,
		guilds:   newGuildCache(c.Now, c.Signals),
		known:    newAcquaintances(c.Now, c.Signals),
		placed:   newPlaced(c.Now),
		openings: newOpenings(c.Now),
		lanes:    newLanes(),
		warned:   newPace(c.Now, time.Minute),
		found:    newFindings(),
	}, nil
}

// Check asks Discord who the bot is, so that a bad token is known at once:
// ErrToken.
func (a *Adapter) Check(ctx context.Context) error {
	_, err := a.me(ctx)
	if rest.Unauthorized(err) {
		return ErrToken
	}
	if err != nil {
		return fmt.Errorf("ask Discord who the bot is: %w", err)
	}
	return nil
}

// Handle does the durable work of keeping tickets' channels. It needs no gateway.
func (a *Adapter) Handle(ctx context.Context, c job.Claim) (job.Outcome, error) {
	t, err := parseTicket(c.Key.Key)
	if err != nil {
		return job.Outcome{}, err
	}
	out, err := a.Sync(ctx, c.Workspace, t)
	out.Cursor = c.Cursor
	return out, err
}

var _ channel.Port = (*Adapter)(nil)

// system is a call of the helpdesk itself.
func (a *Adapter) system(w id.Workspace) access.Call {
	return access.Call{
		Actor: access.System(w), Now: a.Now(), Origin: event.Origin{Channel: event.ChannelDiscord},
	}
}

// speak gives the texts of a reader's language.
func (a *Adapter) speak(l locale.Tag) render.Speaker {
	return render.Speaker{Catalogue: a.Catalogue, Locale: l}
}
