package rest

import (
	"context"
	"errors"
	"net/http"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/id"
	"github.com/ticketsys/ticketsys/domain/opaque"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
	"github.com/ticketsys/ticketsys/domain/tag"
)

// Tag is a word of the vocabulary, by which staff marks tickets.
type Tag struct {
	ID          string   `json:"id" doc:"Identifies the tag."`
	Name        string   `json:"name" doc:"What it is called, as it was typed."`
	FormerNames []string `json:"formerNames" nullable:"false" doc:"Other names by which it is found: those that it had, and those of tags that became part of it."`
	Colour      *string  `json:"colour" doc:"Its colour: # and six hexadecimal digits in lower case; null without one."`
	Description *string  `json:"description" doc:"What it is for; null without one."`
	TicketCount int      `json:"ticketCount" doc:"How many tickets have it, of those whose tags the caller may see."`
	CreatedAt   string   `json:"createdAt" format:"date-time" doc:"When it entered the vocabulary."`
	Version     int64    `json:"version" doc:"Rises each time that it is changed, or that others become part of it; for If-Match."`
}

// The inputs of tags.
type (
	// TagPath names a tag.
	TagPath struct {
		TagID string `path:"tagId" doc:"The tag's ID."`
	}
	// NewTagInput is a new tag.
	NewTagInput struct {
		Keyed

		Body struct {
			Name        string `json:"name" doc:"What it is called, 1 to 40 characters."`
			Colour      string `json:"colour,omitempty" doc:"Its colour: # and six hexadecimal digits. Without it, none."`
			Description string `json:"description,omitempty" doc:"What it is for, at most 200 characters."`
		} `nameHint:"NewTag"`
	}
	// TagChange is what is to be different about a tag.
	TagChange struct {
		TagPath
		Expecting

		Body TagParts
	}
	// TagParts is what a tag is to be. What is left out stays as it is; null empties.
	TagParts struct {
		Name        Field[string] `json:"name,omitzero" doc:"What it is called, 1 to 40 characters."`
		Colour      Field[string] `json:"colour,omitzero" doc:"Its colour: # and six hexadecimal digits."`
		Description Field[string] `json:"description,omitzero" doc:"What it is for, at most 200 characters."`
	}
	// TagMerge is tags that become part of another one.
	TagMerge struct {
		TagPath
		Expecting

		Body struct {
			TagIDs []string `json:"tagIds" nullable:"false" doc:"The tags that become part of this one, 1 to 50."`
		} `nameHint:"TagMerge"`
	}
	// TagRemoval is a tag to take away.
	TagRemoval struct {
		TagPath
		Expecting
	}
)

func (p TagPath) id() id.Tag { return opaque.Of[id.Tag](opaque.Tag, p.TagID) }

// apply changes what is given.
func (p TagParts) apply(t *tag.Tag) {
	p.Name.to(&t.Name)
	p.Colour.to(&t.Colour)
	p.Description.to(&t.Description)
}

func (s *server) showTags(ctx context.Context, c access.Call, all []*tag.Tag) ([]Tag, error) {
	counts, err := s.Tags.Tickets(ctx, c, each(all, func(t *tag.Tag) id.Tag { return t.ID })...)
	return each(all, func(t *tag.Tag) Tag {
		return Tag{
			ID: external(opaque.Tag, t.ID), Name: t.Name, FormerNames: append([]string{}, t.Former...), Colour: filled(t.Colour),
			Description: filled(t.Description), TicketCount: counts[t.ID], CreatedAt: when(t.CreatedAt), Version: t.Version,
		}
	}), err
}

func (s *server) tag(ctx context.Context, c access.Call, t id.Tag) (shown[Tag], error) {
	found, err := s.Tags.Get(ctx, c, t)
	if err != nil {
		return shown[Tag]{}, err
	}
	if len(found) == 0 {
		return shown[Tag]{}, tag.ErrNotFound
	}
	all, err := s.showTags(ctx, c, found)
	if err != nil {
		return shown[Tag]{}, err
	}
	return shown[Tag]{&all[0], found[0].Version}, nil
}

// vocabulary registers the tags of the workspace.
func (s *server) vocabulary() {
	pages(s, operation{
		id: "listVocabulary", path: "/tags", tag: tagHouse, summary: "List the vocabulary of tags", codes: []fault.Code{fault.Forbidden},
		about: "By name unless ordered otherwise. Staff only.",
	}, source[ListInput, *tag.Tag, Tag]{
		list: list{
			name: "TagWhere",
			columns: columns{
				"name":      texts(tag.FieldName, "On the name; eq and in find former names too, whatever the case."),
				"createdAt": moments(tag.FieldCreatedAt, "On when it entered the vocabulary."),
			},
			orders: sorted(tag.FieldName, tag.FieldCreatedAt),
		},
		fetch: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query, r page.Request) (page.Page[*tag.Tag], error) {
			return s.Tags.Page(ctx, c, q, r)
		},
		count: func(ctx context.Context, c access.Call, _ *ListInput, q query.Query) (int, error) {
			return s.Tags.Count(ctx, c, q.Where)
		},
		cursor: func(q query.Query, t *tag.Tag) page.Cursor { return tag.Terms().CursorOf(q, t.SortKey) },
		show:   s.showTags,
	})
	fetch(s, operation{
		id: "getTag", path: "/tags/{tagId}", tag: tagHouse, summary: "Show a tag of the vocabulary", about: "Staff only.",
		codes: []fault.Code{fault.Forbidden, fault.NotFound},
	}, func(ctx context.Context, c access.Call, in *struct {
		TagPath
		Conditional
	},
	) (shown[Tag], error) {
		return s.tag(ctx, c, in.id())
	})
	change(s, operation{
		id: "createTag", path: "/tags", tag: tagHouse, summary: "Add a tag to the vocabulary", status: http.StatusCreated, codes: configured,
		about: "A ticket that is marked with a word that is new adds it too. Staff only.",
	}, func(ctx context.Context, c access.Call, in *NewTagInput, _ int64) (string, error) {
		return saved(opaque.Tag, func() (*tag.Tag, error) {
			return s.Tags.Create(ctx, c, tag.Tag{Name: in.Body.Name, Colour: in.Body.Colour, Description: in.Body.Description})
		}, func(t *tag.Tag) id.Tag { return t.ID })
	}, func(ctx context.Context, c access.Call, _ *NewTagInput, t string) (shown[Tag], error) {
		return s.tag(ctx, c, opaque.Of[id.Tag](opaque.Tag, t))
	})
	s.rewording()
}

// rewording registers what supervisors do to the vocabulary.
func (s *server) rewording() {
	change(s, operation{
		id: "changeTag", method: http.MethodPatch, path: "/tags/{tagId}", tag: tagHouse, summary: "Rename a tag, or change how it is shown", codes: configured,
		about: "All tickets that have it show that at once; their versions and histories stay. Supervisors and administrators only.",
	}, func(ctx context.Context, c access.Call, in *TagChange, version int64) (string, error) {
		_, err := s.Tags.Change(ctx, c, in.id(), version, in.Body.apply)
		return in.TagID, err
	}, func(ctx context.Context, c access.Call, in *TagChange, _ string) (shown[Tag], error) {
		return s.tag(ctx, c, in.id())
	})
	change(s, operation{
		id: "mergeTags", path: "/tags/{tagId}/merge", tag: tagHouse, summary: "Make tags part of another one", codes: configured,
		about: "Tickets that have them have that one at once, and it is found by their names. This can't be taken back. Supervisors and administrators only.",
	}, func(ctx context.Context, c access.Call, in *TagMerge, version int64) (string, error) {
		parts := each(in.Body.TagIDs, func(t string) id.Tag { return opaque.Of[id.Tag](opaque.Tag, t) })
		err := s.Tags.Merge(ctx, c, in.id(), version, parts...)
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Field == "intoId" { // which is named by the path here
			err = f.On("tagId")
		}
		return in.TagID, err
	}, func(ctx context.Context, c access.Call, in *TagMerge, _ string) (shown[Tag], error) {
		return s.tag(ctx, c, in.id())
	})
	change[TagRemoval, Tag](s, operation{
		id: "deleteTag", method: http.MethodDelete, path: "/tags/{tagId}", tag: tagHouse, summary: "Take a tag out of the vocabulary", codes: configured,
		about: "And so from all tickets at once. This can't be taken back. Supervisors and administrators only.",
	}, func(ctx context.Context, c access.Call, in *TagRemoval, version int64) (string, error) {
		return in.TagID, s.Tags.Delete(ctx, c, in.id(), version)
	}, nil)
}
