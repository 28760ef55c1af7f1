package discordtest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// description is Discord's own OpenAPI description, read as plain JSON: enough to see fields that lack or are of
// another type.
type description struct{ root object }

func describe(t *testing.T) description {
	t.Helper()
	raw, err := os.ReadFile("../../../../shared/discord/openapi.json")
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("Discord's OpenAPI description is not there: ../shared/discord/openapi.json")
	}
	noError(t, err)
	var d description
	noError(t, json.Unmarshal(raw, &d.root))
	return d
}

// resolve follows references.
func (d description) resolve(schema object) object {
	for {
		ref, ok := schema["$ref"].(string)
		if !ok {
			return schema
		}
		at := d.root
		for step := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
			at = at[step].(object)
		}
		schema = at
	}
}

// response is the schema of a route's successful answer.
func (d description) response(method, path string, status int) object {
	op := d.root["paths"].(object)[path].(object)[method].(object)
	answer := d.resolve(op["responses"].(object)[fmt.Sprint(status)].(object))
	return answer["content"].(object)["application/json"].(object)["schema"].(object)
}

// check lists what of v does not fit the schema.
func (d description) check(schema object, v any, at string) []string {
	schema = d.resolve(schema)
	out := d.checkAlternatives(schema, v, at)
	for _, part := range list(schema["allOf"]) {
		out = append(out, d.check(part.(object), v, at)...)
	}
	if kinds := kindsOf(schema); len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return isKind(v, k) }) {
		return append(out, fmt.Sprintf("%s: %v is not %v", at, v, kinds))
	}
	switch v := v.(type) {
	case object:
		out = append(out, d.checkObject(schema, v, at)...)
	case []any:
		if items, ok := schema["items"].(object); ok {
			for i, one := range v {
				out = append(out, d.check(items, one, fmt.Sprintf("%s[%d]", at, i))...)
			}
		}
	}
	return out
}

func (d description) checkAlternatives(schema object, v any, at string) []string {
	alternatives := append(list(schema["oneOf"]), list(schema["anyOf"])...)
	var best []string
	for i, one := range alternatives {
		wrong := d.check(one.(object), v, at)
		if len(wrong) == 0 {
			return nil
		}
		if i == 0 || len(wrong) < len(best) {
			best = wrong
		}
	}
	return best
}

func (d description) checkObject(schema, v object, at string) []string {
	var out []string
	for _, key := range list(schema["required"]) {
		if _, ok := v[key.(string)]; !ok {
			out = append(out, fmt.Sprintf("%s.%s lacks", at, key))
		}
	}
	properties, _ := schema["properties"].(object)
	for key, value := range v {
		if property, ok := properties[key].(object); ok {
			out = append(out, d.check(property, value, at+"."+key)...)
		}
	}
	return out
}

func list(v any) []any {
	out, _ := v.([]any)
	return out
}

func kindsOf(schema object) []string {
	if one, ok := schema["type"].(string); ok {
		return []string{one}
	}
	var out []string
	for _, kind := range list(schema["type"]) {
		out = append(out, kind.(string))
	}
	return out
}

func isKind(v any, kind string) bool {
	switch v := v.(type) {
	case nil:
		return kind == "null"
	case bool:
		return kind == "boolean"
	case float64:
		return kind == "number" || kind == "integer" && v == float64(int64(v))
	case string:
		return kind == "string"
	case object:
		return kind == "object"
	default:
		return kind == "array"
	}
}

// route is an answer to compare with its description.
type route struct {
	method, path string
	status       int
	answer       answered
}

func TestAnswersAreAsDescribed(t *testing.T) {
	d := describe(t)
	w := newWorld(t)
	for _, r := range append(w.channelRoutes(), w.guildRoutes()...) {
		var v any
		r.answer.decode(&v)
		for _, wrong := range d.check(d.response(r.method, r.path, r.status), v, "") {
			// A message inside a message is described as null only, by a limit of the description's nesting.
			if !strings.Contains(wrong, "referenced_message") {
				t.Errorf("%s %s: %s", r.method, r.path, wrong)
			}
		}
	}
}

func (w *world) channelRoutes() []route {
	m, err := w.ana.Posts(w.general, "x "+w.max.Mention(), discordtest.File("a.txt", []byte("x")))
	noError(w.T, err)
	noError(w.T, w.max.Reacts(m, "👍"))
	channel := "/channels/" + w.general.ID().String()
	w.call("PUT", channel+"/pins/"+m.ID.String(), nil).want(204)
	hook := w.call("POST", channel+"/webhooks", object{"name": "relay"})
	made := hook.object(200)
	execute := fmt.Sprintf("/webhooks/%s/%s?wait=true", made["id"], made["token"])
	category := w.guild.Category("Tickets")
	const message = "/channels/{channel_id}/messages/{message_id}"
	return []route{
		{"post", "/channels/{channel_id}/webhooks", 200, hook},
		{"post", "/webhooks/{webhook_id}/{webhook_token}", 200, w.call("POST", execute, object{"content": "x"})},
		{"post", "/channels/{channel_id}/threads", 201, w.call("POST", channel+"/threads", object{"name": "t", "type": 11})},
		{"get", "/channels/{channel_id}", 200, w.call("GET", channel, nil)},
		{"get", "/channels/{channel_id}", 200, w.call("GET", "/channels/"+category.ID().String(), nil)},
		{"post", "/users/@me/channels", 200, w.call("POST", "/users/@me/channels", object{"recipient_id": w.ana.ID()})},
		{"get", message, 200, w.call("GET", channel+"/messages/"+m.ID.String(), nil)},
		{"get", "/channels/{channel_id}/messages", 200, w.call("GET", channel+"/messages", nil)},
		{"get", "/channels/{channel_id}/messages/pins", 200, w.call("GET", channel+"/messages/pins", nil)},
		{"get", "/channels/{channel_id}/pins", 200, w.call("GET", channel+"/pins", nil)},
		{"post", "/channels/{channel_id}/messages", 200, w.say(w.general, object{
			"content": "r", "embeds": []object{{"title": "x"}}, "message_reference": object{"message_id": m.ID},
		})},
	}
}

func (w *world) guildRoutes() []route {
	w.register()
	guild := "/guilds/" + w.guild.ID().String()
	return []route{
		{"get", "/guilds/{guild_id}", 200, w.call("GET", guild, nil)},
		{"get", "/guilds/{guild_id}/roles", 200, w.call("GET", guild+"/roles", nil)},
		{"get", "/guilds/{guild_id}/channels", 200, w.call("GET", guild+"/channels", nil)},
		{"get", "/guilds/{guild_id}/members", 200, w.call("GET", guild+"/members?limit=10", nil)},
		{"get", "/guilds/{guild_id}/members/{user_id}", 200, w.call("GET", guild+"/members/"+w.ana.ID().String(), nil)},
		{"get", "/guilds/{guild_id}/threads/active", 200, w.call("GET", guild+"/threads/active", nil)},
		{"get", "/users/@me", 200, w.call("GET", "/users/@me", nil)},
		{"get", "/users/{user_id}", 200, w.call("GET", "/users/"+w.ana.ID().String(), nil)},
		{"get", "/users/@me/guilds", 200, w.call("GET", "/users/@me/guilds", nil)},
		{"get", "/applications/@me", 200, w.call("GET", "/applications/@me", nil)},
		{"get", "/gateway/bot", 200, w.call("GET", "/gateway/bot", nil)},
		{"get", "/applications/{application_id}/commands", 200, w.call("GET", w.commandsPath(), nil)},
	}
}
