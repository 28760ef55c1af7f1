package discordtest_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

func labelled(label string, component object) object {
	return object{"type": 18, "label": label, "component": component}
}

// TestAModalOfEveryKindOfInput fills in all that a modal can ask for.
func TestAModalOfEveryKindOfInput(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	options := []object{{"label": "Low", "value": "l"}, {"label": "High", "value": "h"}}
	first := []object{
		labelled("Priority", object{"type": 3, "custom_id": "prio", "options": options, "min_values": 1, "max_values": 2}),
		labelled("Who", object{"type": 5, "custom_id": "who"}),
		labelled("Role", object{"type": 6, "custom_id": "role"}),
		labelled("Any", object{"type": 7, "custom_id": "any", "max_values": 2}),
		labelled("Where", object{"type": 8, "custom_id": "where", "channel_types": []int{0}}),
	}
	second := []object{
		{"type": 10, "content": "Fill it in."},
		labelled("Files", object{"type": 19, "custom_id": "files", "max_values": 2, "required": false}),
		labelled("One", object{"type": 21, "custom_id": "one", "options": options}),
		labelled("Some", object{"type": 22, "custom_id": "some", "options": options, "min_values": 0, "required": false}),
		labelled("Sure", object{"type": 23, "custom_id": "sure"}),
	}
	got, _ := s.fills(first, discordtest.Values{
		"prio": []string{"l", "High"}, "who": w.max, "role": w.support, "any": []any{w.max, w.support}, "where": w.general,
	}, map[string]any{"prio": []string{}, "who": w.support, "role": w.max, "where": w.guild.Category("c")})
	same(t, "priority", fmt.Sprint(got["prio"]["values"]), "[l h]")
	same(t, "who", fmt.Sprint(got["who"]["values"]), fmt.Sprint([]any{w.max.ID()}))
	got, data := s.fills(second, discordtest.Values{
		"files": []discordtest.Upload{{Name: "a.txt", Data: []byte("x")}}, "one": "High", "sure": true,
	}, map[string]any{"one": "Middle", "files": make([]discordtest.Upload, 3)})
	same(t, "one", got["one"]["value"], any("h"))
	same(t, "some", len(got["some"]["values"].([]any)), 0)
	same(t, "sure", got["sure"]["value"], any(true))
	file := data["resolved"].(object)["attachments"].(object)[got["files"]["values"].([]any)[0].(string)].(object)
	link := file["url"].(string)
	same(t, "file", string(w.get(link[len(w.srv.APIURL()):]).raw), "x")
}

// fills opens a modal, fills it in with the values, and before that with each of the wrong ones.
func (s *socket) fills(components []object, values discordtest.Values, wrong map[string]any) (inputs map[string]object, data object) {
	s.Helper()
	in := s.ana.Runs(s.ctx, s.general, "/ticket open", nil)
	s.answer(s.until("INTERACTION_CREATE").object(s.T), 9, object{"custom_id": "m", "title": "All", "components": components}).want(204)
	noError(s.T, in.Wait(s.ctx))
	for key, value := range wrong {
		broken := maps.Clone(values)
		broken[key] = value
		if err := in.Submit(s.ctx, broken).Err(); !errors.Is(err, discordtest.ErrNotAllowed) {
			s.Errorf("%s: %v is taken: %v", key, value, err)
		}
	}
	noError(s.T, in.Submit(s.ctx, values).Err())
	data = s.event("INTERACTION_CREATE").object(s.T)["data"].(object)
	inputs = map[string]object{}
	for _, one := range data["components"].([]any) {
		if inner, ok := one.(object)["component"].(object); ok {
			inputs[inner["custom_id"].(string)] = inner
		}
	}
	return inputs, data
}

func TestComponentsV2AreChecked(t *testing.T) {
	w := newWorld(t)
	text := object{"type": 10, "content": "x"}
	button := object{"type": 2, "style": 1, "label": "x", "custom_id": "b"}
	for name, c := range map[string]struct {
		component object
		code      string
		at        []string
	}{
		"a button alone":              {button, "BASE_TYPE_CHOICES", []string{"components", "0", "type"}},
		"an empty text":               {object{"type": 10}, "BASE_TYPE_REQUIRED", []string{"components", "0", "content"}},
		"a section without accessory": {object{"type": 9, "components": []object{text}}, "BASE_TYPE_REQUIRED", []string{"components", "0", "accessory"}},
		"a section of a button":       {object{"type": 9, "components": []object{button}, "accessory": button}, "BASE_TYPE_CHOICES", []string{"components", "0", "components", "0", "type"}},
		"a container in a container":  {object{"type": 17, "components": []object{{"type": 17, "components": []object{text}}}}, "BASE_TYPE_CHOICES", []string{"components", "0", "components", "0", "type"}},
		"an empty gallery":            {object{"type": 12, "items": []object{}}, "BASE_TYPE_BAD_LENGTH", []string{"components", "0", "items"}},
		"a file without one":          {object{"type": 13}, "BASE_TYPE_REQUIRED", []string{"components", "0", "file"}},
		"too much text":               {object{"type": 17, "components": []object{{"type": 10, "content": strings.Repeat("x", 3000)}, {"type": 10, "content": strings.Repeat("x", 1001)}}}, "COMPONENT_MAX_TOTAL_TEXT_LENGTH_EXCEEDED", []string{"components"}},
	} {
		t.Run(name, func(t *testing.T) {
			w.T = t
			w.say(w.general, object{"flags": 1 << 15, "components": []object{c.component}}).formError(c.code, c.at...)
		})
	}
}

func TestComponentsReadBackWithTheirDefaults(t *testing.T) {
	w := newWorld(t)
	w.upload(w.messagesPath(w.general), `{"flags":32768,"components":[
		{"type":12,"items":[{"media":{"url":"attachment://log.txt"}}]},{"type":13,"file":{"url":"attachment://log.txt"}},
		{"type":14},{"type":9,"components":[{"type":10,"content":"x"}],"accessory":{"type":11,"media":{"url":"https://example.org/x.png"}}}
	],"attachments":[{"id":"0","filename":"log.txt"}]}`, "log.txt").want(200)
	got := w.call("GET", w.messagesPath(w.general), nil).list(200)[0]["components"].([]any)
	file := got[1].(object)
	same(t, "name", file["name"], any("log.txt"))
	link := file["file"].(object)["url"].(string)
	same(t, "a signed link", w.get(link[len(w.srv.APIURL()):]).status, 200)
	same(t, "divider", got[2].(object)["divider"], any(true))
	same(t, "IDs differ", got[2].(object)["id"] != got[3].(object)["id"], true)
}
