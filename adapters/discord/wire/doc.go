// Package wire holds what the adapter reads from Discord and writes to it: its
// own small types, which take from an answer or event what the adapter needs
// and let everything else pass, whatever it is. One unknown field or component
// must never cost an event.
package wire
