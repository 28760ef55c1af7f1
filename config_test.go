package main

import (
	"log/slog"
	"strings"
	"testing"
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
		"TICKETSYS_ALLOWED_ORIGINS", "https://a.example, http://localhost:3000",
	))
	if err != nil {
		t.Fatalf("Environment: %v", err)
	}
	if c.PublicURL != "https://help.example.org" {
		t.Errorf("the public URL is %q, want it without the slash at its end", c.PublicURL)
	}
	if c.LogLevel != slog.LevelDebug || len(c.AllowedOrigins) != 2 || c.AllowedOrigins[1] != "http://localhost:3000" {
		t.Errorf("log level %v, origins %v", c.LogLevel, c.AllowedOrigins)
	}
}

func TestABadValueIsOneLineThatNamesItsVariable(t *testing.T) {
	for name, value := range map[string]string{
		"TICKETSYS_LISTEN":              "8080",
		"TICKETSYS_PUBLIC_URL":          "help.example.org",
		"TICKETSYS_DISCORD_API_URL":     "ws://wrong.example",
		"TICKETSYS_DISCORD_GATEWAY_URL": "http://wrong.example",
		"TICKETSYS_LOG_LEVEL":           "loud",
		"TICKETSYS_ALLOWED_ORIGINS":     "https://a.example/path",
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
