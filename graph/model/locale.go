package model

import (
	"github.com/ticketsys/ticketsys/domain/category"
	"github.com/ticketsys/ticketsys/domain/locale"
	"github.com/ticketsys/ticketsys/domain/workspace"
)

// WorkspaceLocale is a language in which a workspace has texts.
type WorkspaceLocale struct {
	Locale        locale.Tag
	IsDefault     bool
	IsSupported   bool
	CategoryCount int
	GreetingCount *int
}

// WorkspaceLocales gives the languages of a workspace; speaks tells which the program
// knows.
func WorkspaceLocales(w *workspace.Workspace, all []category.Language, speaks func(locale.Tag) bool) []*WorkspaceLocale {
	shown := make([]*WorkspaceLocale, len(all))
	for i, l := range all {
		shown[i] = &WorkspaceLocale{
			Locale: l.Tag, IsDefault: l.Tag == w.Locale, IsSupported: speaks(l.Tag), CategoryCount: l.Names, GreetingCount: l.Greetings,
		}
	}
	return shown
}
