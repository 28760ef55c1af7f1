package discordtest

import (
	"slices"
)

func putOverwrite(c *call) (any, error) {
	ch, err := c.channel(PermManageRoles)
	if err != nil {
		return nil, err
	}
	if ch.isThread() || ch.isDM() {
		return nil, wrongChannelType()
	}
	wanted := Overwrite{Type: -1}
	if err := c.decode(&wanted); err != nil {
		return nil, err
	}
	wanted.ID = c.id("overwrite")
	if wanted.Type != 0 && wanted.Type != 1 {
		return nil, badForm("type", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if err := ch.guild.checkTarget(c.s, wanted); err != nil {
		return nil, err
	}
	if err := c.s.botIn(ch.guild).mayGrant(c.s, ch, ch.overwrite(wanted.ID), wanted); err != nil {
		return nil, err
	}
	c.s.setOverwrite(ch, wanted)
	return nil, nil
}

// checkTarget refuses roles that the guild does not have, and unknown users.
func (g *guild) checkTarget(s *Server, o Overwrite) error {
	if o.Type == 0 && g.role(o.ID) == nil {
		return notFound(10009, "Overwrite")
	}
	if o.Type == 1 && s.user(o.ID) == nil {
		return notFound(10009, "Overwrite")
	}
	return nil
}

func (s *Server) setOverwrite(ch *channel, o Overwrite) {
	could := s.sees(s.app.bot, ch)
	if old := ch.overwrite(o.ID); old != nil {
		*old = o
	} else {
		ch.overwrites = append(ch.overwrites, o)
	}
	s.channelChanged(ch, could)
}

func deleteOverwrite(c *call) (any, error) {
	ch, err := c.channel(PermManageRoles)
	if err != nil {
		return nil, err
	}
	id := c.id("overwrite")
	old := ch.overwrite(id)
	if old == nil {
		return nil, notFound(10009, "Overwrite")
	}
	if err := c.s.botIn(ch.guild).mayGrant(c.s, ch, old, Overwrite{ID: id}); err != nil {
		return nil, err
	}
	c.s.dropOverwrite(ch, id)
	return nil, nil
}

func (s *Server) dropOverwrite(ch *channel, id ID) {
	could := s.sees(s.app.bot, ch)
	ch.overwrites = slices.DeleteFunc(ch.overwrites, func(o Overwrite) bool { return o.ID == id })
	s.channelChanged(ch, could)
}

// grantable are the bits that the member may allow or deny in the channel: those that it has in the guild or in
// the parent channel; all of them where an overwrite of the channel gives it MANAGE_ROLES.
func (m *member) grantable(s *Server, ch *channel) Permission {
	if ch != nil && m.manageRolesHere(ch) {
		return permAll
	}
	p := m.base()
	if ch != nil && ch.parent != nil {
		p |= m.in(s, ch.parent)
	}
	return p
}

func (m *member) manageRolesHere(ch *channel) bool {
	return slices.ContainsFunc(ch.overwrites, func(o Overwrite) bool {
		mine := o.ID == m.user.id || slices.Contains(m.roles, o.ID)
		return mine && o.Allow.Has(PermManageRoles)
	})
}

// mayGrant refuses a change of bits that the member does not hold.
func (m *member) mayGrant(s *Server, ch *channel, old *Overwrite, wanted Overwrite) error {
	changed := wanted.Allow | wanted.Deny
	if old != nil {
		changed = wanted.Allow ^ old.Allow | wanted.Deny ^ old.Deny
	}
	if changed&^m.grantable(s, ch) != 0 {
		return missingPermissions()
	}
	return nil
}

// mayReplace refuses a new list of overwrites in which a bit changes that the member does not hold.
func (m *member) mayReplace(s *Server, ch *channel, wanted []Overwrite) error {
	for _, o := range wanted {
		if err := m.guild.checkTarget(s, o); err != nil {
			return err
		}
		if err := m.mayGrant(s, ch, ch.overwrite(o.ID), o); err != nil {
			return err
		}
	}
	for _, old := range ch.overwrites {
		kept := slices.ContainsFunc(wanted, func(o Overwrite) bool { return o.ID == old.ID })
		if kept {
			continue
		}
		if err := m.mayGrant(s, ch, &old, Overwrite{}); err != nil {
			return err
		}
	}
	return nil
}

// mayGrantNew is the rule for a channel that is being made: MANAGE_ROLES may be set by administrators only.
func (m *member) mayGrantNew(s *Server, wanted []Overwrite, parent *channel) error {
	have := m.base()
	if parent != nil {
		have |= m.in(s, parent)
	}
	for _, o := range wanted {
		if err := m.guild.checkTarget(s, o); err != nil {
			return err
		}
		bits := o.Allow | o.Deny
		if bits&^have != 0 || bits.Has(PermManageRoles) && !have.Has(PermAdministrator) {
			return missingPermissions()
		}
	}
	return nil
}
