package discordtest

import (
	"encoding/json"
	"net/url"
	"strings"
)

// arranger gives the components of a message what Discord gives them: an ID each, and the defaults that were left out.
type arranger struct {
	s    *Server
	m    *message
	used map[int]bool
	next int
}

// arranged are the components as people and bots read them.
func (s *Server) arranged(m *message) json.RawMessage {
	var list []map[string]any
	if emptyList(m.components) || json.Unmarshal(m.components, &list) != nil {
		return m.components
	}
	a := &arranger{s: s, m: m, used: map[int]bool{}}
	a.each(list, a.note)
	a.each(list, a.number)
	a.each(list, a.fill)
	return encode(list)
}

// each calls f for every component, an outer one before those inside it.
func (a *arranger) each(list []map[string]any, f func(map[string]any)) {
	for _, c := range list {
		f(c)
		for _, key := range []string{"accessory", "component"} {
			if inner, ok := c[key].(map[string]any); ok {
				a.each([]map[string]any{inner}, f)
			}
		}
		if inner, ok := c["components"].([]any); ok {
			for _, one := range inner {
				if object, ok := one.(map[string]any); ok {
					a.each([]map[string]any{object}, f)
				}
			}
		}
	}
}

func (a *arranger) note(c map[string]any) {
	if id, ok := c["id"].(float64); ok && id > 0 {
		a.used[int(id)] = true
	}
}

func (a *arranger) number(c map[string]any) {
	if id, ok := c["id"].(float64); ok && id > 0 {
		return
	}
	for a.next++; a.used[a.next]; a.next++ {
	}
	c["id"] = a.next
}

// fill sets the defaults of the component's type.
func (a *arranger) fill(c map[string]any) {
	kind, _ := c["type"].(float64)
	defaults := map[string]any{}
	switch k := int(kind); {
	case k == ComponentContainer:
		defaults = map[string]any{"accent_color": nil, "spoiler": false}
	case k == ComponentThumbnail:
		defaults = map[string]any{"description": nil, "spoiler": false}
		a.media(c, "media")
	case k == ComponentGallery:
		a.gallery(c)
	case k == ComponentFile:
		defaults = map[string]any{"spoiler": false, "name": nil, "size": nil}
		a.media(c, "file")
	case k == ComponentSeparator:
		defaults = map[string]any{"divider": true, "spacing": 1}
	case Component{Type: k}.isSelect():
		defaults = map[string]any{"min_values": 1, "max_values": 1}
	}
	for key, value := range defaults {
		if c[key] == nil {
			c[key] = value
		}
	}
}

func (a *arranger) gallery(c map[string]any) {
	items, _ := c["items"].([]any)
	for _, one := range items {
		item, ok := one.(map[string]any)
		if !ok {
			continue
		}
		a.media(item, "media")
		for key, value := range map[string]any{"description": nil, "spoiler": false} {
			if item[key] == nil {
				item[key] = value
			}
		}
	}
}

// media resolves attachment://name to the message's file, and counts its name and size where it is a file component.
func (a *arranger) media(c map[string]any, key string) {
	media, ok := c[key].(map[string]any)
	if !ok {
		return
	}
	link, _ := media["url"].(string)
	out := map[string]any{"id": a.m.id, "url": link, "proxy_url": link, "width": nil, "height": nil, "content_type": nil}
	if name, local := strings.CutPrefix(link, "attachment://"); local {
		for _, f := range a.m.attachments {
			if f.Filename == unescaped(name) {
				f = a.s.signed(f)
				out["id"], out["attachment_id"], out["url"], out["proxy_url"], out["content_type"] = f.ID, f.ID, f.URL, f.ProxyURL, f.ContentType
				if key == "file" {
					c["name"], c["size"] = f.Filename, f.Size
				}
			}
		}
	}
	c[key] = out
}

func unescaped(text string) string {
	if plain, err := url.PathUnescape(text); err == nil {
		return plain
	}
	return text
}
