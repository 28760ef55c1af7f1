package discordtest

import (
	"encoding/json"
	"strings"
)

type memberRequest struct {
	Guild   json.RawMessage `json:"guild_id"`
	Query   *string         `json:"query"`
	Limit   int             `json:"limit"`
	UserIDs json.RawMessage `json:"user_ids"`
	Nonce   string          `json:"nonce"`
}

const chunkSize = 1000

func (s *Server) requestMembers(l *link, raw json.RawMessage) {
	if l.session == nil {
		l.push(closing{4003, "Not authenticated."})
		return
	}
	var want memberRequest
	if json.Unmarshal(raw, &want) != nil {
		l.push(closing{4002, "Error while decoding payload."})
		return
	}
	for _, id := range idList(want.Guild) {
		if g := s.guild(id); g != nil && s.botIn(g) != nil {
			l.session.sendChunks(g, want)
		}
	}
}

// idList reads one ID or a list of them.
func idList(raw json.RawMessage) []ID {
	var list []ID
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var one ID
	if json.Unmarshal(raw, &one) != nil || one == 0 {
		return nil
	}
	return []ID{one}
}

func (sess *session) sendChunks(g *guild, want memberRequest) {
	found, missing := sess.find(g, want)
	count := max((len(found)+chunkSize-1)/chunkSize, 1)
	for i := range count {
		part := found[i*chunkSize : min((i+1)*chunkSize, len(found))]
		data := map[string]any{
			"guild_id": g.id, "members": part, "chunk_index": i, "chunk_count": count, "not_found": missing,
		}
		if want.Nonce != "" {
			data["nonce"] = want.Nonce
		}
		sess.dispatch("GUILD_MEMBERS_CHUNK", encode(data))
	}
}

func (sess *session) find(g *guild, want memberRequest) (found []*memberJSON, missing []ID) {
	found, missing = []*memberJSON{}, []ID{}
	if want.Query != nil && len(want.UserIDs) == 0 {
		limit := want.Limit
		if limit == 0 {
			limit = len(g.members)
		}
		if strings.TrimSpace(*want.Query) == "" && !sess.intents.Has(IntentGuildMembers) {
			return found, missing
		}
		return g.search(*want.Query, limit), missing
	}
	for _, id := range idList(want.UserIDs) {
		if m := g.member(id); m != nil {
			found = append(found, m.wire())
		} else {
			missing = append(missing, id)
		}
	}
	return found, missing
}
