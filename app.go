package main

import (
	"cmp"
	"context"
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/ticketsys/ticketsys/adapters/blob"
	"github.com/ticketsys/ticketsys/adapters/discord"
	"github.com/ticketsys/ticketsys/adapters/jobs"
	"github.com/ticketsys/ticketsys/adapters/jwt"
	"github.com/ticketsys/ticketsys/adapters/scheduler"
	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/thumbnail"
	"github.com/ticketsys/ticketsys/api"
	"github.com/ticketsys/ticketsys/api/rest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/event"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/job"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/documents"
	"github.com/ticketsys/ticketsys/locales"
)

// maintenanceInterval is how often the database is looked after.
const maintenanceInterval = time.Hour

// indexInterval is how long what is said waits at most to be taken apart for searching.
// Until then a search reads it word by word.
const indexInterval = time.Second

// tickInterval is how often is looked for what is due in tickets.
const tickInterval = 5 * time.Second

// discordWorkers is how many tickets' channels are brought up to date at once.
const discordWorkers = 8

// fileWorkers is how many files are copied from Discord at once.
const fileWorkers = 4

// appOptions are what a start of the program decides beside the configuration.
type appOptions struct {
	Logger          *slog.Logger
	Exclusive       bool           // this process serves; see sqlstore.Options
	DiscordPatience time.Duration  // with one request to Discord; zero: discord.Config's
	Rand            func() float64 // spreads what is tried again, in [0, 1); nil: math/rand's
	TickInterval    time.Duration  // how often is looked for what is due in tickets; zero: tickInterval
	OnStatement     func(ctx context.Context, query string)
}

// app is the wired program. It is the one place that knows every part.
type app struct {
	config    Config
	logger    *slog.Logger
	now       func() time.Time
	rand      func() float64
	patience  time.Duration // with one request to Discord
	tick      time.Duration // how often is looked for what is due in tickets
	owner     string        // of leases, unique to this process
	store     *sqlstore.Store
	catalogue *locales.Catalogue
	tokens    *jwt.Tokens
	documents *documents.Store

	auth       *auth.Service
	workspaces *workspace.Service
	members    *member.Service
	teams      *team.Service
	queues     *queue.Service
	categories *category.Service
	tags       *tag.Service
	tickets    *ticket.Service
	channels   *channel.Service
	files      *file.Service
	bucket     *blob.Bucket
	once       *idempotency.Service
	audit      *audit.Service
	sla        *sla.Service
	search     *search.Service
	digests    *digest.Service

	fresh bool // this start made the first workspace
}

// newApp opens the database and wires the services; the caller closes it.
func newApp(ctx context.Context, c Config, o appOptions) (*app, error) {
	catalogue, err := locales.Load()
	if err != nil {
		return nil, err
	}
	trusted, err := c.trustedDocuments()
	if err != nil {
		return nil, err
	}
	store, err := openStore(ctx, c, o)
	if err != nil {
		return nil, err
	}
	bucket, err := openBucket(ctx, c, o)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	a := &app{
		config: c, logger: o.Logger, now: time.Now, rand: rand.Float64, patience: o.DiscordPatience, tick: cmp.Or(o.TickInterval, tickInterval),
		owner: processName(), store: store, bucket: bucket, catalogue: catalogue,
	}
	if o.Rand != nil {
		a.rand = o.Rand
	}
	a.documents = trusted
	a.wire()
	if a.fresh, err = a.workspaces.Start(ctx, a.now()); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

// openBucket opens where files are, for a process that serves; the command line
// leaves no folder where it happens to run.
func openBucket(ctx context.Context, c Config, o appOptions) (*blob.Bucket, error) {
	if !o.Exclusive {
		return nil, nil
	}
	if c.FilesURL != "" {
		bucket, err := blob.OpenURL(ctx, c.FilesURL)
		if err != nil {
			return nil, fmt.Errorf("%w: TICKETSYS_FILES_URL: %w", errConfig, err)
		}
		return bucket, nil
	}
	bucket, err := blob.Open(filepath.Join(c.DataDir, "files"))
	if err != nil {
		return nil, fmt.Errorf("%w: TICKETSYS_DATA_DIR: %w", errConfig, err)
	}
	return bucket, nil
}

func openStore(ctx context.Context, c Config, o appOptions) (*sqlstore.Store, error) {
	store, err := sqlstore.Open(ctx, sqlstore.Options{
		URL: c.DatabaseURL, Now: time.Now, Logger: o.Logger, Exclusive: o.Exclusive, OnStatement: o.OnStatement,
		Routes: []job.Route{channel.Route(event.ChannelDiscord), channel.RouteStaff(event.ChannelDiscord)},
	})
	if errors.Is(err, sqlstore.ErrURL) {
		return nil, fmt.Errorf("%w: TICKETSYS_DATABASE_URL %w", errConfig, err)
	}
	return store, err
}

// processName tells processes apart, also those of one machine and of one PID after another.
func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), strconv.FormatUint(rand.Uint64(), 36))
}

func (a *app) wire() {
	s, ids := a.store, a.store.IDs()
	a.tokens = jwt.New(s.Keys(), jwt.Options{Secret: a.config.Secret, Logger: a.logger})
	a.auth = auth.NewService(a.tokens, s.Members(), s.APIKeys(), ids, cryptorand.Reader).Keeping(s.Sessions())
	a.auth.Observing(func(ctx context.Context, err error) {
		a.logger.WarnContext(ctx, "not noted of a credential", "error", err)
	})
	a.workspaces = workspace.NewService(s.Workspaces(), ids, setup(a.catalogue), cryptorand.Reader)
	a.members = member.NewService(s.Members())
	a.teams = team.NewService(s.Teams(), ids)
	a.queues = queue.NewService(s.Queues(), ids)
	a.categories = category.NewService(s.Categories(), ids)
	a.tickets = ticket.NewService(s.Tickets(), s.Categories(), s.Members(), s.Queues(), s.Workspaces(), ids)
	a.tags = tag.NewService(s.Tags(), ids)
	a.audit = audit.NewService(s.Audit())
	a.sla = sla.NewService(s.Hours(), s.Queues(), s.Categories(), ids)
	a.search = search.NewService(s.Search(), s.Queues(), s.Categories())
	a.digests = digest.NewService(s.Digests(), s.Queues(), ids)
	a.tickets.Promising(a.sla, words(a.catalogue))
	a.once = idempotency.NewService(s.Idempotency())
	a.channels = channel.NewService(s.Channels(), s)
	a.files = file.NewService(s.Files(), a.bucket, a.tokens.Links(), ids, a.config.PublicURL).Drawing(thumbnail.New())
}

// Close gives back the database and where files are.
func (a *app) Close() error {
	if a.bucket == nil {
		return a.store.Close()
	}
	return errors.Join(a.bucket.Close(), a.store.Close())
}

// handler is all of HTTP.
func (a *app) handler() http.Handler {
	spendable := budget.New(budget.Rate{Burst: a.config.RateLimit, Window: time.Minute})
	return api.New(api.Config{
		Auth: a.auth, Files: a.files,
		GraphQL: graph.NewHandler(graph.Config{
			Tickets: a.tickets, Members: a.members, Teams: a.teams, Queues: a.queues,
			Categories: a.categories, Workspaces: a.workspaces, Tags: a.tags, Channels: a.channels, Files: a.files, Idempotency: a.once,
			Audit: a.audit, SLA: a.sla, Search: a.search, Digests: a.digests,
			Auth: a.auth, Signals: a.store,
			Catalogue: a.catalogue, Now: a.now, Logger: a.logger,
			Origins: a.config.AllowedOrigins, Introspection: a.config.Introspection, Documents: a.documents, Budget: spendable,
		}),
		REST: rest.NewHandler(rest.Config{
			Tickets: a.tickets, Members: a.members, Teams: a.teams, Queues: a.queues, Categories: a.categories,
			Workspaces: a.workspaces, Files: a.files, Idempotency: a.once, Audit: a.audit, Auth: a.auth, Tags: a.tags, SLA: a.sla, Channels: a.channels,
			Search: a.search, Digests: a.digests, Catalogue: a.catalogue, Now: a.now, Logger: a.logger, Version: buildVersion(), Budget: spendable,
		}),
		Schema: sync.OnceValue(graph.SDL), JWKS: a.publicKeys, Ready: a.store.Ping, Catalogue: a.catalogue,
		Now: a.now, Logger: a.logger, AllowedOrigins: a.config.AllowedOrigins,
		TrustedProxies: a.config.TrustedProxies,
	})
}

// bot is the Discord adapter, nil without a token.
func (a *app) bot() (*discord.Adapter, error) {
	if a.config.DiscordToken == "" {
		return nil, nil
	}
	return discord.New(discord.Config{
		Token: a.config.DiscordToken, APIURL: a.config.DiscordAPIURL, GatewayURL: a.config.DiscordGatewayURL,
		Version: buildVersion(),
		Services: discord.Services{
			Tickets: a.tickets, Members: a.members, Teams: a.teams, Queues: a.queues, Categories: a.categories, Tags: a.tags,
			Workspaces: a.workspaces, Channels: a.channels, Files: a.files, Auth: a.auth, Search: a.search, Digests: a.digests,
		},
		Leases: a.store, Signals: a.store, Catalogue: a.catalogue, Owner: a.owner, Now: a.now, Logger: a.logger, Patience: a.patience,
	})
}

// errToken is how a refused token is told on the command line.
var errToken = errors.New("TICKETSYS_DISCORD_TOKEN is refused by Discord: it must be the token of a bot")

// runBot holds on to Discord until ctx ends. Only a token that is refused ends
// the program: while Discord is away, tickets can be worked otherwise.
func (a *app) runBot(ctx context.Context, bot *discord.Adapter) error {
	err := bot.Check(ctx)
	switch {
	case errors.Is(err, discord.ErrToken):
		return errToken
	case err != nil && ctx.Err() == nil:
		a.logger.WarnContext(ctx, "Discord does not answer, trying on", "error", err)
	}
	if err := bot.Run(ctx); errors.Is(err, discord.ErrToken) {
		return errToken
	} else if err != nil {
		return fmt.Errorf("discord: %w", err)
	}
	return nil
}

// words lets the helpdesk write what it says by itself.
func words(c *locales.Catalogue) ticket.Words {
	return func(reader locale.Tag, key string, args map[string]any) (string, locale.Tag) {
		return c.Text(string(reader), key, args), locale.Tag(c.Match(string(reader)))
	}
}

// reconsider brings a workspace's tickets in line with what it promises now.
func (a *app) reconsider(ctx context.Context, claim job.Claim) (job.Outcome, error) {
	return a.tickets.Reconsider(ctx, access.Call{Actor: access.System(claim.Workspace), Now: a.now()}, claim)
}

const (
	// drawAttempts is how often a picture is taken up by a process that does not come to
	// an end with it. Drawing is bounded, and one that ends the program all the same must
	// not do so whenever it starts.
	drawAttempts = 5
	// drawFailures is how often what cannot be read or stored is tried: for about a day,
	// later and later up to five minutes.
	drawFailures = 600
)

// draw makes a thumbnail. The cursor counts the tries that failed, apart from the
// attempts, so that files may be away for longer than a process may end with a picture.
func (a *app) draw(ctx context.Context, claim job.Claim) (job.Outcome, error) {
	n, err := strconv.ParseInt(claim.Key.Key, 10, 64)
	if err != nil {
		return job.Outcome{}, fmt.Errorf("work of no blob: %w", err)
	}
	if claim.Attempt > drawAttempts {
		a.logger.WarnContext(ctx, "a picture is left without a thumbnail", "blob", n, "attempt", claim.Attempt)
		return job.Outcome{}, nil
	}
	c := access.Call{Actor: access.System(claim.Workspace), Now: a.now()}
	err = a.files.Draw(ctx, c, id.Blob(n))
	if err == nil {
		return job.Outcome{}, nil
	}
	failures := claim.Cursor + 1
	if failures >= drawFailures {
		a.logger.WarnContext(ctx, "a picture that could not be drawn is left without a thumbnail", "blob", n, "failures", failures, "error", err)
		return job.Outcome{}, nil
	}
	wait := jobs.Backoff(int(failures), a.rand())
	a.logger.WarnContext(ctx, "a picture could not be drawn in small, trying again", "blob", n, "failures", failures, "wait", wait, "error", err)
	return job.Outcome{Cursor: failures, Again: a.now().Add(wait)}, nil
}

// publicKeys are the keys by which others check access tokens.
func (a *app) publicKeys(ctx context.Context) ([]byte, error) { return a.tokens.JWKS(ctx, a.now()) }

// Run serves on the listener until ctx ends or a part fails for good.
func (a *app) Run(ctx context.Context, l net.Listener) error {
	bot, err := a.bot()
	if err != nil {
		return errors.Join(err, l.Close())
	}
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return a.serveHTTP(ctx, l) })
	runner := jobs.New(jobs.Config{
		Queue: a.store, Signals: a.store, Now: a.now, Rand: a.rand, Owner: a.owner, Logger: a.logger,
	})
	if bot != nil {
		runner.Register(discord.Consumer, bot.Handle, jobs.Options{Workers: discordWorkers})
		runner.Register(discord.StaffConsumer(), bot.HandleStaff, jobs.Options{Workers: 1})
		for _, files := range discord.FilesConsumers() {
			runner.Register(files, bot.HandleFile, jobs.Options{Workers: fileWorkers})
		}
		g.Go(func() error { return a.runBot(ctx, bot) })
	}
	runner.Register(sla.Consumer, a.reconsider, jobs.Options{Workers: 1})
	runner.Register(file.ThumbnailConsumer, a.draw, jobs.Options{Workers: 1})
	g.Go(func() error { runner.Run(ctx); return nil })
	ticks := scheduler.New(scheduler.Config{Now: a.now, Logger: a.logger})
	ticks.Every("maintenance", maintenanceInterval, a.store.Maintain)
	ticks.Every("search index", indexInterval, a.store.Index)
	ticks.Every("due tickets", a.tick, a.tickets.Tick)
	ticks.Every("digests", a.tick, a.digests.Tick)
	ticks.Every("promises", a.tick, a.sla.Follow)
	ticks.Every("files", maintenanceInterval, a.files.Sweep)
	ticks.Every("broken writes", maintenanceInterval, a.bucket.Sweep)
	g.Go(func() error { return ticks.Run(ctx) })
	return g.Wait()
}
