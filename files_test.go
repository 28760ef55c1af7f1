package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/ticketsys/ticketsys/adapters/sqlstore"
	"github.com/ticketsys/ticketsys/adapters/sqlstore/sqlstoretest"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/member"
	"github.com/ticketsys/ticketsys/domain/ticket"
	"github.com/ticketsys/ticketsys/graph/scalar"
)

// asks sends an operation of a member and reads the data into a struct.
func (f *face) asks(t *testing.T, who *member.Member, query string, into any) {
	t.Helper()
	status, body := f.post(t, f.token(t, who), query)
	if err := json.Unmarshal([]byte(body), into); err != nil || status != http.StatusOK || strings.Contains(body, `"errors":`) {
		t.Fatalf("%s: %d %s %v", query, status, body, err)
	}
}

// opens follows a link to a file.
func (f *face) opens(t *testing.T, method, link, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	path, ok := strings.CutPrefix(link, "https://help.example.org")
	if !ok {
		t.Fatalf("the link is %q", link)
	}
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, r)
	return w
}

// replies uploads a file and sends it in a reply.
func (f *face) replies(t *testing.T, who *member.Member, tk *ticket.Ticket, name, content string) (uploadLink string) {
	t.Helper()
	var begun struct {
		Data struct {
			CreateUpload struct {
				Attachment struct{ ID string }
				UploadURL  string
			}
		}
	}
	f.asks(t, who, `mutation { createUpload(input: {name: "`+name+`"}) { attachment { id } uploadUrl } }`, &begun)
	uploadLink = begun.Data.CreateUpload.UploadURL
	if w := f.opens(t, http.MethodPut, uploadLink, content); w.Code != http.StatusCreated {
		t.Fatalf("the upload is answered %d %s", w.Code, w.Body)
	}
	var said struct {
		Data struct {
			ReplyToTicket struct{ Message struct{ Body string } }
		}
	}
	f.asks(t, who, `mutation { replyToTicket(input: {ticketId: "`+scalar.Encode(scalar.Ticket, int64(tk.ID))+
		`", body: "see", attachmentIds: ["`+begun.Data.CreateUpload.Attachment.ID+`"]}) { message { body } } }`, &said)
	if said.Data.ReplyToTicket.Message.Body != "see" {
		t.Fatal("the reply was refused")
	}
	return uploadLink
}

// link gives the address of the only file of the latest message.
func (f *face) link(t *testing.T, who *member.Member, tk *ticket.Ticket) string {
	t.Helper()
	var seen struct {
		Data struct {
			Ticket struct {
				Messages struct {
					Nodes []struct{ Attachments []struct{ URL string } }
				}
			}
		}
	}
	f.asks(t, who, `{ ticket(id: "`+scalar.Encode(scalar.Ticket, int64(tk.ID))+`") { messages(last: 1) { nodes { attachments { url } } } } }`, &seen)
	return seen.Data.Ticket.Messages.Nodes[0].Attachments[0].URL
}

func eachFace(t *testing.T, tell func(t *testing.T, f *face)) {
	t.Helper()
	sqlstoretest.Each(t, func(t *testing.T, s *sqlstore.Store) { tell(t, newFace(t, s)) })
}

func TestAFileIsOpenedByItsLinkForAsLongAsOneMay(t *testing.T) {
	eachFace(t, func(t *testing.T, f *face) {
		tk := f.Opens(t, f.Lea, f.Help)
		f.replies(t, f.Chidi, tk, "rapport été.txt", "hello world")
		link := f.link(t, f.Lea, tk)
		w := f.opens(t, http.MethodGet, link, "")
		if w.Code != http.StatusOK || w.Body.String() != "hello world" {
			t.Fatalf("the link is answered %d %q", w.Code, w.Body)
		}
		for header, want := range map[string]string{
			"Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff",
			"Content-Disposition":     "attachment; filename*=utf-8''rapport%20%C3%A9t%C3%A9.txt",
			"Content-Security-Policy": "default-src 'none'; sandbox", "Cache-Control": "private, no-cache",
		} {
			if got := w.Header().Get(header); got != want {
				t.Errorf("%s is %q, want %q", header, got, want)
			}
		}
		if part := f.opens(t, http.MethodGet, link, "", "Range", "bytes=6-"); part.Code != http.StatusPartialContent || part.Body.String() != "world" {
			t.Errorf("a part is answered %d %q", part.Code, part.Body)
		}
		if same := f.opens(t, http.MethodGet, link, "", "If-None-Match", w.Header().Get("ETag")); same.Code != http.StatusNotModified {
			t.Errorf("who has it already is answered %d", same.Code)
		}
		if put := f.opens(t, http.MethodPut, link, "other"); put.Code != http.StatusUnauthorized {
			t.Errorf("what may be read may be written: %d", put.Code)
		}
		if head := f.opens(t, http.MethodHead, link, ""); head.Code != http.StatusOK || head.Body.Len() != 0 {
			t.Errorf("a look at the header is answered %d", head.Code)
		}
		_, secret, _ := strings.Cut(link, "link=")
		if f.log.has(secret) || secret == "" {
			t.Error("the log holds the secret of a link")
		}
		f.Clock.Advance(file.LinkLife + file.LinkStep)
		if late := f.opens(t, http.MethodGet, link, ""); late.Code != http.StatusUnauthorized {
			t.Errorf("an old link is answered %d", late.Code)
		}
	})
}

func TestAFileIsClosedToWhoMayNotReadItsMessageAnyMore(t *testing.T) {
	eachFace(t, func(t *testing.T, f *face) {
		tk := f.Opens(t, f.Lea, f.Help)
		upload := f.replies(t, f.Chidi, tk, "a.txt", "hello")
		lea, dana := f.link(t, f.Lea, tk), f.link(t, f.Sam, tk)
		if err := f.Members.SetRole(t.Context(), member.Ref{Workspace: f.Workspace.ID, ID: f.Sam.ID}, access.RoleRequester); err != nil {
			t.Fatal(err)
		}
		if w := f.opens(t, http.MethodGet, dana, ""); w.Code != http.StatusNotFound {
			t.Errorf("who is no staff any more is answered %d", w.Code)
		}
		last := f.Read(t, tk.ID).Last.ID
		var gone struct{ Data struct{} }
		f.asks(t, f.Chidi, `mutation { deleteMessage(input: {ticketId: "`+scalar.Encode(scalar.Ticket, int64(tk.ID))+
			`", messageId: "`+scalar.Encode(scalar.Message, int64(last))+`"}) { message { id } } }`, &gone)
		if w := f.opens(t, http.MethodGet, lea, ""); w.Code != http.StatusNotFound || strings.Contains(w.Body.String(), "hello") {
			t.Errorf("the file of a deleted message is answered %d", w.Code)
		}
		if w := f.opens(t, http.MethodGet, f.link(t, f.Chidi, tk), ""); w.Code != http.StatusOK {
			t.Errorf("staff is answered %d", w.Code)
		}
		if w := f.opens(t, http.MethodPut, upload, "other"); w.Code != http.StatusConflict {
			t.Errorf("a second upload is answered %d", w.Code)
		}
	})
}

func TestNothingActiveIsShownInABrowser(t *testing.T) {
	f := newFace(t, sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now}))
	for content, want := range map[string]string{
		"<!doctype html><script>alert(1)</script>":                    "attachment text/plain; charset=utf-8",
		`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`: "attachment text/plain; charset=utf-8",
		"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR":                         "inline image/png",
		"GIF89a<script>":                                              "inline image/gif",
		"%PDF-1.7":                                                    "attachment application/pdf",
		"\x00\x01\x02":                                                "attachment application/octet-stream",
		"\xef\xbb\xbf<?xml version=\"1.0\"?><html xmlns=\"...\"><script/></html>": "attachment text/plain; charset=utf-8",
	} {
		tk := f.Opens(t, f.Lea, f.Help)
		f.replies(t, f.Chidi, tk, "x.html", content)
		link := f.link(t, f.Lea, tk)
		w := f.opens(t, http.MethodGet, link, "")
		how, _, _ := strings.Cut(w.Header().Get("Content-Disposition"), ";")
		if got := how + " " + w.Header().Get("Content-Type"); got != want {
			t.Errorf("%q is served as %q, want %q", content, got, want)
		}
		if w := f.opens(t, http.MethodGet, link+"&download", ""); !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Errorf("%q is not saved", content)
		}
	}
}

// Who signs out everywhere leaves no link behind, to read by or to write; they get others.
func TestLinksEndWithSigningOutEverywhere(t *testing.T) {
	eachFace(t, func(t *testing.T, f *face) {
		tk := f.Opens(t, f.Lea, f.Help)
		upload := f.replies(t, f.Chidi, tk, "a.txt", "hello")
		link, other := f.link(t, f.Lea, tk), f.link(t, f.Chidi, tk)
		signOut := func(who *member.Member) {
			var out struct{}
			f.asks(t, who, `mutation { signOutEverywhere(input: {}) { userErrors { message } } }`, &out)
		}
		signOut(f.Lea)
		for _, path := range []string{link, strings.Replace(link, "?", "/thumbnail?", 1)} {
			if w := f.opens(t, http.MethodGet, path, ""); w.Code != http.StatusUnauthorized {
				t.Errorf("%.60s is answered %d after signing out", path, w.Code)
			}
		}
		if w := f.opens(t, http.MethodGet, other, ""); w.Code != http.StatusOK {
			t.Errorf("another's link is answered %d", w.Code)
		}
		signOut(f.Chidi)
		if w := f.opens(t, http.MethodPut, upload, "other"); w.Code != http.StatusUnauthorized {
			t.Errorf("an upload is answered %d after signing out", w.Code)
		}
		if w := f.opens(t, http.MethodGet, f.link(t, f.Lea, tk), ""); w.Code != http.StatusOK || w.Body.String() != "hello" {
			t.Errorf("a link that was made since is answered %d %q", w.Code, w.Body)
		}
	})
}

func TestALinkIsNoToken(t *testing.T) {
	f := newFace(t, sqlstoretest.Open(t, sqlstore.Options{URL: sqlstoretest.SQLite(t), Now: time.Now}))
	tk := f.Opens(t, f.Lea, f.Help)
	f.replies(t, f.Chidi, tk, "a.txt", "hello")
	link := f.link(t, f.Lea, tk)
	at, secret, _ := strings.Cut(link, "?link=")
	if status, _ := f.post(t, secret, `{ viewer { id } }`); status != http.StatusUnauthorized {
		t.Errorf("a link signs its holder in: %d", status)
	}
	for name, forged := range map[string]string{
		"a token": at + "?link=" + f.token(t, f.Lea), "another file": "https://help.example.org/files/zzz?link=" + secret,
		"none": at, "half": at + "?link=" + secret[:len(secret)/2], "long": at + "?link=" + strings.Repeat("x", 5000),
	} {
		if w := f.opens(t, http.MethodGet, forged, ""); w.Code != http.StatusUnauthorized {
			t.Errorf("%s opens the file: %d", name, w.Code)
		}
	}
}
