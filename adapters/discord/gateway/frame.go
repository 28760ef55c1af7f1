package gateway

import (
	"bytes"
	"encoding/json"

	"github.com/diamondburned/arikawa/v3/utils/ws"
)

// The operations of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opACK            = 11
)

const eventReady = "READY"

// frame is what came from the gateway, with its data as it came.
type frame struct {
	op   ws.OpCode
	name ws.EventType
	raw  []byte
}

// Op implements ws.Event.
func (f *frame) Op() ws.OpCode { return f.op }

// EventType implements ws.Event.
func (f *frame) EventType() ws.EventType { return f.name }

// UnmarshalJSON keeps a copy: the bytes given belong to a buffer that is used again.
func (f *frame) UnmarshalJSON(raw []byte) error {
	f.raw = bytes.Clone(raw)
	return nil
}

// codec reads the named events, and whatever else the gateway says.
func codec(events []string) ws.Codec {
	read := ws.NewOpUnmarshalers()
	add := func(op ws.OpCode, name ws.EventType) {
		read.Add(func() ws.Event { return &frame{op: op, name: name} })
	}
	for _, op := range []ws.OpCode{opHeartbeat, opReconnect, opInvalidSession, opHello, opACK} {
		add(op, "")
	}
	add(opDispatch, eventReady)
	for _, name := range events {
		add(opDispatch, ws.EventType(name))
	}
	return ws.NewCodec(read)
}

// command is something that is said to the gateway.
type command struct {
	op   ws.OpCode
	data any
}

// Op implements ws.Event.
func (c *command) Op() ws.OpCode { return c.op }

// EventType implements ws.Event.
func (c *command) EventType() ws.EventType { return "" }

// MarshalJSON writes the command's data.
func (c *command) MarshalJSON() ([]byte, error) { return json.Marshal(c.data) }
