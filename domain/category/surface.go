package category

import "github.com/ticketsys/ticketsys/domain/fault"

// Surface says what a channel makes for a category's tickets.
type Surface string

// The surfaces. A forum post is public: a ticket gets one only where the access
// table lets every member of the workspace see it, and a private channel
// otherwise.
const (
	InChannel Surface = "channel" // a private channel
	InThread  Surface = "thread"  // a private thread
	InForum   Surface = "forum"   // a post that everybody may discuss
	InDM      Surface = "dm"      // direct messages with the requester; staff has a private channel
)

// Surfaces lists the surfaces.
func Surfaces() []Surface { return []Surface{InChannel, InThread, InForum, InDM} }

// checkSurface refuses an unknown surface; none is the usual one of the intent.
func (c *Category) checkSurface() error {
	switch c.Surface {
	case "":
		c.Surface = c.usualSurface()
	case InChannel, InThread, InForum, InDM:
	default:
		return fault.New(fault.Invalid, "fault.category.surface").On("surface")
	}
	return nil
}

func (c *Category) usualSurface() Surface {
	if c.Intent == Suggestion {
		return InForum
	}
	return InChannel
}

// Public reports whether anybody in the workspace may take part in the
// category's tickets, unless a grant of its says otherwise.
func (c *Category) Public() bool { return c.Surface == InForum }
