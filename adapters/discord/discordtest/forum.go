package discordtest

import (
	"fmt"
	"net/http"
	"slices"
)

// Tag is one of the tags that posts of a forum carry.
type Tag struct {
	ID        ID     `json:"id"`
	Name      string `json:"name"`
	Moderated bool   `json:"moderated"`
	EmojiID   ID     `json:"emoji_id"`
	Emoji     text   `json:"emoji_name"`
}

const (
	maxTags        = 20
	maxAppliedTags = 5
)

func (f *form) tags(list []Tag) {
	if len(list) > maxTags {
		f.add("available_tags", "BASE_TYPE_MAX_LENGTH", "Must be 20 or fewer in length.")
	}
	for i, t := range list {
		f.length(fmt.Sprintf("available_tags.%d.name", i), t.Name, 1, 20)
	}
}

// numbered gives new tags an ID.
func (s *Server) numbered(list []Tag) []Tag {
	out := slices.Clone(list)
	for i := range out {
		if out[i].ID == 0 {
			out[i].ID = s.newID()
		}
	}
	return out
}

// checkTags refuses tags that the forum does not have, moderated ones from who does not manage threads, and none where
// the forum wants one.
func (s *Server) checkTags(forum *channel, ids []ID, by *member) error {
	if len(ids) > maxAppliedTags {
		return badForm("applied_tags", "BASE_TYPE_MAX_LENGTH", "Must be 5 or fewer in length.")
	}
	manages := by != nil && by.in(s, forum).Has(PermManageThreads)
	if len(ids) == 0 && forum.flags&flagNeedsTag != 0 && !manages {
		return refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	}
	for i, id := range ids {
		at := slices.IndexFunc(forum.tags, func(t Tag) bool { return t.ID == id })
		switch {
		case at < 0:
			return notFound(10087, "Tag")
		case forum.tags[at].Moderated && !manages:
			return missingPermissions()
		case slices.Contains(ids[:i], id):
			return badForm("applied_tags", "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value")
		}
	}
	return nil
}
