package rest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/rest"
)

// shelf is a server of files.
func shelf(t *testing.T) (*httptest.Server, *rest.CDN) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/good", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the bot's token is sent for a file")
		}
		_, _ = w.Write([]byte("content"))
	})
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:1/inside", http.StatusFound)
	})
	mux.HandleFunc("/busy", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	for status, path := range map[int]string{401: "/401", 403: "/403", 404: "/404", 410: "/410", 500: "/500"} {
		mux.HandleFunc(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
	}
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	cdn, err := rest.NewCDN(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	return srv, cdn
}

func TestFilesAreFetched(t *testing.T) {
	srv, cdn := shelf(t)
	body, err := cdn.Get(t.Context(), srv.URL+"/good?ex=1&is=2&hm=3")
	if err != nil {
		t.Fatal(err)
	}
	defer body.Close()
	if raw, err := io.ReadAll(body); err != nil || string(raw) != "content" {
		t.Errorf("%q, %v", raw, err)
	}
}

func TestFilesAreFetchedFromDiscordAlone(t *testing.T) {
	srv, cdn := shelf(t)
	elsewhere, err := rest.NewCDN("")
	if err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(srv.URL, "http://")
	for _, address := range []string{
		"http://127.0.0.1:1/good", "https://" + host + "/good", "http://" + host + "@127.0.0.1:1/", "http://user@" + host + "/good",
		"file:///etc/passwd", "//" + host + "/good", "/good", "", "http://" + host + ".evil.example/good", "http://[::1]/good", "://",
	} {
		if _, err := cdn.Get(t.Context(), address); !errors.Is(err, rest.ErrForeign) {
			t.Errorf("%q: %v", address, err)
		}
	}
	for _, address := range []string{
		srv.URL + "/good", "http://cdn.discordapp.com/a", "https://cdn.discordapp.com:8443/a", "https://discordapp.com/a",
		"https://cdn.discordapp.com.evil.example/a", "https://evil.example/cdn.discordapp.com", "https://169.254.169.254/latest",
	} {
		if _, err := elsewhere.Get(t.Context(), address); !errors.Is(err, rest.ErrForeign) {
			t.Errorf("in production, %q: %v", address, err)
		}
	}
	if _, err := cdn.Get(t.Context(), srv.URL+"/away"); err == nil || errors.Is(err, rest.ErrExpired) || strings.Contains(err.Error(), "inside") {
		t.Errorf("a redirection: %v", err)
	}
}

func TestFilesThatAreNotGivenAreToldApart(t *testing.T) {
	srv, cdn := shelf(t)
	for _, path := range []string{"/401", "/403", "/404", "/410"} {
		if _, err := cdn.Get(t.Context(), srv.URL+path); !errors.Is(err, rest.ErrExpired) {
			t.Errorf("%s: %v", path, err)
		}
	}
	_, err := cdn.Get(t.Context(), srv.URL+"/busy")
	if wait, limited := rest.Limited(err); !limited || wait != 7*time.Second {
		t.Errorf("a limit: %v, %v, %v", wait, limited, err)
	}
	if _, err := cdn.Get(t.Context(), srv.URL+"/500"); err == nil || errors.Is(err, rest.ErrExpired) {
		t.Errorf("a fault of the server: %v", err)
	}
	srv.Close()
	if _, err := cdn.Get(t.Context(), srv.URL+"/good?hm=secret"); err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("nobody there: %v", err)
	}
	if _, err := rest.NewCDN("nonsense"); err == nil {
		t.Error("nonsense is an address")
	}
}
