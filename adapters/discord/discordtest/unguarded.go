package discordtest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
)

// Unguarded are the requests that sent or changed a message without saying whom it may ping, or that let its words
// decide: on Discord each of them would ping whomever somebody happened to name.
func (s *Server) Unguarded() []Request {
	var found []Request
	for _, r := range s.Requests() {
		for _, m := range sentBy(r) {
			if !m.guarded() {
				found = append(found, r)
				break
			}
		}
	}
	return found
}

// sentMessage is as much of a message as tells whom it may ping.
type sentMessage struct {
	Content string `json:"content"`
	Allowed *struct {
		Parse *[]string `json:"parse"`
		Roles []ID      `json:"roles"`
	} `json:"allowed_mentions"`
}

// guarded lets roles be pinged by a message that says nothing else: nobody can have
// named them by the way.
func (m sentMessage) guarded() bool {
	if m.Allowed == nil || m.Allowed.Parse == nil || len(*m.Allowed.Parse) > 0 {
		return false
	}
	return len(m.Allowed.Roles) == 0 || strings.TrimSpace(roleMention().ReplaceAllString(m.Content, "")) == ""
}

// Kinds of an interaction's answer that hold a message.
const (
	answerMessage = 4
	answerUpdate  = 7
)

// sentBy gives the messages that a request sends or changes.
func sentBy(r Request) []sentMessage {
	var body struct {
		sentMessage

		Type    int          `json:"type"`
		Data    *sentMessage `json:"data"`
		Message *sentMessage `json:"message"`
	}
	parts := strings.Split(strings.Trim(r.Path, "/"), "/")
	if r.Method != http.MethodPost && r.Method != http.MethodPatch || json.Unmarshal(payloadOf(r.Body), &body) != nil {
		return nil
	}
	switch last := parts[len(parts)-1]; {
	case parts[0] == "interactions" && last == "callback":
		if body.Data != nil && (body.Type == answerMessage || body.Type == answerUpdate) {
			return []sentMessage{*body.Data}
		}
	case parts[0] == "channels" && len(parts) >= 3 && parts[2] == "messages" && len(parts) <= 4,
		parts[0] == "webhooks" && (len(parts) == 3 || len(parts) == 5 && parts[3] == "messages"):
		return []sentMessage{body.sentMessage}
	case parts[0] == "channels" && last == "threads" && body.Message != nil:
		return []sentMessage{*body.Message}
	}
	return nil
}

// payloadOf gives the JSON of a body, be it in a form with files or by itself.
func payloadOf(body []byte) []byte {
	boundary, _, ok := bytes.Cut(body, []byte("\r\n"))
	if !ok || !bytes.HasPrefix(boundary, []byte("--")) {
		return body
	}
	form := multipart.NewReader(bytes.NewReader(body), string(boundary[2:]))
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil
		}
		if part.FormName() == "payload_json" {
			raw, _ := io.ReadAll(part) // of memory
			return raw
		}
	}
}

// GuardPings looks, when the test ends, at every message that the bot sent or changed in it, and fails the test for
// each that leaves to its words whom it pings.
func (s *Server) GuardPings(t T) {
	t.Helper()
	t.Cleanup(func() {
		for _, r := range s.Unguarded() {
			t.Errorf("%s %s pings whomever its text names: %s", r.Method, r.Path, r.Body)
		}
	})
}
