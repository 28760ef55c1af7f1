package graph

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed graphiql/index.html graphiql/start.js graphiql/start.css graphiql/*.gz
var pages embed.FS

// assetsPath is where GraphiQL's files are, below wherever the handler is.
const assetsPath = "/assets/"

// contentPolicy lets the page load nothing but what this program serves, talk to
// nobody else, and be framed by nobody. GraphiQL sets styles from scripts.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// graphiql serves the page and its files.
func graphiql() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "index.html"
		if _, asset, ok := strings.Cut(r.URL.Path, assetsPath); ok {
			name = path.Base(asset)
			w.Header().Set("Cache-Control", "public, max-age=86400")
		} else {
			w.Header().Set("Content-Security-Policy", contentPolicy)
			w.Header().Set("Cache-Control", "no-cache")
		}
		w.Header().Set("Vary", "Accept, Accept-Encoding")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		if !servePage(w, r, name) {
			http.NotFound(w, r)
		}
	})
}

// servePage sends a file, compressed if it is kept so and the client takes it so.
func servePage(w http.ResponseWriter, r *http.Request, name string) bool {
	data, err := pages.ReadFile("graphiql/" + name)
	if err != nil {
		if data, err = pages.ReadFile("graphiql/" + name + ".gz"); err != nil {
			return false
		}
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
		} else if data, err = unzip(data); err != nil {
			return false
		}
	}
	w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(data))
	return true
}

func unzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
