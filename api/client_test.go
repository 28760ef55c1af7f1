package api_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/ticketsys/ticketsys/api"
)

func TestAddressesAreBelievedOfTrustedProxiesOnly(t *testing.T) {
	f := open(t, nil, func(c *api.Config) {
		c.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	})
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:1234", "", "192.0.2.1"},
		{"192.0.2.1:1234", "198.51.100.7", "192.0.2.1"},
		{"10.1.2.3:1234", "198.51.100.7", "198.51.100.7"},
		{"[::1]:1234", "198.51.100.7", "198.51.100.7"},
		{"10.1.2.3:1234", "203.0.113.9, 198.51.100.7, 10.9.9.9", "198.51.100.7"},
		{"10.1.2.3:1234", "203.0.113.9, nonsense", "10.1.2.3"},
		{"10.1.2.3:1234", "", "10.1.2.3"},
		{"[::ffff:10.1.2.3]:1234", "198.51.100.7:80", "198.51.100.7"},
		{"[2001:db8:1:2:3:4:5:6]:1234", "", "2001:db8:1:2::/64"},
		{"pipe", "198.51.100.7", ""},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		f.ServeHTTP(httptest.NewRecorder(), r)
		if f.seen.Address != c.want {
			t.Errorf("%s for %q: %q, want %q", c.peer, c.forwarded, f.seen.Address, c.want)
		}
	}
}

func TestATokenIsKnownByItsDigest(t *testing.T) {
	f := open(t, nil)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	r.Header.Set("Authorization", "Bearer secret-token")
	f.ServeHTTP(httptest.NewRecorder(), r)
	if f.seen.Token == "" || f.seen.Token == "secret-token" {
		t.Errorf("the session names the token %q", f.seen.Token)
	}
}
