package discordtest

import "fmt"

// Embed is a rich embed of a message.
type Embed struct {
	Title       string       `json:"title,omitempty"`
	Type        string       `json:"type,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Color       int          `json:"color,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedMedia  `json:"image,omitempty"`
	Thumbnail   *EmbedMedia  `json:"thumbnail,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedFooter is the small text below an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedMedia is an image of an embed.
type EmbedMedia struct {
	URL string `json:"url"`
}

// EmbedAuthor is the name and avatar above an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a titled text of an embed.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// Field is the value of the embed's field with that name, "" when it has none.
func (e Embed) Field(name string) string {
	for _, f := range e.Fields {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

const (
	maxEmbeds    = 10
	maxEmbedSize = 6000
)

// checkEmbeds applies the limits of each embed and of all together.
func checkEmbeds(f *form, embeds []Embed) {
	if len(embeds) > maxEmbeds {
		f.add("embeds", "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", maxEmbeds))
	}
	total := 0
	for i, e := range embeds {
		e.check(f, fmt.Sprintf("embeds.%d", i))
		total += e.size()
	}
	if total > maxEmbedSize {
		f.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

func (e Embed) check(f *form, at string) {
	f.length(at+".title", e.Title, 0, 256)
	f.length(at+".description", e.Description, 0, 4096)
	if len(e.Fields) > 25 {
		f.add(at+".fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
	}
	for i, field := range e.Fields {
		f.length(fmt.Sprintf("%s.fields.%d.name", at, i), field.Name, 1, 256)
		f.length(fmt.Sprintf("%s.fields.%d.value", at, i), field.Value, 1, 1024)
	}
	if e.Footer != nil {
		f.length(at+".footer.text", e.Footer.Text, 0, 2048)
	}
	if e.Author != nil {
		f.length(at+".author.name", e.Author.Name, 0, 256)
	}
	if e.empty() {
		f.add(at+".description", "BASE_TYPE_REQUIRED", "This field is required")
	}
}

func (e Embed) empty() bool {
	return e.size() == 0 && e.Image == nil && e.Thumbnail == nil && e.URL == ""
}

// size counts the characters that are limited to 6000 over all embeds.
func (e Embed) size() int {
	n := len([]rune(e.Title)) + len([]rune(e.Description))
	for _, field := range e.Fields {
		n += len([]rune(field.Name)) + len([]rune(field.Value))
	}
	if e.Footer != nil {
		n += len([]rune(e.Footer.Text))
	}
	if e.Author != nil {
		n += len([]rune(e.Author.Name))
	}
	return n
}
