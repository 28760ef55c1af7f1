package graph_test

import (
	"fmt"
	"testing"

	"github.com/ticketsys/ticketsys/domain/member"
)

// An administrator sees in which languages something is missing; nobody else learns
// how many greetings there are.
func TestAWorkspaceTellsItsLanguages(t *testing.T) {
	eachStore(t, func(t *testing.T, h *house) {
		const query = `{ supportedLocales workspace { locales { locale isDefault isSupported categoryCount greetingCount } } }`
		if got := fmt.Sprint(h.ask(t, h.Lea, query, nil).at("supportedLocales")); got != "[en fr]" {
			t.Errorf("the program speaks %s", got)
		}
		h.done(t, h.Ada, `mutation($in: SaveCategoryInput!) { saveCategory(input: $in) { userErrors { message } } }`, vars{
			"names": []vars{{"locale": "pt-BR", "text": "Ajuda"}, {"locale": "fr-CA", "text": "Aide"}}, "queueId": h.queueID(t),
		})
		h.done(t, h.Ada, `mutation($in: UpdateWorkspaceInput!) { updateWorkspace(input: $in) { userErrors { message } } }`, vars{"locale": "fr"})
		for who, greetings := range map[*member.Member][2]string{h.Ada: {"1", "0"}, h.Sam: {"<nil>", "<nil>"}, h.Lea: {"<nil>", "<nil>"}} {
			some, none := greetings[0], greetings[1]
			line := func(locale string, isDefault, isSupported bool, categories int, greetings string) string {
				return fmt.Sprintf("map[categoryCount:%d greetingCount:%s isDefault:%v isSupported:%v locale:%s]", categories, greetings, isDefault, isSupported, locale)
			}
			want := fmt.Sprintf("[%s %s %s %s]", line("fr", true, true, 1, some), line("en", false, true, 2, some),
				line("fr-CA", false, true, 1, none), line("pt-BR", false, false, 1, none))
			if got := fmt.Sprint(h.ask(t, who, query, nil).at("workspace.locales")); got != want {
				t.Errorf("%s sees %s, want %s", who.Name, got, want)
			}
		}
		for _, n := range h.ask(t, h.Ada, `{ workspaces { nodes { slug locales { locale } } } }`, nil).at("workspaces.nodes").([]any) {
			w := n.(map[string]any)
			if own := w["slug"] == h.Workspace.Slug; (w["locales"] != nil) != own {
				t.Errorf("of %v one sees %v", w["slug"], w["locales"])
			}
		}
	})
}

func (h *house) queueID(t *testing.T) any {
	t.Helper()
	return h.ask(t, h.Ada, `{ queues { nodes { id } } }`, nil).at("queues.nodes.0.id")
}
