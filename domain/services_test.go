package domain_test

import (
	"context"
	"io/fs"
	"os"
	"path"
	"reflect"
	"regexp"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/audit"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/channel"
	"github.com/ticketsys/ticketsys/domain/digest"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/idempotency"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/search"
	"github.com/ticketsys/ticketsys/domain/sla"
	"github.com/ticketsys/ticketsys/domain/tag"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// services are all of the domain's, on nothing: whoever touches a repository panics.
func services() map[string]any {
	return map[string]any{
		"audit":       audit.NewService(nil),
		"auth":        auth.NewService(nil, nil, nil, nil, nil),
		"category":    category.NewService(nil, nil),
		"channel":     channel.NewService(nil, nil),
		"digest":      digest.NewService(nil, nil, nil),
		"file":        file.NewService(nil, nil, nil, nil, ""),
		"member":      member.NewService(nil),
		"queue":       queue.NewService(nil, nil),
		"search":      search.NewService(nil, nil, nil),
		"sla":         sla.NewService(nil, nil, nil, nil),
		"tag":         tag.NewService(nil, nil),
		"team":        team.NewService(nil, nil),
		"ticket":      ticket.NewService(nil, nil, nil, nil, nil, nil),
		"workspace":   workspace.NewService(nil, nil, workspace.Setup{}, nil),
		"idempotency": idempotency.NewService(nil),
	}
}

// beforeAnActor are the methods that serve the program's start, its command
// line and its doors, when nobody has been recognised yet.
func beforeAnActor() []string {
	return []string{
		"auth.Authenticate",         // makes an actor of a token
		"auth.CreateKeyFor",         // the command line
		"auth.Check",                // of a session that a door made
		"auth.Over",                 // of that by which doors let somebody in
		"auth.Keeping",              // the program's start
		"auth.BeginFor",             // the command line
		"auth.SignIn",               // makes a session of a code
		"auth.Refresh",              // makes tokens of a token
		"auth.IssueFor",             // the command line
		"auth.Observing",            // the program's start
		"auth.Named",                // makes an actor of a link
		"file.ByLink",               // reads a link
		"file.Sweep",                // the scheduler
		"file.Drawing",              // of the wiring
		"ticket.Promising",          // the program's start
		"digest.Tick", "sla.Follow", // the scheduler
		"ticket.Tick",                       // the scheduler
		"workspace.All",                     // the command line
		"workspace.ByPlace",                 // a channel's door
		"workspace.Join",                    // a channel's door
		"workspace.LinkByCode",              // a channel's door
		"workspace.Linked", "channel.Talks", // a channel's start
		"workspace.Start", // the program's start
	}
}

func TestEveryServiceRefusesNobodyBeforeItTouchesAnything(t *testing.T) {
	without := map[string]bool{}
	for name, service := range services() {
		v := reflect.ValueOf(service)
		for i := range v.NumMethod() {
			full := name + "." + v.Type().Method(i).Name
			if !takesCall(v.Method(i).Type()) {
				without[full] = true
				continue
			}
			t.Run(full, func(t *testing.T) { refusesNobody(t, v.Method(i)) })
		}
	}
	for _, full := range beforeAnActor() {
		if !without[full] {
			t.Errorf("%s is gone or has an actor now", full)
		}
		delete(without, full)
	}
	for full := range without {
		t.Errorf("%s asks no actor", full)
	}
}

func takesCall(method reflect.Type) bool {
	return slices.Contains(slices.Collect(inputs(method)), reflect.TypeFor[access.Call]())
}

func inputs(method reflect.Type) func(yield func(reflect.Type) bool) {
	return func(yield func(reflect.Type) bool) {
		for i := range method.NumIn() {
			if method.IsVariadic() && i == method.NumIn()-1 || !yield(method.In(i)) {
				return
			}
		}
	}
}

func refusesNobody(t *testing.T, method reflect.Value) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("touched something before it refused: %v", p)
		}
	}()
	var args []reflect.Value
	for in := range inputs(method.Type()) {
		args = append(args, argument(t, in))
	}
	results := method.Call(args)
	err, ok := reflect.TypeAssert[error](results[len(results)-1])
	if !ok || fault.CodeOf(err) != fault.Unauthenticated {
		t.Errorf("nobody is answered %v, want unauthenticated", err)
	}
	for _, r := range results[:len(results)-1] {
		if !r.IsZero() {
			t.Errorf("nobody is given %v", r)
		}
	}
}

// argument makes something harmless of the type; a call is nobody's.
func argument(t *testing.T, in reflect.Type) reflect.Value {
	t.Helper()
	switch {
	case in == reflect.TypeFor[context.Context]():
		return reflect.ValueOf(t.Context())
	case in.Kind() == reflect.Pointer:
		return reflect.New(in.Elem())
	default:
		return reflect.Zero(in)
	}
}

var declaresService = regexp.MustCompile(`(?m)^type Service struct`)

func TestNoServiceIsForgottenHere(t *testing.T) {
	known, here := services(), os.DirFS(".")
	err := fs.WalkDir(here, ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".go" {
			return err
		}
		source, err := fs.ReadFile(here, name)
		if err == nil && declaresService.Match(source) && known[path.Dir(name)] == nil {
			t.Errorf("%s declares a service that is not tested here", name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
