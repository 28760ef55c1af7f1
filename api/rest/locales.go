package rest

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/fault"
)

// Locales are the languages in which the program speaks.
type Locales struct {
	Items []string `json:"items" nullable:"false" doc:"Language tags, such as en and fr. Whoever speaks another is answered in the nearest."`
}

// WorkspaceLocales are the languages in which a workspace has texts.
type WorkspaceLocales struct {
	Items []WorkspaceLocale `json:"items" nullable:"false" doc:"The default one first, then in alphabetical order: an administrator sees what is to be translated."`
}

// WorkspaceLocale is a language in which a workspace has texts.
type WorkspaceLocale struct {
	Locale        string `json:"locale" doc:"The language."`
	IsDefault     bool   `json:"isDefault" doc:"Whether texts that address nobody in particular are in it: the workspace's locale."`
	IsSupported   bool   `json:"isSupported" doc:"Whether the program itself speaks it, or another form of it."`
	CategoryCount int    `json:"categoryCount" doc:"How many of the categories that are offered have a name in it."`
	GreetingCount *int   `json:"greetingCount" doc:"How many of the categories that are offered greet in it; null for who is no administrator."`
}

// spoken gives the languages of the caller's workspace.
func (s *server) spoken(ctx context.Context, c access.Call) (*WorkspaceLocales, error) {
	w, err := s.Workspaces.Get(ctx, c)
	if err != nil {
		return nil, err
	}
	all, err := s.Categories.Languages(ctx, c, w.Locale)
	return &WorkspaceLocales{Items: each(all, func(l category.Language) WorkspaceLocale {
		return WorkspaceLocale{
			Locale: string(l.Tag), IsDefault: l.Tag == w.Locale, IsSupported: s.Catalogue.Speaks(string(l.Tag)), CategoryCount: l.Names, GreetingCount: l.Greetings,
		}
	})}, err
}

// locales registers the languages.
func (s *server) locales() {
	fetch(s, operation{id: "listLocales", path: "/locales", tag: tagHouse, summary: "List the languages in which the program speaks"},
		func(context.Context, access.Call, *struct{ Conditional }) (shown[Locales], error) {
			return shown[Locales]{body: &Locales{Items: s.Catalogue.Languages()}}, nil
		})
	fetch(s, operation{
		id: "listWorkspaceLocales", path: "/workspace/locales", tag: tagHouse, summary: "List the languages in which the workspace has texts",
		about: "Names and greetings of its categories, and its own language.", codes: []fault.Code{fault.Forbidden},
	}, func(ctx context.Context, c access.Call, _ *struct{ Conditional }) (shown[WorkspaceLocales], error) {
		body, err := s.spoken(ctx, c)
		return shown[WorkspaceLocales]{body: body}, err
	})
}
