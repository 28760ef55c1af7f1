// Package rest speaks to Discord's HTTP API, version 10: one try a request, an
// own deadline on each, and every refusal as a typed error. Trying again is the
// business of durable work, not of the client.
package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/diamondburned/arikawa/v3/utils/httputil"
	"github.com/diamondburned/arikawa/v3/utils/httputil/httpdriver"
)

const (
	root    = "https://discord.com"
	prefix  = "/api/v10"
	maxBody = 16 << 20
)

// Config says where Discord is and who calls.
type Config struct {
	Token   string // without "Bot "
	URL     string // "http://host:port" in place of Discord's own; "" for Discord
	Version string // of the program, for the User-Agent
	// Now tells the time, by which requests are counted and paced; nil: they are not.
	Now     func() time.Time
	Timeout time.Duration // of one request, its wait for the rate limit included; zero: 15 seconds
}

// Client calls Discord. It is safe for concurrent use.
type Client struct {
	limited *httputil.Client // keeps to the limits that Discord announced
	free    *httputil.Client // for routes without such limits, or with their own
	timeout time.Duration
	budget  *budget
	routes  *routes
}

// New makes a client. It fails when the URL is none.
func New(c Config) (*Client, error) {
	base, err := target(c.URL)
	if err != nil {
		return nil, err
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	client := httputil.NewClient()
	client.Client = httpdriver.WrapClient(http.Client{
		Transport:     &redirect{to: base, via: transport()},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	})
	client.Retries = 1
	pace := perSecond
	if c.URL != "" {
		pace = 0 // another server than Discord's may have no limits, until it tells of them
	}
	return &Client{
		limited: speaking(client, c), free: speaking(client, c), timeout: c.Timeout, budget: newBudget(c.Now, pace), routes: newRoutes(c.Now, c.Timeout-c.Timeout/4),
	}, nil
}

// idleConns is how many connections without HTTP/2 are kept for the next request:
// about as many as requests are made at once.
const idleConns = 16

// transport is the standard one, which keeps two connections, and makes others
// anew for each request.
func transport() http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = idleConns
	return t
}

func target(raw string) (*url.URL, error) {
	if raw == "" {
		raw = root
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a Discord API", raw)
	}
	return u, nil
}

// speaking gives a client that says who calls.
func speaking(base *httputil.Client, c Config) *httputil.Client {
	client := base.Copy()
	client.OnRequest = append(client.OnRequest, func(r httpdriver.Request) error {
		r.AddHeader(http.Header{
			"Authorization": {"Bot " + c.Token},
			"User-Agent":    {"DiscordBot (https://github.com/ticketsys/ticketsys, " + c.Version + ")"},
		})
		return nil
	})
	return client
}

// redirect sends every request to another host than the one that it names.
type redirect struct {
	to  *url.URL
	via http.RoundTripper
}

// told holds where the header of an answer is wanted: the library keeps that of a
// refusal to itself.
type told struct{}

// RoundTrip implements http.RoundTripper.
func (t *redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = t.to.Scheme, t.to.Host
	r.URL.Path = strings.TrimSuffix(t.to.Path, "/") + r.URL.Path
	r.Host = t.to.Host
	res, err := t.via.RoundTrip(r)
	if told, ok := r.Context().Value(told{}).(*http.Header); ok && err == nil {
		*told = res.Header
	}
	return res, err
}

// call makes one request. out may be nil.
func (c *Client) call(ctx context.Context, via *httputil.Client, method, path string, body, out any) error {
	opts, err := options(body)
	if err != nil {
		return err
	}
	return c.send(ctx, via, method, path, out, opts...)
}

// send makes one request with what the options say.
func (c *Client) send(ctx context.Context, via *httputil.Client, method, path string, out any, opts ...httputil.RequestOption) error {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	done, err := c.budget.admit(ctx, method, path)
	if err != nil {
		return err
	}
	defer done()
	res, err := c.ask(ctx, via, method, path, opts)
	if err != nil {
		return err
	}
	defer res.GetBody().Close()
	raw, err := io.ReadAll(io.LimitReader(res.GetBody(), maxBody))
	if err == nil && out != nil && len(raw) > 0 {
		err = json.Unmarshal(raw, out)
	}
	if err != nil {
		return failure(method, path, err)
	}
	return nil
}

// ask makes the request, when its route lets it.
func (c *Client) ask(ctx context.Context, via *httputil.Client, method, path string, opts []httputil.RequestOption) (httpdriver.Response, error) {
	key := routeOf(method, path)
	if via == c.limited {
		if err := c.routes.admit(ctx, method, key); err != nil {
			return nil, err
		}
	}
	var header http.Header
	res, err := via.WithContext(context.WithValue(ctx, told{}, &header)).Request(method, root+prefix+path, opts...)
	if err != nil {
		err = failure(method, path, err)
		c.budget.heard(err)
	}
	if header.Get("X-RateLimit-Limit") != "" {
		c.budget.begin(perSecond)
	}
	if via == c.limited {
		c.routes.heard(key, header, RefusalOf(err))
	}
	return res, err
}

func options(body any) ([]httputil.RequestOption, error) {
	if body == nil {
		return nil, nil
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode a request to Discord: %w", err)
	}
	return []httputil.RequestOption{
		httputil.WithContentType("application/json"),
		httputil.WithBody(io.NopCloser(bytes.NewReader(raw))),
	}, nil
}

func (c *Client) do(ctx context.Context, method, path string, body, out any) error {
	return c.call(ctx, c.limited, method, path, body, out)
}
