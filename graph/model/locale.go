package model

import (
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
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

// WorkspaceLocales gives the languages of the workspace and of what it offers, the
// default first; speaks tells which the program knows. Greetings are counted for
// who may read them.
func WorkspaceLocales(a access.Actor, w *workspace.Workspace, offered []*category.Category, speaks func(locale.Tag) bool) []*WorkspaceLocale {
	byTag := map[locale.Tag]*WorkspaceLocale{}
	var all []*WorkspaceLocale
	of := func(tag locale.Tag) *WorkspaceLocale {
		if byTag[tag] == nil {
			byTag[tag] = &WorkspaceLocale{Locale: tag, IsDefault: tag == w.Locale, IsSupported: speaks(tag), GreetingCount: new(int)}
			all = append(all, byTag[tag])
		}
		return byTag[tag]
	}
	of(w.Locale)
	mayRead := access.Allowed(a, access.WorkspaceManage, access.InWorkspace(w.ID))
	for _, c := range offered {
		for tag := range c.Name {
			of(tag).CategoryCount++
		}
		for tag := range c.Greeting {
			if mayRead {
				*of(tag).GreetingCount++
			}
		}
	}
	slices.SortFunc(all[1:], func(x, y *WorkspaceLocale) int { return strings.Compare(string(x.Locale), string(y.Locale)) })
	for _, l := range all {
		if !mayRead {
			l.GreetingCount = nil
		}
	}
	return all
}
