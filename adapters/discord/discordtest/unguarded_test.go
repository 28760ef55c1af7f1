package discordtest

import "testing"

func TestUnguardedMessagesAreFound(t *testing.T) {
	s := &Server{}
	for _, c := range []struct {
		method, path, body string
		found              bool
	}{
		{"POST", "/channels/1/messages", `{"content":"x"}`, true},
		{"POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{}}`, true},
		{"POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{"parse":["users"]}}`, true},
		{"POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{"parse":[],"roles":["5"]}}`, true},
		{"POST", "/channels/1/messages", `{"content":"<@&5> x","allowed_mentions":{"parse":[],"roles":["5"]}}`, true},
		{"POST", "/channels/1/messages", `{"content":"<@&5> <@&6>","allowed_mentions":{"parse":[],"roles":["5","6"]}}`, false},
		{"POST", "/channels/1/messages", `{"content":"x","allowed_mentions":{"parse":[],"users":["5"]}}`, false},
		{"PATCH", "/channels/1/messages/2", `{"content":"x"}`, true},
		{"DELETE", "/channels/1/messages/2", ``, false},
		{"PUT", "/channels/1/messages/2/reactions/x/@me", ``, false},
		{"POST", "/channels/1/messages/bulk-delete/x", `{}`, false},
		{"POST", "/channels/1/threads", `{"name":"x"}`, false},
		{"POST", "/channels/1/threads", `{"name":"x","message":{"content":"y"}}`, true},
		{"POST", "/webhooks/1/token", `{"content":"x"}`, true},
		{"PATCH", "/webhooks/1/token/messages/@original", `{"content":"x"}`, true},
		{"PATCH", "/webhooks/1/token/messages/@original", `{"allowed_mentions":{"parse":[]}}`, false},
		{"POST", "/interactions/1/token/callback", `{"type":4,"data":{"content":"x"}}`, true},
		{"POST", "/interactions/1/token/callback", `{"type":4,"data":{"allowed_mentions":{"parse":[]}}}`, false},
		{"POST", "/interactions/1/token/callback", `{"type":5,"data":{"flags":64}}`, false},
		{"POST", "/interactions/1/token/callback", `{"type":9,"data":{"title":"x"}}`, false},
		{"POST", "/channels/1/messages", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"content\":\"x\"}\r\n--b--\r\n", true},
		{"POST", "/channels/1/messages", "--b\r\nContent-Disposition: form-data; name=\"payload_json\"\r\n\r\n{\"allowed_mentions\":{\"parse\":[]}}\r\n--b--\r\n", false},
	} {
		s.log = []Request{{Method: c.method, Path: c.path, Body: []byte(c.body)}}
		if got := len(s.Unguarded()) > 0; got != c.found {
			t.Errorf("%s %s %s: %v, want %v", c.method, c.path, c.body, got, c.found)
		}
	}
}
