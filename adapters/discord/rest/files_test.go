package rest

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/wire"
)

type watched struct {
	io.Reader

	closed int
}

func (w *watched) Close() error { w.closed++; return nil }

// A request that is broken off is closed while it is sent.
func TestNoFileStaysOpenWhenItsRequestIsOver(t *testing.T) {
	var opened []*watched
	file := wire.File{Name: "a.txt", ContentType: "text/plain", Size: 3, Open: func(context.Context) (io.ReadCloser, error) {
		opened = append(opened, &watched{Reader: strings.NewReader("abc")})
		return opened[len(opened)-1], nil
	}}
	for _, read := range []bool{true, false} {
		opened = nil
		f, err := newForm(t.Context(), wire.Post{Files: []wire.File{file}})
		if err != nil {
			t.Fatal(err)
		}
		if read {
			if all, err := io.ReadAll(f); err != nil || int64(len(all)) != f.length || !strings.Contains(string(all), "abc") {
				t.Errorf("%d bytes of %d, %v", len(all), f.length, err)
			}
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		if !read {
			if _, err := io.ReadAll(f); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("a closed request is read: %v", err)
			}
		}
		if len(opened) != 1 || opened[0].closed != 1 {
			t.Errorf("%d files were opened; read first: %v", len(opened), read)
		}
	}
}
