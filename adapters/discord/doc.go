// Package discord carries the helpdesk onto Discord.
//
// Inbound, one process holds the gateway (lease.go, hold.go). Each event becomes
// a task in an ordered lane (lanes.go), of its channel or its person, and ends
// in a call of a domain service as the member who caused it (inbox.go,
// inbound.go, interactions.go); a panic on the way ends that event alone. After
// each new session, and after anything unreadable, the channels of live tickets
// are read again, and of those that were closed lately (backfill.go): first
// those where something was written meanwhile, by what the guilds tell when they
// are announced, the others behind (backlog.go). Nobody waits for that.
//
// Outbound, Sync brings the channel of one ticket to its desired state, which
// package render computes (sync.go, surface.go, overwrites.go, card.go,
// posts.go). What is about to be created is written down first and looked for
// after an unknown outcome (intent.go), so that nothing appears twice.
package discord
