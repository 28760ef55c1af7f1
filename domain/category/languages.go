package category

import (
	"context"
	"slices"
	"strings"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// Language is how much of what the offered categories say is there in a language.
type Language struct {
	Tag       locale.Tag
	Names     int  // of categories
	Greetings *int // nil: not for the actor to know
}

// Languages gives the languages in which the offered categories have names and
// greetings, and the standard one, which comes first whether anything is in it or not;
// the others are in alphabetical order. Greetings are told of to who may read them.
// Codes: unauthenticated, forbidden.
func (s *Service) Languages(ctx context.Context, c access.Call, standard locale.Tag) ([]Language, error) {
	offered, err := s.List(ctx, c, false)
	if err != nil {
		return nil, err
	}
	return languages(standard, offered, access.Allowed(c.Actor, access.WorkspaceManage, access.InWorkspace(c.Actor.Workspace))), nil
}

func languages(standard locale.Tag, offered []*Category, greetings bool) []Language {
	found := []Language{{Tag: standard}}
	at := map[locale.Tag]int{standard: 0}
	of := func(tag locale.Tag) *Language {
		i, known := at[tag]
		if !known {
			i = len(found)
			at[tag], found = i, append(found, Language{Tag: tag})
		}
		return &found[i]
	}
	counts := map[locale.Tag]int{}
	for _, c := range offered {
		for tag := range c.Name {
			of(tag).Names++
		}
		for tag := range c.Greeting {
			if greetings {
				of(tag)
				counts[tag]++
			}
		}
	}
	for i := range found {
		if greetings {
			found[i].Greetings = new(counts[found[i].Tag])
		}
	}
	slices.SortFunc(found[1:], func(x, y Language) int { return strings.Compare(string(x.Tag), string(y.Tag)) })
	return found
}
