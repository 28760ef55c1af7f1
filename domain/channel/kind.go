package channel

import (
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
)

// Kind is what the ticket's place should be. What is there stays, whatever its
// category becomes, with one exception: what was said in public stays public
// only while the access table lets everybody see it. Nothing that was said in
// private is ever moved into public.
func (f *Facts) Kind() category.Surface {
	private := f.private()
	if private && f.Surface.State != Waiting && f.Surface.State != Cleared {
		return f.Surface.Kind
	}
	switch want := f.Category.Surface; {
	case want == category.InForum && (private || !f.public()),
		want == category.InDM && f.Requester.ExternalID == "",
		want == "":
		return category.InChannel
	default:
		return want
	}
}

// private reports whether the ticket has a place that is not public, had one,
// or waits for one.
func (f *Facts) private() bool {
	s := &f.Surface
	return s.Kind != "" && s.Kind != category.InForum && (s.ExternalID != "" || s.State == Gone || s.State == Cleared || s.State == Waiting)
}

// public reports whether the table lets anybody in the workspace see the ticket.
func (f *Facts) public() bool {
	see, _ := (&audience{facts: f}).ask(f.stranger())
	return see
}

// stranger is somebody who is nothing but a member of the workspace.
func (f *Facts) stranger() access.Actor {
	return access.Actor{Workspace: f.Workspace.ID, Member: -1, Role: access.RoleRequester, Grants: f.Grants}
}
