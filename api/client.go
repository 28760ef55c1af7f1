package api

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// client gives the address that a request comes from: the last one that a
// trusted proxy names, or else the connection's own. Whoever connects by
// themselves can claim nothing.
func (s *server) client(r *http.Request) string {
	at, ok := addressOf(r.RemoteAddr)
	if !ok {
		return ""
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && trusted(s.TrustedProxies, at); i-- {
		hop, ok := addressOf(strings.TrimSpace(hops[i]))
		if !ok {
			break
		}
		at = hop
	}
	return network(at)
}

// addressOf reads an address with or without a port.
func addressOf(text string) (netip.Addr, bool) {
	if host, _, err := net.SplitHostPort(text); err == nil {
		text = host
	}
	at, err := netip.ParseAddr(text)
	return at.Unmap().WithZone(""), err == nil
}

func trusted(proxies []netip.Prefix, at netip.Addr) bool {
	for _, p := range proxies {
		if p.Contains(at) {
			return true
		}
	}
	return false
}

// network names who an address stands for: of IPv6, a household has a whole /64.
func network(at netip.Addr) string {
	if !at.Is6() {
		return at.String()
	}
	p, err := at.Prefix(64)
	if err != nil {
		return at.String()
	}
	return p.String()
}
