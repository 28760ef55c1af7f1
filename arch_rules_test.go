package main_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// module is the prefix of this module's import paths.
const module = "github.com/ticketsys/ticketsys"

// pkg is what `go list -json` says of a package, as far as the rules need it.
type pkg struct {
	ImportPath   string
	Dir          string
	Imports      []string // of the package itself
	TestImports  []string // of its tests inside the package
	XTestImports []string // of its tests outside the package
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
}

// layer is a part of the house. Its packages import each other, the standard
// library and the layers that it sees.
type layer struct {
	path     string   // from the module's root: one package, or with "/..." a tree; "" is the root package
	sees     []string // paths of layers
	testsSee []string // further ones for tests: real stores rather than stand-ins
	without  []string // packages of the standard library that it does without
}

// covers reports whether the relative import path lies in the pattern.
func covers(pattern, path string) bool {
	tree, isTree := strings.CutSuffix(pattern, "/...")
	return path == tree || isTree && strings.HasPrefix(path, tree+"/")
}

// relative gives the import path from the module's root, false for another module's.
func relative(path string) (string, bool) {
	rest, ok := strings.CutPrefix(path, module)
	if !ok || rest != "" && rest[0] != '/' {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}

// standard reports whether the import path belongs to the standard library.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// layerOf gives the layer with the longest path that covers the package.
func layerOf(layers []layer, path string) (layer, bool) {
	var found layer
	ok := false
	for _, l := range layers {
		if covers(l.path, path) && (!ok || len(l.path) > len(found.path)) {
			found, ok = l, true
		}
	}
	return found, ok
}

// checkLayers reports imports that the layers forbid, packages outside of every
// layer, and layers without a package, which would make their rules idle.
func checkLayers(pkgs []pkg, layers []layer) []string {
	var faults []string
	inhabited := map[string]bool{}
	for _, p := range pkgs {
		path, _ := relative(p.ImportPath)
		own, ok := layerOf(layers, path)
		if !ok {
			faults = append(faults, fmt.Sprintf("%s lies in no layer", path))
			continue
		}
		inhabited[own.path] = true
		faults = append(faults, checkImports(layers, own, path, p.Imports, own.sees)...)
		tests := slices.Concat(p.TestImports, p.XTestImports)
		faults = append(faults, checkImports(layers, own, path+" (test)", tests, slices.Concat(own.sees, own.testsSee))...)
	}
	for _, l := range layers {
		if !inhabited[l.path] {
			faults = append(faults, fmt.Sprintf("layer %q has no package", l.path))
		}
	}
	return faults
}

func checkImports(layers []layer, own layer, name string, imports, sees []string) []string {
	var faults []string
	for _, imported := range imports {
		path, ours := relative(imported)
		if !ours {
			if standard(imported) && slices.ContainsFunc(own.without, func(b string) bool { return covers(b+"/...", imported) }) {
				faults = append(faults, fmt.Sprintf("%s imports %s, which %s does without", name, imported, own.path))
			}
			continue
		}
		target, ok := layerOf(layers, path)
		if ok && target.path != own.path && !slices.Contains(sees, target.path) {
			faults = append(faults, fmt.Sprintf("%s imports %s, which %s does not see", name, path, own.path))
		}
	}
	return faults
}

// checkEdges reports imports inside the tree that the table does not list, and
// listed ones that no longer exist. Paths in the table are relative to the tree.
func checkEdges(pkgs []pkg, tree string, table map[string][]string) []string {
	var faults []string
	actual := map[string][]string{}
	for _, p := range pkgs {
		path, _ := relative(p.ImportPath)
		name, inside := strings.CutPrefix(path, tree+"/")
		if !inside {
			continue
		}
		actual[name] = edges(p, tree)
		for _, target := range actual[name] {
			if !slices.Contains(table[name], target) {
				faults = append(faults, fmt.Sprintf("%s/%s imports %s, which is not written down", tree, name, target))
			}
		}
		if _, listed := table[name]; !listed {
			faults = append(faults, fmt.Sprintf("%s/%s is not written down", tree, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(table)) {
		for _, target := range table[name] {
			if !slices.Contains(actual[name], target) {
				faults = append(faults, fmt.Sprintf("%s/%s no longer imports %s", tree, name, target))
			}
		}
		if _, exists := actual[name]; !exists {
			faults = append(faults, fmt.Sprintf("%s/%s no longer exists", tree, name))
		}
	}
	return faults
}

func edges(p pkg, tree string) []string {
	var targets []string
	for _, imported := range p.Imports {
		path, _ := relative(imported)
		if target, inside := strings.CutPrefix(path, tree+"/"); inside {
			targets = append(targets, target)
		}
	}
	return targets
}

// checkLibraries reports imports of other modules by layers that the table does
// not name for them, libraries that it does not name at all, and named ones that
// nobody imports. The second table is for what only tests import.
func checkLibraries(pkgs []pkg, layers []layer, table, testTable map[string][]string) []string {
	var faults []string
	used := map[string]bool{}
	for _, p := range pkgs {
		path, _ := relative(p.ImportPath)
		own, _ := layerOf(layers, path)
		for _, imported := range p.Imports {
			if !mayUse(used, own, imported, table) {
				faults = append(faults, fmt.Sprintf("%s imports %s, which is not %s's", path, imported, own.path))
			}
		}
		for _, imported := range slices.Concat(p.TestImports, p.XTestImports) {
			if !mayUse(used, own, imported, table, testTable) {
				faults = append(faults, fmt.Sprintf("%s (test) imports %s, which is not %s's", path, imported, own.path))
			}
		}
	}
	for _, named := range []map[string][]string{table, testTable} {
		for library := range named {
			if !used[library] {
				faults = append(faults, "nobody imports "+library)
			}
		}
	}
	return faults
}

// mayUse reports whether one of the tables names the layer for the library of
// the import, and notes in used that the library is imported.
func mayUse(used map[string]bool, own layer, imported string, tables ...map[string][]string) bool {
	if _, ours := relative(imported); ours || standard(imported) {
		return true
	}
	allowed := false
	for _, table := range tables {
		for library, users := range table {
			if covers(library+"/...", imported) {
				used[library] = true
				allowed = allowed || slices.Contains(users, own.path) || slices.Contains(users, "*")
			}
		}
	}
	return allowed
}
