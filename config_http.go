package main

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/ticketsys/ticketsys/graph"
	"github.com/ticketsys/ticketsys/graph/documents"
)

func setProxies(c *Config, value string) error {
	for one := range strings.SplitSeq(value, ",") {
		if one = strings.TrimSpace(one); one == "" {
			continue
		}
		p, err := netip.ParsePrefix(one)
		if at, only := netip.ParseAddr(one); only == nil {
			p, err = at.Prefix(at.BitLen())
		}
		if err != nil {
			return fmt.Errorf("must list addresses or networks like 10.0.0.0/8, not %q", one)
		}
		c.TrustedProxies = append(c.TrustedProxies, p)
	}
	return nil
}

func setRateLimit(c *Config, value string) error {
	least := graph.DefaultLimits().Complexity
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 || n > 0 && n < least || n > 1_000_000_000 {
		return fmt.Errorf("must be 0, or at least %d, which one operation may cost, not %q", least, value)
	}
	c.RateLimit = n
	return nil
}

func setIntrospection(c *Config, value string) error {
	switch value {
	case "on":
		c.Introspection = true
	case "off":
		c.Introspection = false
	default:
		return fmt.Errorf("must be on or off, not %q", value)
	}
	return nil
}

func setDocuments(c *Config, value string) error {
	if c.Documents = documents.Mode(value); !slices.Contains(documents.Modes(), c.Documents) {
		return fmt.Errorf("must be off, prefer or require, not %q", value)
	}
	return nil
}

// trustedDocuments reads the documents that the configuration names.
func (c Config) trustedDocuments() (*documents.Store, error) {
	if c.DocumentsPath == "" {
		return &documents.Store{}, nil
	}
	found, err := graph.LoadDocuments(c.DocumentsPath, c.Documents)
	if err != nil {
		return nil, fmt.Errorf("%w: TICKETSYS_DOCUMENTS_PATH %w", errConfig, err)
	}
	return found, nil
}
