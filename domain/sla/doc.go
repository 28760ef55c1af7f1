// Package sla measures the time that a helpdesk works, and what was promised in
// it: business hours with their calendar.
//
// Business hours belong to a workspace, or to one of its queues; these go before
// those of the workspace. Where there are none, is worked day and night.
package sla
