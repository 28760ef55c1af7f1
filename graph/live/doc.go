// Package live hands a workspace's events on to whoever follows them, as they
// commit.
//
// The log is the truth: a signal only says that it is worth looking. One stream
// for each workspace with followers reads what is new once for all of them, finds
// the tickets as they are now and the followers as they are now, in one statement
// each, finds in the log whose each event was when it happened, so that nothing
// depends on how many are read at once, asks the access table about each event and each follower, and puts what
// they may hear into their mailboxes. A follower who comes back with a cursor, or
// whose mailbox was full, reads the log by itself until it has caught up. Either
// way by the same rule, and by the same numbers: nothing is missed or told twice.
package live
