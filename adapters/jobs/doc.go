// Package jobs runs durable work: it claims rows of a job.Queue, hands them to
// handlers, and releases them with what the handlers reached.
//
// Nothing polls. A consumer's loop looks when a signal says that something was
// committed, when the next row falls due, or when a lease that another process
// holds comes to its end: then that process is dead, or slow, and the row is
// taken over. A lease is prolonged while its handler works.
package jobs
