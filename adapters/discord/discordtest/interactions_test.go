package discordtest_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/discordtest"
)

// register makes the commands that the tests of this file run.
func (w *world) register() {
	w.Helper()
	w.call("PUT", w.commandsPath(), []object{
		{"name": "ticket", "description": "Tickets", "name_localizations": object{"fr": "billet"}, "options": []object{
			{"type": 1, "name": "open", "description": "Open a ticket", "name_localizations": object{"fr": "ouvrir"}, "options": []object{
				{"type": 3, "name": "subject", "description": "About what", "max_length": 10},
				{"type": 6, "name": "for", "description": "For whom"},
			}},
		}},
		{"name": "setup", "description": "Set up", "default_member_permissions": "32"},
		{"type": 3, "name": "Open a ticket"},
		{"type": 2, "name": "Tickets of"},
	}).want(200)
}

func (w *world) commandsPath() string {
	return fmt.Sprintf("/applications/%s/commands", w.srv.ApplicationID())
}

// answer responds to an interaction event.
func (w *world) answer(in object, kind int, data object) answered {
	w.Helper()
	return w.call("POST", fmt.Sprintf("/interactions/%s/%s/callback", in["id"], in["token"]), object{"type": kind, "data": data})
}

func (w *world) followUps(in object) string {
	return fmt.Sprintf("/webhooks/%s/%s", w.srv.ApplicationID(), in["token"])
}

func TestACommandArrivesWithEverythingThatDiscordTells(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	in := w.ana.Runs(w.ctx, w.general, "/billet ouvrir", discordtest.Args{"subject": "Aide", "for": w.max})
	noError(t, in.Err())
	got := s.event("INTERACTION_CREATE").object(t)
	same(t, "type", got["type"], any(2.0))
	same(t, "locale", got["locale"], any("fr"))
	same(t, "guild locale", got["guild_locale"], any("en-US"))
	same(t, "app permissions", got["app_permissions"] != nil, true)
	same(t, "member", got["member"].(object)["user"].(object)["global_name"], any("Ana"))
	if got["member"].(object)["permissions"] == nil || got["entitlements"] == nil {
		t.Fatalf("something lacks: %v", got)
	}
	data := got["data"].(object)
	same(t, "name", data["name"], any("ticket"))
	open := data["options"].([]any)[0].(object)
	same(t, "subcommand", open["name"], any("open"))
	same(t, "subject", open["options"].([]any)[0].(object)["value"], any("Aide"))
	resolved := data["resolved"].(object)
	same(t, "user", resolved["users"].(object)[w.max.ID().String()].(object)["global_name"], any("Max"))
	same(t, "membership", resolved["members"].(object)[w.max.ID().String()] != nil, true)
}

func TestAnswersInTime(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	run := func() (*discordtest.Interaction, object) {
		in := w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
		return in, s.until("INTERACTION_CREATE").object(t)
	}
	in, event := run()
	w.answer(event, 4, object{"content": "Hello", "flags": 64}).want(204)
	noError(t, in.Wait(w.ctx))
	same(t, "reply", in.Reply().Content, "Hello")
	same(t, "ephemeral", in.Reply().Ephemeral, true)
	same(t, "public messages", len(w.general.Messages()), 0)
	same(t, "on Ana's screen", len(w.general.VisibleTo(w.ana)), 1)
	same(t, "on Max's screen", len(w.general.VisibleTo(w.max)), 0)
	w.answer(event, 4, object{"content": "Again"}).refused(400, 40060)
	event["token"] = "unknown"
	w.answer(event, 4, object{"content": "x"}).refused(404, 10062)
	in, event = run()
	w.clock.forward(3*time.Second + time.Millisecond)
	w.answer(event, 4, object{"content": "late"}).refused(404, 10062)
	if err := in.Wait(w.ctx); !errors.Is(err, discordtest.ErrNoAnswer) {
		t.Fatalf("Wait = %v", err)
	}
	_, event = run()
	w.answer(event, 7, object{"content": "x"}).formError("INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", "type")
	w.answer(event, 4, object{}).refused(400, 50006)
	w.answer(event, 4, object{"content": string(make([]rune, 0)), "embeds": []object{{}}}).
		formError("BASE_TYPE_REQUIRED", "data", "embeds", "0", "description")
}

func TestDeferredAnswers(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	in := w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	event := s.event("INTERACTION_CREATE").object(t)
	w.call("PATCH", w.followUps(event)+"/messages/@original", object{"content": "x"}).refused(404, 10015)
	w.answer(event, 5, nil).want(204)
	same(t, "acknowledged", in.Acknowledged(), true)
	same(t, "loading", in.Reply().Loading, true)
	s.event("MESSAGE_CREATE")
	short, cancel := context.WithCancel(w.ctx)
	cancel()
	if in.Wait(short) == nil {
		t.Fatal("a loading message is no answer")
	}
	w.call("PATCH", w.followUps(event)+"/messages/@original", object{"content": "Ready"}).want(200)
	s.event("MESSAGE_UPDATE")
	noError(t, in.Wait(w.ctx))
	same(t, "reply", in.Reply().Content, "Ready")
	more := w.call("POST", w.followUps(event), object{"content": "More", "flags": 64}).object(200)
	found, err := in.WaitFor(w.ctx, "More")
	noError(t, err)
	same(t, "follow-up", found.ID.String(), more["id"].(string))
	one := w.followUps(event) + "/messages/" + more["id"].(string)
	w.call("PATCH", one, object{"content": "Even more"}).want(200)
	same(t, "read", w.call("GET", one, nil).object(200)["content"], any("Even more"))
	w.call("DELETE", one, nil).want(204)
	w.call("GET", one, nil).refused(404, 10008)
	same(t, "replies", len(in.Replies()), 1)
	w.clock.forward(15*time.Minute + time.Second)
	w.call("POST", w.followUps(event), object{"content": "x"}).refused(401, 50027)
}

func TestAFollowUpFillsADeferredAnswer(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	in := w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	event := s.event("INTERACTION_CREATE").object(t)
	w.answer(event, 5, object{"flags": 64}).want(204)
	w.call("POST", w.followUps(event), object{"content": "Filled"}).want(200)
	same(t, "reply", in.Reply().Content, "Filled")
	same(t, "still ephemeral", in.Reply().Ephemeral, true)
	same(t, "replies", len(in.Replies()), 1)
}

func TestButtonsAndSelects(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.say(w.general, object{"content": "Panel", "components": []object{
		{"type": 1, "components": []object{
			{"type": 2, "style": 1, "label": "Open", "custom_id": "open"},
			{"type": 2, "style": 1, "label": "Closed", "custom_id": "closed", "disabled": true},
			{"type": 2, "style": 5, "label": "Web", "url": "https://example.org"},
		}},
		{"type": 1, "components": []object{{"type": 3, "custom_id": "prio", "placeholder": "Priority", "options": []object{
			{"label": "High", "value": "high"}, {"label": "Low", "value": "low"},
		}}}},
		{"type": 1, "components": []object{{"type": 5, "custom_id": "who"}}},
	}}).want(200)
	s.event("MESSAGE_CREATE")
	panel := w.general.Last()
	in := w.ana.Clicks(w.ctx, panel, "Open")
	event := s.event("INTERACTION_CREATE").object(t)
	same(t, "custom ID", event["data"].(object)["custom_id"], any("open"))
	same(t, "message", event["message"].(object)["id"], any(panel.ID.String()))
	w.answer(event, 7, object{"content": "Panel, used"}).want(204)
	noError(t, in.Wait(w.ctx))
	same(t, "updated", w.general.Last().Content, "Panel, used")
	s.event("MESSAGE_UPDATE")
	w.ana.Selects(w.ctx, panel, "Priority", "High")
	event = s.event("INTERACTION_CREATE").object(t)
	same(t, "value", event["data"].(object)["values"].([]any)[0], any("high"))
	w.answer(event, 6, nil).want(204)
	w.ana.Selects(w.ctx, panel, "who", w.max)
	event = s.event("INTERACTION_CREATE").object(t)
	same(t, "user", event["data"].(object)["values"].([]any)[0], any(w.max.ID().String()))
	same(t, "resolved", event["data"].(object)["resolved"].(object)["users"] != nil, true)
	for what, err := range map[string]error{
		"an unknown option": w.ana.Selects(w.ctx, panel, "prio", "none").Err(),
		"two of one":        w.ana.Selects(w.ctx, panel, "prio", "high", "low").Err(),
		"a button":          w.ana.Selects(w.ctx, panel, "open").Err(),
		"a select":          w.ana.Clicks(w.ctx, panel, "prio").Err(),
	} {
		if !errors.Is(err, discordtest.ErrNotAllowed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	short, cancel := context.WithCancel(w.ctx)
	cancel()
	if w.ana.Clicks(short, panel, "Closed").Err() == nil || w.ana.Clicks(short, panel, "nothing").Err() == nil {
		t.Fatal("clicked what cannot be clicked")
	}
	s.quiet()
}

func TestModals(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	in := w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	event := s.event("INTERACTION_CREATE").object(t)
	w.answer(event, 9, object{"custom_id": "new", "title": "New ticket", "components": []object{
		{"type": 18, "label": "Subject", "description": "In short", "component": object{
			"type": 4, "custom_id": "subject", "style": 1, "max_length": 20, "min_length": 3,
		}},
		{"type": 18, "label": "Kind", "component": object{"type": 3, "custom_id": "kind", "options": []object{
			{"label": "Bug", "value": "bug"}, {"label": "Idea", "value": "idea"},
		}}},
		{"type": 1, "components": []object{{"type": 4, "custom_id": "text", "label": "Text", "style": 2, "required": false}}},
	}}).want(204)
	noError(t, in.Wait(w.ctx))
	modal := in.Modal()
	same(t, "title", modal.Title, "New ticket")
	if field, ok := modal.Field("Subject"); !ok || field.CustomID != "subject" || field.Description != "In short" {
		t.Fatalf("field = %+v", field)
	}
	for what, values := range map[string]discordtest.Values{
		"too short": {"subject": "ab", "kind": "bug"},
		"too long":  {"subject": "abcdefghijklmnopqrstuvwxyz", "kind": "bug"},
		"missing":   {"kind": "bug"},
		"no option": {"subject": "abc", "kind": "none"},
		"no kind":   {"subject": "abc"},
		"unknown":   {"subject": "abc", "kind": "bug", "other": "x"},
		"no text":   {"subject": 5, "kind": "bug"},
	} {
		if err := in.Submit(w.ctx, values).Err(); !errors.Is(err, discordtest.ErrNotAllowed) {
			t.Errorf("%s: %v", what, err)
		}
	}
	sent := in.Submit(w.ctx, discordtest.Values{"Subject": "Help me", "kind": []string{"Bug"}})
	got := s.event("INTERACTION_CREATE").object(t)
	same(t, "type", got["type"], any(5.0))
	data := got["data"].(object)
	same(t, "custom ID", data["custom_id"], any("new"))
	parts := data["components"].([]any)
	same(t, "subject", parts[0].(object)["component"].(object)["value"], any("Help me"))
	same(t, "kind", parts[1].(object)["component"].(object)["values"].([]any)[0], any("bug"))
	same(t, "text", parts[2].(object)["components"].([]any)[0].(object)["value"], any(""))
	w.answer(got, 9, object{}).formError("INTERACTION_APPLICATION_COMMAND_INVALID_TYPE", "type")
	w.answer(got, 4, object{"content": "Thanks"}).want(204)
	noError(t, sent.Wait(w.ctx))
	same(t, "reply", sent.Reply().Content, "Thanks")
	if err := sent.Submit(w.ctx, nil).Err(); !errors.Is(err, discordtest.ErrNotAllowed) {
		t.Fatalf("submitted no modal: %v", err)
	}
}

func TestModalLimits(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	event := s.event("INTERACTION_CREATE").object(t)
	input := object{"type": 4, "custom_id": "a", "style": 1}
	label := object{"type": 18, "label": "A", "component": input}
	modal := func(title string, parts ...object) object {
		return object{"custom_id": "m", "title": title, "components": parts}
	}
	long := "A title that is longer than the forty-five characters"
	w.answer(event, 9, modal(long, label)).formError("BASE_TYPE_BAD_LENGTH", "data", "title")
	w.answer(event, 9, modal("T")).formError("BASE_TYPE_BAD_LENGTH", "data", "components")
	w.answer(event, 9, modal("T", label, label)).formError("COMPONENT_CUSTOM_ID_DUPLICATED", "data", "components")
	w.answer(event, 9, modal("T", input)).formError("BASE_TYPE_CHOICES", "data", "components", "0", "type")
	w.answer(event, 9, modal("T", object{"type": 18, "label": long, "component": input})).
		formError("BASE_TYPE_BAD_LENGTH", "data", "components", "0", "label")
	w.answer(event, 9, modal("T", object{"type": 18, "label": "A"})).
		formError("BASE_TYPE_REQUIRED", "data", "components", "0", "component")
	w.answer(event, 9, modal("T", object{"type": 10, "content": "Read this"}, label)).want(204)
}

func TestAModalFromAButtonMayUpdateItsMessage(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.say(w.general, object{"components": []object{{"type": 1, "components": []object{
		{"type": 2, "style": 1, "label": "Note", "custom_id": "note"},
	}}}}).want(200)
	in := w.max.Clicks(w.ctx, w.general.Last(), "note")
	event := s.until("INTERACTION_CREATE").object(t)
	w.answer(event, 9, object{"custom_id": "m", "title": "Note", "components": []object{
		{"type": 18, "label": "Text", "component": object{"type": 4, "custom_id": "text", "style": 2, "value": "prefilled"}},
	}}).want(204)
	sent := in.Submit(w.ctx, nil)
	event = s.event("INTERACTION_CREATE").object(t)
	same(t, "value", event["data"].(object)["components"].([]any)[0].(object)["component"].(object)["value"], any("prefilled"))
	w.answer(event, 7, object{"content": "Noted"}).want(204)
	noError(t, sent.Wait(w.ctx))
	same(t, "updated", w.general.Last().Content, "Noted")
}

func TestAutocomplete(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.call("POST", w.commandsPath(), object{"name": "macro", "description": "Macros", "options": []object{
		{"type": 3, "name": "name", "description": "Which", "autocomplete": true, "required": true},
	}}).want(201)
	in := w.max.Completes(w.ctx, w.general, "/macro", discordtest.Args{"name": "gr"}, "name")
	event := s.event("INTERACTION_CREATE").object(t)
	same(t, "focused", event["data"].(object)["options"].([]any)[0].(object)["focused"], any(true))
	w.answer(event, 8, object{"choices": []object{{"name": "Greeting", "value": "greeting"}}}).want(204)
	noError(t, in.Wait(w.ctx))
	same(t, "choice", in.Choices()[0].Name, "Greeting")
}

func TestContextMenus(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent &^ discordtest.IntentMessageContent)
	m, err := w.ana.Posts(w.general, "my mouse is broken")
	noError(t, err)
	s.event("MESSAGE_CREATE")
	noError(t, w.max.Uses(w.ctx, m, "Open a ticket").Err())
	data := s.event("INTERACTION_CREATE").object(t)["data"].(object)
	same(t, "target", data["target_id"], any(m.ID.String()))
	target := data["resolved"].(object)["messages"].(object)[m.ID.String()].(object)
	same(t, "content", target["content"], any("my mouse is broken"))
	noError(t, w.max.UsesOn(w.ctx, w.general, w.ana, "Tickets of").Err())
	data = s.event("INTERACTION_CREATE").object(t)["data"].(object)
	same(t, "target", data["target_id"], any(w.ana.ID().String()))
}

func TestWithResponse(t *testing.T) {
	w := newWorld(t)
	w.register()
	s := w.connect(everyIntent)
	w.ana.Runs(w.ctx, w.general, "/ticket open", nil)
	event := s.event("INTERACTION_CREATE").object(t)
	path := fmt.Sprintf("/interactions/%s/%s/callback?with_response=true", event["id"], event["token"])
	got := w.call("POST", path, object{"type": 4, "data": object{"content": "Hi"}}).object(200)
	same(t, "type", got["interaction"].(object)["type"], any(2.0))
	same(t, "message", got["resource"].(object)["message"].(object)["content"], any("Hi"))
	created := s.event("MESSAGE_CREATE").object(t)
	same(t, "metadata", created["interaction_metadata"].(object)["user"].(object)["global_name"], any("Ana"))
}

func TestAClickInADirectMessage(t *testing.T) {
	w := newWorld(t)
	s := w.connect(everyIntent)
	w.say(w.ana.DM(), object{"components": []object{{"type": 1, "components": []object{
		{"type": 2, "style": 1, "label": "Rate", "custom_id": "rate"},
	}}}}).want(200)
	w.ana.Clicks(w.ctx, w.ana.DM().Last(), "Rate")
	event := s.until("INTERACTION_CREATE").object(t)
	same(t, "user", event["user"].(object)["global_name"], any("Ana"))
	if event["member"] != nil || event["guild_id"] != nil {
		t.Fatalf("a DM has no guild: %v", event)
	}
}
