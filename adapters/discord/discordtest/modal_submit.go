package discordtest

import (
	"fmt"
	"strings"
)

func contains(m *Message, words string) bool { return strings.Contains(m.Text(), words) }

// submission is the data of a submitted modal, each input in the kind of place where the bot put it.
func (m *Modal) submission(s *Server, ch *channel, values Values) (map[string]any, error) {
	if err := m.unknown(values); err != nil {
		return nil, err
	}
	found := resolved{}
	components := []map[string]any{}
	for n, field := range m.Fields {
		input, err := field.input(s, ch, field.pick(values), found)
		if err != nil {
			return nil, err
		}
		input["id"] = 2*n + 2
		components = append(components, field.place(2*n+1, input))
	}
	for range m.texts {
		components = append(components, map[string]any{"type": ComponentText, "id": len(components)*2 + 1})
	}
	data := map[string]any{"custom_id": m.CustomID, "components": components}
	if len(found) > 0 {
		data["resolved"] = found
	}
	return data, nil
}

func (m *Modal) unknown(values Values) error {
	for key := range values {
		if _, ok := m.Field(key); !ok {
			return fmt.Errorf("%w: the modal has no field %q", ErrNotAllowed, key)
		}
	}
	return nil
}

func (f ModalField) pick(values Values) any {
	if v, ok := values[f.CustomID]; ok {
		return v
	}
	if v, ok := values[f.Label]; ok {
		return v
	}
	return nil
}

func (f ModalField) place(id int, input map[string]any) map[string]any {
	if f.labelled {
		return map[string]any{"type": ComponentLabel, "id": id, "component": input}
	}
	return map[string]any{"type": ComponentRow, "id": id, "components": []any{input}}
}

func (f ModalField) input(s *Server, ch *channel, v any, found resolved) (map[string]any, error) {
	out := map[string]any{"type": f.Type, "custom_id": f.CustomID}
	if f.Type == ComponentTextInput {
		value, err := f.text(v)
		out["value"] = value
		return out, err
	}
	if f.Type == ComponentCheckbox {
		ticked, _ := v.(bool)
		out["value"] = ticked
		return out, nil
	}
	options := listOf(v)
	if n := len(options); n < f.MinValues || n > f.MaxValues {
		return nil, fmt.Errorf("%w: field %q has %d values where %d to %d are wanted", ErrNotAllowed, f.Label, n, f.MinValues, f.MaxValues)
	}
	var picked []string
	var err error
	switch {
	case f.Type == ComponentFileUpload:
		picked, err = s.uploads(options, found)
	case len(options) > 0:
		picked, err = s.chosen(f.choice(len(options)), ch, options, found)
	}
	if f.Type != ComponentRadioGroup {
		out["values"] = append([]string{}, picked...)
		return out, err
	}
	out["value"] = nil
	if len(picked) > 0 {
		out["value"] = picked[0]
	}
	return out, err
}

// choice is the field's component, taking that many values: their number is checked already.
func (f ModalField) choice(n int) Component {
	c := f.component
	c.MinValues, c.MaxValues = &n, &n
	return c
}

// Upload is a file for a modal's file upload, or for a command's option.
type Upload struct {
	Name string
	Data []byte
}

// uploads stores files that go with an interaction and not with a message.
func (s *Server) uploads(files []any, found resolved) ([]string, error) {
	var out []string
	for _, v := range files {
		file, ok := v.(Upload)
		if !ok || len(file.Data) > maxFile {
			return nil, fmt.Errorf("%w: %T is no file, or too large", ErrNotAllowed, v)
		}
		out = append(out, s.upload(file, found))
	}
	return out, nil
}

func (s *Server) upload(file Upload, found resolved) string {
	a := s.store(s.app.id, []upload{{name: file.Name, data: file.Data}})[0]
	a.Ephemeral = true
	found.put("attachments", a.ID, s.signed(a))
	return a.ID.String()
}

func (f ModalField) text(v any) (string, error) {
	value := f.Value
	if v != nil {
		var ok bool
		if value, ok = v.(string); !ok {
			return "", fmt.Errorf("%w: field %q takes text", ErrNotAllowed, f.Label)
		}
	}
	n := len([]rune(value))
	most := f.MaxLength
	if most == 0 {
		most = maxTextInput
	}
	switch {
	case n == 0 && !f.Required:
		return "", nil
	case n == 0:
		return "", fmt.Errorf("%w: field %q is required", ErrNotAllowed, f.Label)
	case n < f.MinLength || n > most:
		return "", fmt.Errorf("%w: field %q has %d characters where %d to %d are wanted", ErrNotAllowed, f.Label, n, f.MinLength, most)
	}
	return value, nil
}

func listOf(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	case []Upload:
		out := []any{}
		for _, f := range v {
			out = append(out, f)
		}
		return out
	case []string:
		out := []any{}
		for _, s := range v {
			out = append(out, s)
		}
		return out
	default:
		return []any{v}
	}
}
