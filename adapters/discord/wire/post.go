package wire

import "encoding/json"

// MarshalJSON writes absent lists as empty ones: in a change of a message that
// takes away what stood there, and without a list of whom to ping everybody
// who is named would be.
func (p Post) MarshalJSON() ([]byte, error) {
	type plain Post
	if p.Embeds == nil {
		p.Embeds = []Embed{}
	}
	if p.Components == nil {
		p.Components = []Component{}
	}
	if p.AllowedMentions.Parse == nil {
		p.AllowedMentions.Parse = []string{}
	}
	return json.Marshal(plain(p))
}
