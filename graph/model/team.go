package model

import (
	"cmp"
	"context"
	"slices"

	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/queue"
	"github.com/ticketsys/ticketsys/domain/team"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Team is a team in a list.
type Team struct {
	*team.Team

	rows *load.Rows
}

// NewTeam makes a team of a list by itself, nil of nil.
func NewTeam(rows *load.Rows, t *team.Team) *Team {
	if t == nil {
		return nil
	}
	rows.Members.Want(t.Members...)
	rows.Queues.Want(t.Queues...)
	return &Team{Team: t, rows: rows}
}

// IsGuessed reports whether nobody confirmed the team's roles yet.
func (t *Team) IsGuessed() bool { return t.Guessed }

// Members gives who is in the team, by name.
func (t *Team) Members(ctx context.Context) ([]*Member, error) {
	made := make([]*Member, 0, len(t.Team.Members))
	for _, m := range t.Team.Members {
		found, err := t.rows.Members.Get(ctx, m)
		if err != nil {
			return nil, err
		}
		if found != nil {
			made = append(made, NewMember(t.rows.OfMembers(), found))
		}
	}
	slices.SortStableFunc(made, func(a, b *Member) int { return cmp.Compare(a.Name, b.Name) })
	return made, nil
}

// Queues gives the queues that the team serves, by name.
func (t *Team) Queues(ctx context.Context) ([]*queue.Queue, error) {
	made := make([]*queue.Queue, 0, len(t.Team.Queues))
	for _, q := range t.Team.Queues {
		found, err := t.rows.Queues.Get(ctx, q)
		if err != nil {
			return nil, err
		}
		if found != nil {
			made = append(made, found)
		}
	}
	slices.SortStableFunc(made, func(a, b *queue.Queue) int { return cmp.Compare(a.Name, b.Name) })
	return made, nil
}

// Grant is a grant in a list.
type Grant struct {
	*access.Grant

	rows *load.Rows
}

// NewGrant makes a grant of a list by itself, nil of nil.
func NewGrant(rows *load.Rows, g *access.Grant) *Grant {
	if g == nil {
		return nil
	}
	rows.Queues.Want(g.Queue)
	rows.Categories.Want(g.Category)
	return &Grant{Grant: g, rows: rows}
}

// Queue gives the queue that the grant is for, nil if it is for a category.
func (g *Grant) Queue(ctx context.Context) (*queue.Queue, error) {
	return queueOf(ctx, g.rows, g.Grant.Queue)
}

// Category gives the category that the grant is for, nil if it is for a queue.
func (g *Grant) Category(ctx context.Context) (*Category, error) {
	return categoryOf(ctx, g.rows, g.Grant.Category)
}
