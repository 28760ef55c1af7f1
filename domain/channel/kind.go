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
	if have := f.Surface.Kind; f.settled() && have != category.InForum {
		return have
	}
	switch want := f.Category.Surface; {
	case want == category.InForum && !f.public(),
		want == category.InDM && f.Requester.ExternalID == "",
		want == "":
		return category.InChannel
	default:
		return want
	}
}

// settled reports whether there is a place, or was one.
func (f *Facts) settled() bool {
	return f.Surface.Kind != "" && (f.Surface.ExternalID != "" || f.Surface.State == Gone)
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
