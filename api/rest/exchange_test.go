package rest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// A slow change must not be ended, nor what follows on its connection, by a bound
// that huma lays on the socket.
func TestTheSocketKeepsTheServersBounds(t *testing.T) {
	bounded := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &exchange{base: humago.NewContext(&huma.Operation{}, r, w), w: w, r: r}
		if err := e.SetReadDeadline(time.Unix(1, 0)); err != nil {
			t.Error(err)
		}
		bounded <- struct{}{}
		if said, err := io.ReadAll(e.BodyReader()); err != nil || string(said) != "late" {
			t.Errorf("the body is %q: %v", said, err)
		}
	}))
	defer s.Close()
	for range 2 {
		body, late := io.Pipe()
		go func() {
			<-bounded
			_, _ = late.Write([]byte("late"))
			_ = late.Close()
		}()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, body)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, answer.Body)
		_ = answer.Body.Close()
	}
}
