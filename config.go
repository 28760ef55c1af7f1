package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/adapters/blob"
	"github.com/ticketsys/ticketsys/graph/documents"
)

// Config is all that the environment decides. Environment reads it once;
// everything else is handed what it needs of it.
type Config struct {
	DatabaseURL       string         // sqlite://PATH or postgres://…
	Listen            string         // host:port of HTTP; port 0: any free one
	DataDir           string         // for files
	FilesURL          string         // s3://BUCKET?…, where files are instead; "" is a folder of DataDir
	PublicURL         string         // how people reach HTTP; "" if they don't
	Secret            string         // seals signing keys in the database; "" leaves them plain
	DiscordToken      string         // "" runs without Discord
	DiscordAPIURL     string         // another server's http://host:port; "" is Discord's own
	DiscordGatewayURL string         // another server's ws://host:port/path; "" is Discord's own
	LogLevel          slog.Level     //
	AllowedOrigins    []string       // browser origins that may call HTTP
	TrustedProxies    []netip.Prefix // who may name another's address in X-Forwarded-For
	RateLimit         int            // what a token may cost a minute; 0: anything
	Introspection     bool           // whether GraphQL tells its schema
	Documents         documents.Mode // what trusted documents are for
	DocumentsPath     string         // where they are: a folder or a file; "" if there are none
}

// variable is an environment variable of the program.
type variable struct {
	name     string
	fallback string
	set      func(*Config, string) error
}

func variables() []variable {
	return []variable{
		{"TICKETSYS_DATABASE_URL", "sqlite://ticketsys.db", text(func(c *Config) *string { return &c.DatabaseURL })},
		{"TICKETSYS_LISTEN", "127.0.0.1:8080", setListen},
		{"TICKETSYS_DATA_DIR", "./data", text(func(c *Config) *string { return &c.DataDir })},
		{"TICKETSYS_FILES_URL", "", setFilesURL},
		{"TICKETSYS_PUBLIC_URL", "", address(func(c *Config) *string { return &c.PublicURL }, "http", "https")},
		{"TICKETSYS_SECRET", "", text(func(c *Config) *string { return &c.Secret })},
		{"TICKETSYS_DISCORD_TOKEN", "", text(func(c *Config) *string { return &c.DiscordToken })},
		{"TICKETSYS_DISCORD_API_URL", "", address(func(c *Config) *string { return &c.DiscordAPIURL }, "http", "https")},
		{"TICKETSYS_DISCORD_GATEWAY_URL", "", address(func(c *Config) *string { return &c.DiscordGatewayURL }, "ws", "wss")},
		{"TICKETSYS_LOG_LEVEL", "info", setLogLevel},
		{"TICKETSYS_ALLOWED_ORIGINS", "", setOrigins},
		{"TICKETSYS_TRUSTED_PROXIES", "", setProxies},
		{"TICKETSYS_RATE_LIMIT", "100000", setRateLimit},
		{"TICKETSYS_INTROSPECTION", "on", setIntrospection},
		{"TICKETSYS_DOCUMENTS", "off", setDocuments},
		{"TICKETSYS_DOCUMENTS_PATH", "", text(func(c *Config) *string { return &c.DocumentsPath })},
	}
}

// errConfig is wrapped by every refusal of a value from outside.
var errConfig = errors.New("configuration")

// Environment reads the configuration; get looks a variable up. The error is
// one line that names the variable and never repeats a secret.
func Environment(get func(string) (string, bool)) (Config, error) {
	var c Config
	for _, v := range variables() {
		value, ok := get(v.name)
		if !ok || value == "" {
			value = v.fallback
		}
		if err := v.set(&c, value); err != nil {
			return Config{}, fmt.Errorf("%w: %s %w", errConfig, v.name, err)
		}
	}
	return c, c.Validate()
}

// Validate refuses values that are sound by themselves but not together.
func (c Config) Validate() error {
	if (c.DiscordAPIURL == "") != (c.DiscordGatewayURL == "") {
		return fmt.Errorf("%w: TICKETSYS_DISCORD_API_URL and TICKETSYS_DISCORD_GATEWAY_URL must be set together", errConfig)
	}
	if c.DocumentsPath == "" && c.Documents != documents.Off && c.Documents != "" {
		return fmt.Errorf("%w: TICKETSYS_DOCUMENTS %s needs TICKETSYS_DOCUMENTS_PATH", errConfig, c.Documents)
	}
	return nil
}

func text(field func(*Config) *string) func(*Config, string) error {
	return func(c *Config, value string) error {
		*field(c) = value
		return nil
	}
}

func address(field func(*Config) *string, schemes ...string) func(*Config, string) error {
	return func(c *Config, value string) error {
		if value == "" {
			return nil
		}
		u, err := url.Parse(value)
		if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
			return fmt.Errorf("must look like %s://host", schemes[0])
		}
		*field(c) = strings.TrimSuffix(value, "/")
		return nil
	}
}

// setFilesURL keeps the address as it is: what it ends in may be a prefix of keys.
func setFilesURL(c *Config, value string) error {
	if err := address(func(c *Config) *string { return &c.FilesURL }, blob.Scheme)(c, value); err != nil {
		return err
	}
	c.FilesURL = value
	return nil
}

func setListen(c *Config, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("must be host:port, not %q", value)
	}
	c.Listen = value
	return nil
}

func setLogLevel(c *Config, value string) error {
	if err := c.LogLevel.UnmarshalText([]byte(value)); err != nil {
		return fmt.Errorf("must be debug, info, warn or error, not %q", value)
	}
	return nil
}

func setOrigins(c *Config, value string) error {
	for origin := range strings.SplitSeq(value, ",") {
		origin = strings.TrimSpace(origin)
		if origin == "" {
			continue
		}
		u, err := url.Parse(origin)
		if err != nil || u.Host == "" || u.Path != "" {
			return fmt.Errorf("must list origins like https://app.example.org, not %q", origin)
		}
		c.AllowedOrigins = append(c.AllowedOrigins, origin)
	}
	return nil
}
