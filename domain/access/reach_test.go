package access_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/ticketsys/ticketsys/domain/access"
)

// Nobody gives a role that may do more than they may, by the key that they came by.
func TestNobodyHandsOnMoreThanTheyHave(t *testing.T) {
	admin := access.Actor{Workspace: home, Member: me, Role: access.RoleAdmin}
	all := access.Permissions()
	without := func(p access.Permission) []access.Permission {
		return slices.DeleteFunc(slices.Clone(all), func(other access.Permission) bool { return other == p })
	}
	for name, try := range map[string]struct {
		actor access.Actor
		gives []access.Role // and no other
	}{
		"an administrator":           {admin, access.Roles()},
		"the helpdesk":               {access.System(home), access.Roles()},
		"a key for everything":       {admin.Within(all), access.Roles()},
		"a key to manage members":    {admin.Within([]access.Permission{access.MemberManage}), nil},
		"a key without the settings": {admin.Within(without(access.WorkspaceManage)), []access.Role{access.RoleRequester, access.RoleAgent, access.RoleSupervisor}},
		"a key that merges no tags":  {admin.Within(without(access.TagManage)), []access.Role{access.RoleRequester, access.RoleAgent}},
		"a key that sees no notes":   {admin.Within(without(access.NoteSee)), []access.Role{access.RoleRequester}},
		"a supervisor":               {access.Actor{Workspace: home, Member: me, Role: access.RoleSupervisor}, access.Roles()[:3]},
		"nobody":                     {access.Actor{}, nil},
	} {
		for _, r := range access.Roles() {
			err := access.RequireReach(try.actor, r)
			if slices.Contains(try.gives, r) != (err == nil) || err != nil && !errors.Is(err, access.ErrForbidden) && try.actor.Known() {
				t.Errorf("%s gives %s: %v", name, r, err)
			}
		}
	}
}

// Nobody decides by a key who may do what the key itself does not let them do.
func TestNobodyGrantsMoreThanTheyHave(t *testing.T) {
	admin := access.Actor{Workspace: home, Member: me, Role: access.RoleAdmin}
	settings := admin.Within([]access.Permission{access.WorkspaceManage})
	reader := admin.Within([]access.Permission{access.WorkspaceManage, access.TicketSee})
	for _, c := range access.Classes() {
		if err := access.RequireGrant(admin, c); err != nil {
			t.Errorf("an administrator grants %s: %v", c, err)
		}
		if err := access.RequireGrant(settings, c); !errors.Is(err, access.ErrForbidden) {
			t.Errorf("a key for the settings alone grants %s: %v", c, err)
		}
		if err := access.RequireGrant(access.Actor{}, c); !errors.Is(err, access.ErrNobody) {
			t.Errorf("nobody grants %s: %v", c, err)
		}
	}
	if err := access.RequireGrant(reader, access.ClassAnswer); !errors.Is(err, access.ErrForbidden) {
		t.Errorf("a key that reads tickets grants answers: %v", err)
	}
}
