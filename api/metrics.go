package api

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is what the program counts, in a registry of its own.
type Metrics struct {
	// Registry takes further metrics, of other parts of the program.
	Registry *prometheus.Registry

	requests *prometheus.HistogramVec
	open     prometheus.Gauge
}

// NewMetrics makes the metrics of HTTP and of the process itself.
func NewMetrics() *Metrics {
	m := &Metrics{
		Registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "ticketsys_http_request_duration_seconds", Help: "How long requests took, by route, method and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method", "status"}),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "ticketsys_http_requests_open", Help: "Requests that are being served, streams and WebSockets included.",
		}),
	}
	m.Registry.MustRegister(m.requests, m.open, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.Registry, promhttp.HandlerOpts{Registry: m.Registry})
}

// began counts a request, and gives what counts its end.
func (m *Metrics) began() func(r *http.Request, status int, took time.Duration) {
	m.open.Inc()
	return func(r *http.Request, status int, took time.Duration) {
		m.open.Dec()
		m.requests.WithLabelValues(route(r), method(r), strconv.Itoa(status)).Observe(took.Seconds())
	}
}

// route names what served the request: a fixed set, whatever addresses are asked for.
func route(r *http.Request) string {
	switch r.URL.Path {
	case "/", "/graphql", "/schema.graphql", "/healthz", "/readyz", "/metrics", "/.well-known/jwks.json":
		return r.URL.Path
	}
	if strings.HasPrefix(r.URL.Path, "/api/v1/") {
		return "/api/v1"
	}
	return "other"
}

// method names the request's method, of which a client can make up any.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}
