package model

import (
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/category"
)

// AutomaticReply is what the helpdesk says by itself.
type AutomaticReply struct{ category.AutomaticReply }

// After gives how long is too long.
func (r *AutomaticReply) After() *time.Duration { return positive(r.AutomaticReply.After) }

// Texts gives the template in all languages.
func (r *AutomaticReply) Texts() []*LocalizedText { return texts(r.AutomaticReply.Texts) }

// AutomaticReplies gives what is said besides the greeting, to administrators.
func (c *Category) AutomaticReplies() []*AutomaticReply {
	a := c.rows.Call.Actor
	if !access.Allowed(a, access.WorkspaceManage, access.InWorkspace(a.Workspace)) {
		return nil
	}
	all := make([]*AutomaticReply, len(c.Replies))
	for i, r := range c.Replies {
		all[i] = &AutomaticReply{r}
	}
	return all
}

// AutomaticReplyInput is what the helpdesk is to say by itself.
type AutomaticReplyInput struct {
	On       category.Occasion
	After    time.Duration
	Business bool
	Texts    []LocalizedTextInput
}

// givenReplies sets what is given.
func givenReplies(o graphql.Omittable[[]AutomaticReplyInput], to *[]category.AutomaticReply) {
	inputs, set := o.ValueOK()
	if !set {
		return
	}
	*to = nil
	for _, in := range inputs {
		*to = append(*to, category.AutomaticReply{On: in.On, After: in.After, Business: in.Business, Texts: textOf(in.Texts)})
	}
}
