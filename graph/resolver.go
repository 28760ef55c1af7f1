package graph

import (
	"github.com/ticketsys/ticketsys/domain/budget"
	"github.com/ticketsys/ticketsys/graph/live"
	"github.com/ticketsys/ticketsys/graph/load"
)

// Resolver answers the schema's root fields.
type Resolver struct {
	config Config
	load   load.Services
	feed   *live.Feed

	budget             *budget.Budget
	addresses, members *budget.Places // of streams
}
