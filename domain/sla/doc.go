// Package sla measures the time that a helpdesk works, and keeps what was promised
// in it: business hours with their calendar, policies, and clocks.
//
// Business hours belong to a workspace, or to one of its queues; these go before
// those of the workspace. Where there are none, is worked day and night.
//
// A Book is all that a workspace promises. By it a ticket's clocks are run, which
// know nothing of tickets but what a Happening tells.
package sla
