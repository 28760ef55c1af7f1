package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// servedEnv makes this test binary, run once more, the program.
const servedEnv = "TICKETSYS_TEST_SERVED"

// TestServed is the body of the process that is killed: the program. In an
// ordinary run it has nothing to do. It ends with the process that started it.
func TestServed(t *testing.T) {
	if os.Getenv(servedEnv) == "" {
		return
	}
	ctx, stop := context.WithCancel(t.Context())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	if status := run(ctx, []string{"ticketsys", "serve"}, process{Out: os.Stdout, Err: os.Stderr, Getenv: os.LookupEnv}); status != 0 {
		t.Errorf("the program ended with %d", status)
	}
}

// child is the program in a process of its own, one after another. It carries
// requests to whichever process is alive (http.RoundTripper).
type child struct {
	env []string
	run string // the test that is the body of the process

	mu      sync.Mutex
	command *exec.Cmd
	alive   io.Closer     // its standard input: it ends when that is closed
	kills   int           // how often it was killed
	up      chan struct{} // closed when address is known
	address string
	logs    bytes.Buffer // of all of them
}

func newChild(env []string) *child {
	return &child{env: env, run: "TestServed", up: make(chan struct{})}
}

// start starts a process; it may be a while until it can be reached.
func (c *child) start(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.begin(ctx)
}

func (c *child) begin(ctx context.Context) error {
	command := exec.CommandContext(ctx, os.Args[0], "-test.run=^"+c.run+"$", "-test.timeout=0")
	command.Env = append(os.Environ(), servedEnv+"=yes")
	for i := 0; i < len(c.env); i += 2 {
		command.Env = append(command.Env, c.env[i]+"="+c.env[i+1])
	}
	command.Stdout, command.Stderr = &welcome{child: c, command: command}, &logged{c}
	alive, err := command.StdinPipe()
	if err != nil {
		return err
	}
	c.command, c.alive = command, alive
	return command.Start()
}

// welcome hears from a process where it can be reached.
type welcome struct {
	*child
	command *exec.Cmd
	said    bytes.Buffer
}

func (w *welcome) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said.Write(p)
	m := announced.FindStringSubmatch(w.said.String())
	if m != nil && w.address == "" && w.child.command == w.command {
		w.address = strings.TrimPrefix(m[1], "http://")
		close(w.up)
	}
	return len(p), nil
}

type logged struct{ *child }

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.logs.Write(p)
}

// kill kills the process as kill -9 does, and starts the next one as soon as it is dead.
func (c *child) kill(ctx context.Context) error {
	c.mu.Lock()
	victim := c.command
	c.kills++
	if c.address != "" {
		c.up, c.address = make(chan struct{}), ""
	}
	c.command = nil // what it still says counts no more
	c.mu.Unlock()
	if err := victim.Process.Kill(); err != nil {
		return err
	}
	_ = victim.Wait() // it was killed
	return c.start(ctx)
}

// stop ends the process as an administrator does.
func (c *child) stop() error {
	c.mu.Lock()
	command, alive := c.command, c.alive
	c.mu.Unlock()
	return errors.Join(alive.Close(), command.Wait())
}

func (c *child) killed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kills
}

func (c *child) log() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.logs.String()
}

// reach waits until a process can be reached, and gives its address.
func (c *child) reach(ctx context.Context) (string, error) {
	for {
		c.mu.Lock()
		address, up := c.address, c.up
		c.mu.Unlock()
		if address != "" {
			return address, nil
		}
		select {
		case <-up:
		case <-ctx.Done():
			return "", fmt.Errorf("the program can't be reached: %w", ctx.Err())
		}
	}
}

// RoundTrip sends the request to the process that is alive. A question is asked
// again when that one dies; a change is left to who asked for it.
func (c *child) RoundTrip(r *http.Request) (*http.Response, error) {
	for {
		before := c.killed()
		address, err := c.reach(r.Context())
		if err != nil {
			return nil, err
		}
		to := r.Clone(r.Context())
		to.URL.Host = address
		if to.Body, err = r.GetBody(); err != nil {
			return nil, err
		}
		question, err := asks(r)
		if err != nil {
			return nil, err
		}
		response, err := http.DefaultTransport.RoundTrip(to)
		if err == nil || !question || c.killed() == before {
			return response, err
		}
	}
}

// asks reports whether the request changes nothing.
func asks(r *http.Request) (bool, error) {
	body, err := r.GetBody()
	if err != nil {
		return false, err
	}
	raw, err := io.ReadAll(body)
	return !bytes.Contains(raw, []byte("mutation(")), err
}
