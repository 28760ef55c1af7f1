package main

import (
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/graph/documents"
)

// environment answers look-ups from pairs of name and value.
func environment(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func TestAnEmptyEnvironmentGivesTheDocumentedDefaults(t *testing.T) {
	c, err := Environment(environment())
	if err != nil {
		t.Fatalf("Environment: %v", err)
	}
	if c.DatabaseURL != "sqlite://ticketsys.db" || c.Listen != "127.0.0.1:8080" || c.DataDir != "./data" {
		t.Errorf("defaults are %q, %q, %q", c.DatabaseURL, c.Listen, c.DataDir)
	}
	if c.LogLevel != slog.LevelInfo || c.DiscordToken != "" || c.AllowedOrigins != nil {
		t.Errorf("log level %v, Discord %q, origins %v", c.LogLevel, c.DiscordToken, c.AllowedOrigins)
	}
}

func TestTheEnvironmentIsReadAsDocumented(t *testing.T) {
	c, err := Environment(environment(
		"TICKETSYS_DATABASE_URL", "postgres://u:secret@db/tickets",
		"TICKETSYS_LISTEN", "[::1]:0",
		"TICKETSYS_PUBLIC_URL", "https://help.example.org/",
		"TICKETSYS_DISCORD_API_URL", "http://127.0.0.1:9000",
		"TICKETSYS_DISCORD_GATEWAY_URL", "ws://127.0.0.1:9000/gateway",
		"TICKETSYS_LOG_LEVEL", "debug",
		"TICKETSYS_FILES_URL", "s3://bucket?region=eu-central-1&prefix=ours/",
		"TICKETSYS_ALLOWED_ORIGINS", "https://a.example, http://localhost:3000",
	))
	if err != nil {
		t.Fatalf("Environment: %v", err)
	}
	if c.PublicURL != "https://help.example.org" {
		t.Errorf("the public URL is %q, want it without the slash at its end", c.PublicURL)
	}
	if c.FilesURL != "s3://bucket?region=eu-central-1&prefix=ours/" {
		t.Errorf("files are at %q", c.FilesURL)
	}
	if c.LogLevel != slog.LevelDebug || len(c.AllowedOrigins) != 2 || c.AllowedOrigins[1] != "http://localhost:3000" {
		t.Errorf("log level %v, origins %v", c.LogLevel, c.AllowedOrigins)
	}
}

func TestABadValueIsOneLineThatNamesItsVariable(t *testing.T) {
	for name, value := range map[string]string{
		"TICKETSYS_LISTEN":              "8080",
		"TICKETSYS_FILES_URL":           "/var/files",
		"TICKETSYS_PUBLIC_URL":          "help.example.org",
		"TICKETSYS_DISCORD_API_URL":     "ws://wrong.example",
		"TICKETSYS_DISCORD_GATEWAY_URL": "http://wrong.example",
		"TICKETSYS_LOG_LEVEL":           "loud",
		"TICKETSYS_ALLOWED_ORIGINS":     "https://a.example/path",
		"TICKETSYS_TRUSTED_PROXIES":     "10.0.0.0/8, proxy.example",
		"TICKETSYS_RATE_LIMIT":          "100",
		"TICKETSYS_INTROSPECTION":       "yes",
		"TICKETSYS_DOCUMENTS":           "always",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Environment(environment(name, value))
			if err == nil || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %v, want one line about %s", err, name)
			}
		})
	}
}

func TestDiscordsTwoAddressesBelongTogether(t *testing.T) {
	_, err := Environment(environment("TICKETSYS_DISCORD_API_URL", "http://127.0.0.1:9000"))
	if err == nil || !strings.Contains(err.Error(), "TICKETSYS_DISCORD_GATEWAY_URL") {
		t.Errorf("error is %v, want it to ask for the gateway's address too", err)
	}
}

func TestWhatBoundsHTTPIsReadAsDocumented(t *testing.T) {
	c, err := Environment(environment())
	if err != nil || c.RateLimit != 100_000 || !c.Introspection || c.Documents != documents.Off || c.TrustedProxies != nil {
		t.Errorf("defaults are %+v, %v", c, err)
	}
	c, err = Environment(environment(
		"TICKETSYS_TRUSTED_PROXIES", "10.0.0.0/8, ::1", "TICKETSYS_RATE_LIMIT", "0", "TICKETSYS_INTROSPECTION", "off",
		"TICKETSYS_DOCUMENTS", "require", "TICKETSYS_DOCUMENTS_PATH", "/srv/documents",
	))
	if err != nil || c.RateLimit != 0 || c.Introspection || c.Documents != documents.Require || len(c.TrustedProxies) != 2 {
		t.Errorf("it is %+v, %v", c, err)
	}
	if c.TrustedProxies[1].String() != "::1/128" {
		t.Errorf("one address is the network %v", c.TrustedProxies[1])
	}
	if _, err := Environment(environment("TICKETSYS_DOCUMENTS", "require")); err == nil || !strings.Contains(err.Error(), "TICKETSYS_DOCUMENTS_PATH") {
		t.Errorf("documents are required and nobody says which: %v", err)
	}
}

func TestDocumentsThatCannotBeReadEndTheStart(t *testing.T) {
	for mode, path := range map[documents.Mode]string{documents.Require: t.TempDir(), documents.Prefer: "/nowhere"} {
		_, err := Config{Documents: mode, DocumentsPath: path}.trustedDocuments()
		if err == nil || !errors.Is(err, errConfig) || !strings.Contains(err.Error(), "TICKETSYS_DOCUMENTS_PATH") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s in %s: %v", mode, path, err)
		}
	}
}
