// Command ticketsys is a helpdesk: tickets that members open on Discord or by
// an API, and that agents answer from wherever they work.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // zones of business hours, wherever the program runs
)

// Exit statuses.
const (
	statusFailed = 1
	statusUsage  = 2 // what was asked for makes no sense; nothing was done
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	status := run(ctx, os.Args, process{Out: os.Stdout, Err: os.Stderr, Getenv: os.LookupEnv})
	stop()
	os.Exit(status)
}

// process is what the program has of the system around it.
type process struct {
	Out, Err io.Writer
	Getenv   func(string) (string, bool)
}

// run runs a command line and gives its exit status. A failure is one line.
func run(ctx context.Context, args []string, p process) int {
	err := command(p).Run(ctx, args)
	if err == nil {
		return 0
	}
	fmt.Fprintln(p.Err, "ticketsys: "+strings.Join(strings.Fields(err.Error()), " "))
	if usage, ok := errors.AsType[usageError](err); ok || errors.Is(err, errConfig) {
		if usage.hint != "" {
			fmt.Fprintln(p.Err, usage.hint)
		}
		return statusUsage
	}
	return statusFailed
}

// usageError is a command line that makes no sense.
type usageError struct{ message, hint string }

func (e usageError) Error() string { return e.message }
