package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"
)

// A program that is asked to come back later does, and gets its answer then.
func TestTheDemosClientWaitsWhenItIsAskedTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := client{http: &http.Client{Transport: answers(func(w http.ResponseWriter) {
			if time.Since(began) < 2*time.Second {
				w.Header().Set("Retry-After", "2")
				w.WriteHeader(http.StatusTooManyRequests)
				_, _ = w.Write([]byte(`{"errors": [{"message": "too much"}]}`))
				return
			}
			_, _ = w.Write([]byte(`{"data": {"viewer": {"name": "Sam"}}}`))
		})}, url: "http://program/graphql"}
		var out struct{ Viewer struct{ Name string } }
		if err := c.ask(t.Context(), `{ viewer { name } }`, nil, &out); err != nil || out.Viewer.Name != "Sam" {
			t.Errorf("%v, %+v", err, out)
		}
		if waited := time.Since(began); waited != 2*time.Second {
			t.Errorf("it waited %v", waited)
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		began = time.Now()
		if err := c.ask(ended, `{ viewer { name } }`, nil, &out); err == nil {
			t.Error("it waited for nobody")
		}
	})
}

// answers is a server in the place of the network.
type answers func(http.ResponseWriter)

func (a answers) RoundTrip(*http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	a(w)
	return w.Result(), nil
}
