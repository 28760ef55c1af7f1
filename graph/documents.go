package graph

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/ticketsys/ticketsys/graph/documents"
)

// LoadDocuments reads trusted documents from a folder or a file. One that the
// schema does not know is an error that names its file.
func LoadDocuments(name string, mode documents.Mode) (*documents.Store, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, errors.New("must be a folder or a file that can be read")
	}
	folder, file := name, ""
	if !info.IsDir() {
		folder, file = filepath.Split(name)
	}
	files := os.DirFS(filepath.Clean(folder))
	if file != "" {
		files = single{files, file}
	}
	known := schema()
	return documents.Load(files, mode, func(text string) error { return valid(known, text) })
}

func valid(known *ast.Schema, text string) error {
	doc, err := parser.ParseQuery(&ast.Source{Input: text})
	if err != nil {
		return fmt.Errorf("is no GraphQL document: %s", oneLine(err))
	}
	if errs := validator.ValidateWithRules(known, doc, rules.NewDefaultRules()); len(errs) > 0 {
		return fmt.Errorf("does not fit the schema: %s", oneLine(errs[0]))
	}
	return nil
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// single is a file system with one of another's files.
type single struct {
	fs.FS

	name string
}

// ReadDir implements fs.ReadDirFS.
func (s single) ReadDir(string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(s.FS, s.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(info)}, nil
}

// persisted finds documents that are named by their hash: by documentId, as
// "GraphQL over HTTP" has it, or by extensions.persistedQuery, as automatic
// persisted queries do.
type persisted struct{ *Resolver }

// ExtensionName names the extension.
func (persisted) ExtensionName() string { return "PersistedDocuments" }

// Validate accepts any schema.
func (persisted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts the document in its place.
func (p persisted) MutateOperationParameters(_ context.Context, params *graphql.RawParams) *gqlerror.Error {
	text, err := p.find(params)
	if err != nil {
		return gqlerror.Wrap(err)
	}
	params.Query = text
	return nil
}

func (p persisted) find(params *graphql.RawParams) (string, error) {
	store := p.config.Documents
	hash, automatic, err := named(params.Extensions)
	switch {
	case err != nil:
		return "", err
	case params.Query == "" && hash == "":
		return "", errMalformed
	case params.Query == "":
		text, err := store.Find(hash)
		return text, documentRefusal(err)
	case automatic:
		return params.Query, documentRefusal(store.Register(hash, params.Query))
	}
	return params.Query, documentRefusal(store.Admit(params.Query))
}

// documentID is where documentId is kept on its way here.
const documentID = "documentId"

func withDocumentID(extensions map[string]any, id string) map[string]any {
	with := maps.Clone(extensions)
	if with == nil {
		with = map[string]any{}
	}
	with[documentID] = id
	return with
}

// named gives the hash of a request, and whether it comes from automatic
// persisted queries, whose protocol has a version.
func named(extensions map[string]any) (hash string, automatic bool, err error) {
	if id, ok := extensions[documentID].(string); ok && id != "" {
		return id, false, nil
	}
	switch q := extensions["persistedQuery"].(type) {
	case nil:
		return "", false, nil
	case map[string]any:
		hash, _ := q["sha256Hash"].(string)
		if hash == "" || fmt.Sprint(q["version"]) != "1" {
			return "", false, errMalformed
		}
		return hash, true, nil
	}
	return "", false, errMalformed
}

func documentRefusal(err error) error {
	switch {
	case errors.Is(err, documents.ErrUnknown):
		return errDocument
	case errors.Is(err, documents.ErrHash):
		return errHash
	case errors.Is(err, documents.ErrUntrusted):
		return errUntrusted
	}
	return err
}
