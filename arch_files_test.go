package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// maxLines is the length from which a file holds more than one idea.
const maxLines = 400

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

// checkLength reports a hand-written file that is too long.
func checkLength(name string, src []byte) []string {
	if lines := bytes.Count(src, []byte("\n")); lines > maxLines && !generated.Match(src) {
		return []string{fmt.Sprintf("%s has %d lines, more than %d", name, lines, maxLines)}
	}
	return nil
}

// checkSleep reports a test that sleeps where time is real. A bubble of
// testing/synctest imagines time, and sleeping costs nothing there.
func checkSleep(name string, src []byte) []string {
	if bytes.Contains(src, []byte("time.Sleep(")) && !bytes.Contains(src, []byte(`"testing/synctest"`)) {
		return []string{name + " sleeps outside of testing/synctest"}
	}
	return nil
}

// checkState reports what makes the state of a package global: init functions,
// package variables without a value (they wait to be given one), and package
// variables that some function of the package changes. Faults, compiled
// patterns and tables that nobody changes are values, and fine.
func checkState(sources map[string][]byte) ([]string, error) {
	var faults []string
	var files []*ast.File
	state := map[string]bool{}
	for name, src := range sources {
		if generated.Match(src) {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, src, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
		faults = append(faults, declaredState(name, file, state)...)
	}
	for _, file := range files {
		faults = append(faults, changes(file, state)...)
	}
	slices.Sort(faults)
	return faults, nil
}

// declaredState collects the file's package variables into state.
func declaredState(name string, file *ast.File, state map[string]bool) []string {
	var faults []string
	for _, decl := range file.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.Name == "init" {
				faults = append(faults, name+" has an init function")
			}
		case *ast.GenDecl:
			if d.Tok != token.VAR || strings.Contains(docOf(d), "go:embed") {
				continue
			}
			for _, spec := range d.Specs {
				faults = append(faults, declaredNames(name, spec.(*ast.ValueSpec), state)...)
			}
		}
	}
	return faults
}

func declaredNames(file string, spec *ast.ValueSpec, state map[string]bool) []string {
	var faults []string
	for _, ident := range spec.Names {
		switch {
		case ident.Name == "_":
		case len(spec.Values) == 0:
			faults = append(faults, fmt.Sprintf("%s: package variable %s has no value", file, ident.Name))
		default:
			state[ident.Name] = true
		}
	}
	return faults
}

// docOf gives the raw comment above a declaration; Text() would drop directives.
func docOf(d *ast.GenDecl) string {
	if d.Doc == nil {
		return ""
	}
	var b strings.Builder
	for _, c := range d.Doc.List {
		b.WriteString(c.Text)
	}
	return b.String()
}

// changes reports assignments to the package variables in the file's functions,
// those aside that have a variable of their own of the same name.
func changes(file *ast.File, state map[string]bool) []string {
	var faults []string
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		local := localNames(fn)
		for _, name := range changedNames(fn.Body) {
			if state[name] && !local[name] {
				faults = append(faults, fmt.Sprintf("%s changes package variable %s", fn.Name.Name, name))
			}
		}
	}
	return faults
}

// localNames lists what the function declares, its parameters included.
func localNames(fn *ast.FuncDecl) map[string]bool {
	names := map[string]bool{}
	add := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if ident, ok := e.(*ast.Ident); ok {
				names[ident.Name] = true
			}
		}
	}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.RangeStmt:
			if n.Tok == token.DEFINE {
				add(n.Key, n.Value)
			}
		case *ast.ValueSpec:
			for _, ident := range n.Names {
				add(ident)
			}
		case *ast.Field:
			for _, ident := range n.Names {
				add(ident)
			}
		}
		return true
	})
	return names
}

// changedNames lists the variables that are assigned to, or whose elements or
// fields are.
func changedNames(body *ast.BlockStmt) []string {
	var names []string
	add := func(exprs ...ast.Expr) {
		for _, e := range exprs {
			if name := rootName(e); name != "" {
				names = append(names, name)
			}
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				add(n.Lhs...)
			}
		case *ast.IncDecStmt:
			add(n.X)
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.Ident); ok && (f.Name == "delete" || f.Name == "clear") && len(n.Args) > 0 {
				add(n.Args[0])
			}
		}
		return true
	})
	return names
}

// rootName gives the variable of an expression such as v, v[i], v.f or *v.
func rootName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.IndexExpr:
		return rootName(e.X)
	case *ast.SelectorExpr:
		return rootName(e.X)
	case *ast.StarExpr:
		return rootName(e.X)
	case *ast.ParenExpr:
		return rootName(e.X)
	}
	return ""
}
