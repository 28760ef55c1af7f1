package rest

import (
	"context"

	"github.com/ticketsys/ticketsys/domain/access"
)

// Locales are the languages in which the program speaks.
type Locales struct {
	Items []string `json:"items" nullable:"false" doc:"Language tags, such as en and fr. Whoever speaks another is answered in the nearest."`
}

// locales registers the languages.
func (s *server) locales() {
	fetch(s, operation{id: "listLocales", path: "/locales", tag: tagHouse, summary: "List the languages in which the program speaks"},
		func(context.Context, access.Call, *struct{ Conditional }) (shown[Locales], error) {
			return shown[Locales]{body: &Locales{Items: s.Catalogue.Languages()}}, nil
		})
}
