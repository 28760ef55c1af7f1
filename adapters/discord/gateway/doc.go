// Package gateway holds a session with Discord's gateway. It stands on
// arikawa's WebSocket, with its own handling of sessions: events are handed on
// as raw JSON, one after the other, so that none is lost to a field that a
// library does not know; a lost connection is resumed where Discord says.
package gateway
