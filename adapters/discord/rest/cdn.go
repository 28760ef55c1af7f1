package rest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// The ways in which a file is not given.
var (
	// ErrExpired tells that a link does not work any more.
	ErrExpired = errors.New("the link to a file has expired, or the file is gone")
	// ErrForeign refuses an address that is not Discord's.
	ErrForeign = errors.New("the file is not on Discord's servers")
)

// fileTimeout bounds the copying of a file.
const fileTimeout = 5 * time.Minute

// CDN fetches what people attached, from Discord's own servers and nowhere else,
// and without the bot's token.
type CDN struct {
	client *http.Client
	scheme string
	hosts  []string
}

// NewCDN makes a CDN. With another server than Discord's, files are there.
// It fails when the URL is none.
func NewCDN(apiURL string) (*CDN, error) {
	c := &CDN{scheme: "https", hosts: []string{"cdn.discordapp.com", "media.discordapp.net"}}
	if apiURL != "" {
		u, err := target(apiURL)
		if err != nil {
			return nil, err
		}
		c.scheme, c.hosts = u.Scheme, []string{u.Host}
	}
	c.client = &http.Client{
		Timeout: fileTimeout,
		// A redirection could lead to anywhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// Get opens the file at an address. The caller closes it. ErrExpired, ErrForeign,
// a *Refusal of status 429, or any other error that may pass.
func (c *CDN) Get(ctx context.Context, address string) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != c.scheme || u.User != nil || !slices.Contains(c.hosts, u.Host) {
		return nil, ErrForeign
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, ErrForeign
	}
	res, err := c.client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("fetch a file: %w", withoutAddress(err))
	}
	switch res.StatusCode {
	case http.StatusOK:
		return res.Body, nil
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusGone:
		err = ErrExpired
	case http.StatusTooManyRequests:
		seconds, _ := time.ParseDuration(res.Header.Get("Retry-After") + "s")
		err = &Refusal{Status: res.StatusCode, Message: "too many files", After: seconds, what: "a file"}
	default:
		err = fmt.Errorf("fetch a file: Discord answers %s", res.Status)
	}
	return nil, errors.Join(err, res.Body.Close())
}

// withoutAddress drops the address from an error: it opens the file for anybody.
func withoutAddress(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
