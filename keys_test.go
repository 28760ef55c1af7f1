package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// prints runs a command that succeeds, and gives what it prints.
func prints(t *testing.T, env []string, args ...string) string {
	t.Helper()
	r := ticketsys(t.Context(), t, env, args...)
	if r.status != 0 {
		t.Fatalf("%v: status %d, %s", args, r.status, r.err)
	}
	return strings.TrimSuffix(r.out, "\n")
}

// fetched asks a running program for something, and gives the status and the answer.
func fetched(t *testing.T, p program, method, path, bearer, body string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// kids are the IDs of the keys by which a program says that tokens are checked.
func kids(t *testing.T, p program) []string {
	t.Helper()
	_, body := fetched(t, p, http.MethodGet, "/.well-known/jwks.json", "", "")
	var document struct {
		Keys []struct{ Kid string }
	}
	if err := json.Unmarshal([]byte(body), &document); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	var all []string
	for _, k := range document.Keys {
		all = append(all, k.Kid)
	}
	return all
}

// While the program serves, its keys are rotated: what was signed before is good, what
// is signed from now on is good within a second, and others find both keys.
func TestSigningKeysAreRotatedUnderARunningProgram(t *testing.T) {
	env := inFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	before := prints(t, env, "token", "--role", "admin")
	if status, body := fetched(t, p, http.MethodGet, "/api/v1/me", before, ""); status != http.StatusOK {
		t.Fatalf("%d %s", status, body)
	}
	kid := prints(t, env, "keys", "rotate")
	after := prints(t, env, "token", "--role", "admin")
	for name, token := range map[string]string{"before": before, "after": after} {
		status, body := fetched(t, p, http.MethodGet, "/api/v1/me", token, "")
		for ended := time.Now().Add(20 * time.Second); status != http.StatusOK && time.Now().Before(ended); { // keys are looked for once a second at most
			status, body = fetched(t, p, http.MethodGet, "/api/v1/me", token, "")
		}
		if status != http.StatusOK {
			t.Errorf("the token of %s: %d %s", name, status, body)
		}
	}
	if all := kids(t, p); len(all) != 2 || all[0] != kid {
		t.Errorf("the keys are %v, the newest is %s", all, kid)
	}
	ticketsys(t.Context(), t, env, "keys", "rotate", "--overlap", "-1h").oneLine(t, statusUsage, "--overlap")
	stop()
	<-p.ended
}

// Whatever is asked of the program, in vain or not: no secret is in its log.
func TestSecretsAreNeverLogged(t *testing.T) {
	env := append([]string{"TICKETSYS_LOG_LEVEL", "debug", "TICKETSYS_SECRET", "a secret of this test"}, inFolder(t)...)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	token := prints(t, env, "token", "--role", "admin")
	made := prints(t, env, "api-key", "create", "--name", "Robot", "--role", "admin", "--scope", "ticket.see", "--scope", "ticket.open")
	_, body := fetched(t, p, http.MethodPost, "/api/v1/api-keys", token, `{"name": "Other", "scopes": ["ticket.see"]}`)
	var own struct{ ID, Secret string }
	if err := json.Unmarshal([]byte(body), &own); err != nil || own.Secret == "" {
		t.Fatalf("%v in %s", err, body)
	}
	_, body = fetched(t, p, http.MethodPost, "/api/v1/attachments", made, `{"name": "a.txt"}`)
	var begun struct{ UploadURL string }
	if err := json.Unmarshal([]byte(body), &begun); err != nil || begun.UploadURL == "" {
		t.Fatalf("%v in %s", err, body)
	}
	_, link, _ := strings.Cut(begun.UploadURL, "link=")
	fetched(t, p, http.MethodPut, begun.UploadURL, "", "bread")
	fetched(t, p, http.MethodPut, begun.UploadURL+"x", "", "bread")
	for _, bearer := range []string{token, token + "x", made, made[:len(made)-1] + "_", own.Secret} {
		fetched(t, p, http.MethodGet, "/api/v1/me", bearer, "")
		fetched(t, p, http.MethodPost, "/graphql", bearer, `{"query": "{ viewer { id } }"}`)
		fetched(t, p, http.MethodPost, "/graphql", bearer, `{"query": "{ nothing(secret: \"`+bearer+`\") }"}`)
		fetched(t, p, http.MethodPost, "/api/v1/tickets", bearer, `{"subject": 1, "x": "`+bearer+`"`)
	}
	refresh := prints(t, env, "token", "--role", "agent", "--refresh")
	_, body = fetched(t, p, http.MethodPost, "/api/v1/sessions/refresh", "", `{"refreshToken": "`+refresh+`"}`)
	var let struct{ AccessToken, RefreshToken string }
	if err := json.Unmarshal([]byte(body), &let); err != nil || let.RefreshToken == "" {
		t.Fatalf("%v in %s", err, body)
	}
	_, body = fetched(t, p, http.MethodPost, "/api/v1/sign-in-codes", token, `{}`)
	var code struct{ Code string }
	if err := json.Unmarshal([]byte(body), &code); err != nil || code.Code == "" {
		t.Fatalf("%v in %s", err, body)
	}
	_, body = fetched(t, p, http.MethodPost, "/api/v1/channel-link-codes", token, `{"channel": "discord"}`)
	var linking struct{ Code string }
	if err := json.Unmarshal([]byte(body), &linking); err != nil || linking.Code == "" {
		t.Fatalf("%v in %s", err, body)
	}
	for range 2 { // the second time in vain
		fetched(t, p, http.MethodPost, "/api/v1/sessions", "", `{"code": "`+code.Code+`"}`)
		fetched(t, p, http.MethodPost, "/api/v1/sessions", "", `{"code": "`+code.Code+`", "label": 1`)
		fetched(t, p, http.MethodPost, "/graphql", "", `{"query": "mutation { refreshSession(input: {refreshToken: \"`+let.RefreshToken+`\"}) { tokens { accessToken } } }"}`)
		fetched(t, p, http.MethodPost, "/graphql", "", `{"query": "mutation { refreshSession(input: {secret: \"`+let.RefreshToken+`\"}) { nothing } }"}`)
		fetched(t, p, http.MethodGet, "/api/v1/me", let.RefreshToken, "")
	}
	fetched(t, p, http.MethodDelete, "/api/v1/api-keys/"+own.ID, token, "")
	fetched(t, p, http.MethodGet, "/api/v1/me", own.Secret, "")
	stop()
	log := (<-p.ended).err
	if !strings.Contains(log, "path=/api/v1/me") {
		t.Fatalf("the log tells of no request, so that it proves nothing: %s", log)
	}
	for name, secret := range map[string]string{
		"token": token, "its signature": token[strings.LastIndex(token, ".")+1:], "API key": made, "its secret": made[21:], "own key": own.Secret[21:],
		"refresh token": refresh, "its secret part": refresh[21:], "next one": let.RefreshToken, "access token": let.AccessToken, "code": code.Code, "code of a link": linking.Code,
		"link": link, "the program's": "a secret of this test",
	} {
		if secret == "" || strings.Contains(log, secret) {
			t.Errorf("the log holds the %s %q", name, secret)
		}
	}
}

// A key that GraphQL made lets a program in at every door, is listed with its use and
// without its secret, and lets nobody in once GraphQL revoked it.
func TestAPIKeysAreKeptByGraphQL(t *testing.T) {
	env := inFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	admin := prints(t, env, "token", "--role", "admin")
	asks := func(bearer, query string) string {
		t.Helper()
		in, err := json.Marshal(map[string]string{"query": query})
		if err != nil {
			t.Fatal(err)
		}
		_, body := fetched(t, p, http.MethodPost, "/graphql", bearer, string(in))
		return body
	}
	holds := func(text, words string) {
		t.Helper()
		if !strings.Contains(text, words) {
			t.Errorf("%q is not in %q", words, text)
		}
	}
	var made struct {
		Data struct {
			CreateAPIKey struct {
				APIKey struct{ ID string }
				Secret string
			} `json:"createApiKey"`
		}
	}
	body := asks(admin, `mutation { createApiKey(input: {name: "Robot", scopes: [TICKET_SEE]}) { apiKey { id } secret userErrors { message } } }`)
	if err := json.Unmarshal([]byte(body), &made); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	key := made.Data.CreateAPIKey
	if status, body := fetched(t, p, http.MethodGet, "/api/v1/tickets", key.Secret, ""); status != http.StatusOK {
		t.Fatalf("the new key gets %d %s", status, body)
	}
	holds(asks(key.Secret, `{ tickets { totalCount } }`), `"totalCount":0`)
	listed := asks(admin, `{ apiKeys { nodes { id name scopes lastUsedAt revokedAt } } }`)
	for _, told := range []string{`"id":"` + key.APIKey.ID + `"`, `"name":"Robot"`, `"lastUsedAt":"2`, `"revokedAt":null`} {
		holds(listed, told)
	}
	if key.Secret == "" || strings.Contains(listed, key.Secret[21:]) {
		t.Errorf("the list tells the secret: %s", listed)
	}
	holds(asks(admin, `mutation { revokeApiKey(input: {apiKeyId: "`+key.APIKey.ID+`"}) { apiKey { revokedAt } userErrors { message } } }`), `"revokedAt":"2`)
	if status, _ := fetched(t, p, http.MethodGet, "/api/v1/tickets", key.Secret, ""); status != http.StatusUnauthorized {
		t.Errorf("a revoked key gets %d", status)
	}
	holds(asks(key.Secret, `{ tickets { totalCount } }`), `"UNAUTHENTICATED"`)
	stop()
	<-p.ended
}

// A key of the command line lets a program in until it is revoked there.
func TestAPIKeysAreKeptByCommand(t *testing.T) {
	env := inFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	key := prints(t, env, "api-key", "create", "--name", "CI", "--role", "agent")
	if status, body := fetched(t, p, http.MethodGet, "/api/v1/tickets", key, ""); status != http.StatusOK {
		t.Errorf("%d %s", status, body)
	}
	list := prints(t, env, "api-key", "list")
	row := strings.Fields(strings.Split(list, "\n")[1])
	if row[1] != key[:20] || row[2] != "CI" || strings.Contains(list, key[21:]) {
		t.Errorf("the list is %s", list)
	}
	prints(t, env, "api-key", "revoke", row[0])
	if status, body := fetched(t, p, http.MethodGet, "/api/v1/tickets", key, ""); status != http.StatusUnauthorized {
		t.Errorf("a revoked key: %d %s", status, body)
	}
	ticketsys(t.Context(), t, env, "api-key", "create", "--name", "CI", "--role", "agent", "--scope", "everything").oneLine(t, statusUsage, "everything")
	ticketsys(t.Context(), t, env, "api-key", "revoke").oneLine(t, statusUsage, "ID")
	stop()
	<-p.ended
}

// What a key may spend is one purse for both doors: what is spent by REST is gone for
// GraphQL, and who has no more is told so alike, by the same headers.
func TestAKeySpendsOnePurseAtBothDoors(t *testing.T) {
	env := append([]string{"TICKETSYS_RATE_LIMIT", "20000"}, inFolder(t)...)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	key := prints(t, env, "api-key", "create", "--name", "Robot", "--role", "agent")
	asks := func(method, path, body string) (int, http.Header) {
		r, err := http.NewRequestWithContext(t.Context(), method, p.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+key)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		return response.StatusCode, response.Header
	}
	const much = `{"query": "{ tickets(first: 50) { nodes { messages(first: 100) { nodes { id } } } } }"}` // ten seconds' worth
	if status, header := asks(http.MethodPost, "/graphql", much); status != http.StatusOK {
		t.Fatalf("before anything is spent: %d %v", status, header)
	}
	refused := func(status int, header http.Header) bool {
		if status != http.StatusTooManyRequests {
			return false
		}
		if header.Get("Retry-After") == "" || !strings.HasPrefix(header.Get("RateLimit"), `"token";r=`) ||
			header.Get("RateLimit-Policy") != `"token";q=20000;w=60, "member";q=40000;w=60, "address";q=100000;w=60` {
			t.Errorf("a refusal comes with %v", header)
		}
		return true
	}
	for n := 0; !refused(asks(http.MethodGet, "/api/v1/tickets?first=100", "")); n++ {
		if n > 1000 {
			t.Fatal("a key spends for ever")
		}
	}
	if status, header := asks(http.MethodPost, "/graphql", much); !refused(status, header) {
		t.Errorf("what is spent by REST is there for GraphQL: %d %v", status, header)
	}
	stop()
	<-p.ended
}

// The command line signs somebody in, lists who is, and ends that, while the program
// serves.
func TestSessionsAreKeptByCommand(t *testing.T) {
	env := inFolder(t)
	ctx, stop := context.WithCancel(t.Context())
	p := serving(ctx, t, env)
	enters := func() (access string) {
		refresh := prints(t, env, "token", "--role", "agent", "--refresh", "--label", "Laptop")
		_, body := fetched(t, p, http.MethodPost, "/api/v1/sessions/refresh", "", `{"refreshToken": "`+refresh+`"}`)
		var let struct{ AccessToken string }
		if err := json.Unmarshal([]byte(body), &let); err != nil || let.AccessToken == "" {
			t.Fatalf("%v in %s", err, body)
		}
		if status, body := fetched(t, p, http.MethodGet, "/api/v1/me", let.AccessToken, ""); status != http.StatusOK {
			t.Fatalf("%d %s", status, body)
		}
		return let.AccessToken
	}
	out := func(what, token string) {
		t.Helper()
		if status, body := fetched(t, p, http.MethodGet, "/api/v1/me", token, ""); status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", what, status, body)
		}
	}
	first, loose := enters(), prints(t, env, "token", "--role", "agent")
	row := strings.Fields(strings.Split(prints(t, env, "session", "list"), "\n")[1])
	if len(row) < 3 || row[2] != "Laptop" {
		t.Fatalf("the list begins with %v", row)
	}
	prints(t, env, "session", "end", row[0])
	out("an ended session", first)
	second := enters()
	prints(t, env, "session", "sign-out", row[1])
	out("a session, after the sign-out", second)
	out("a token, after the sign-out", loose)
	enters()
	ticketsys(t.Context(), t, env, "session", "end").oneLine(t, statusUsage, "ID")
	ticketsys(t.Context(), t, env, "session", "sign-out", "x").oneLine(t, statusUsage, "member ID")
	ticketsys(t.Context(), t, env, "token", "--role", "agent", "--refresh", "--ttl", "1h").oneLine(t, statusUsage, "--ttl")
	stop()
	<-p.ended
}
