package locales

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// keyForm is the form of a catalogue key in Go: whose text it is (a fault's, a
// channel's, the demo's, a new workspace's, what the helpdesk says by itself), the package or area, the name. A literal of this form
// is a key and nothing else.
var keyForm = regexp.MustCompile(`^(fault|discord|demo|setup|helpdesk)(\.[a-z][a-z0-9_]*){2,}$`)

// literals collects the string literals of the program's code, tests aside.
func literals(t *testing.T, fsys fs.FS) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && name != "."):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		return collect(fsys, name, found)
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func collect(fsys fs.FS, name string, found map[string]bool) error {
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if s, err := strconv.Unquote(lit.Value); err == nil {
				found[s] = true
			}
		}
		return true
	})
	return nil
}

func TestEveryKeyUsedHasATextAndEveryTextIsUsed(t *testing.T) {
	c, used := builtIn(t), literals(t, os.DirFS(".."))
	for _, s := range slices.Sorted(maps.Keys(used)) {
		if keyForm.MatchString(s) && c.in(English).messages[s] == nil {
			t.Errorf("the code uses %q, which en.json has not", s)
		}
	}
	for _, key := range c.keys() {
		switch {
		case !keyForm.MatchString(key):
			t.Errorf("%q has not the form of a key: %s", key, keyForm)
		case !used[key]:
			t.Errorf("no code uses %q", key)
		}
	}
}

// A text that names a value which nothing in the code names would show dots.
func TestEveryValueIsNamedInTheCode(t *testing.T) {
	c, used := builtIn(t), literals(t, os.DirFS(".."))
	for key, m := range c.in(English).messages {
		for _, name := range placeholders(m) {
			if !used[name] {
				t.Errorf("%q needs the value %q, which no code gives", key, name)
			}
		}
	}
}

func TestKeyForm(t *testing.T) {
	for s, want := range map[string]bool{
		"fault.ticket.closed": true, "discord.panel.button.open": true, "demo.step.opened": true,
		"fault.ticket": false, "discord.com": false, "ticket.message.posted": false, "fault.Ticket.closed": false,
		"fault.ticket.": false, "default.ticket.closed": false,
	} {
		if keyForm.MatchString(s) != want {
			t.Errorf("%q: want %v", s, want)
		}
	}
}
