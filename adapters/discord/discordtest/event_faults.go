package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// EventFault is what happens as an event is sent to a connected session; make one with the functions of this package.
type EventFault func(d delivery)

// delivery is one event on its way to one session.
type delivery struct {
	s    *Server
	sess *session
	name string
	data json.RawMessage
	fail *Failure
}

// send lets the event go its way: into the session's memory, and to the bot where it is connected.
func (d delivery) send() { d.sess.dispatch(d.name, d.data) }

// later has something done when the fault is disarmed.
func (d delivery) later(undo func()) { d.fail.undo = append(d.fail.undo, undo) }

// CutSocket drops the socket before or after the event is on its way. The session remembers it.
func CutSocket(when Phase) EventFault { return CloseSocket(when, 0, "") }

// CloseSocket closes the connection with a code before or after the event; 0 just cuts it. 4007 and 4009 end the
// session as well, and with it the event is lost.
func CloseSocket(when Phase, code int, reason string) EventFault {
	return func(d delivery) {
		l := d.sess.link
		if when == After {
			d.send()
		}
		l.push(closing{code, reason})
		if code == 4007 || code == 4009 {
			d.s.lose(d.sess)
			return
		}
		if when == Before {
			d.send()
		}
	}
}

// AskReconnect sends op 7 before the event.
func AskReconnect() EventFault {
	return func(d delivery) {
		d.sess.link.push(frame{Op: opReconnect})
		d.send()
	}
}

// Invalidate sends op 9 instead of the event. A session that is resumable remembers the event; another is forgotten,
// and the event is lost.
func Invalidate(resumable bool) EventFault {
	return func(d delivery) {
		l := d.sess.link
		l.push(frame{Op: opInvalidSession, Data: encode(resumable)})
		if !resumable {
			d.s.lose(d.sess)
			return
		}
		l.mute()
		d.send()
	}
}

// lose forgets a session for good.
func (s *Server) lose(sess *session) {
	s.sessions = slices.DeleteFunc(slices.Clone(s.sessions), func(o *session) bool { return o == sess })
	if sess.link != nil {
		sess.link.session, sess.link = nil, nil
	}
}

// WithoutAcks sends the event, and answers no heartbeat from then on until the fault is disarmed or the socket ends.
func WithoutAcks() EventFault {
	return func(d delivery) {
		l := d.sess.link
		l.deaf = true
		d.later(func() { l.deaf = false })
		d.send()
	}
}

// Zombie sends nothing more on the socket, neither events nor ACKs, though it stays open. The session remembers.
func Zombie() EventFault {
	return func(d delivery) {
		l := d.sess.link
		l.deaf = true
		l.mute()
		d.send()
	}
}

// Away cuts the socket before the event and takes no connection until the fault is disarmed.
func Away() EventFault {
	return func(d delivery) {
		d.s.gateway.away = true
		d.later(func() { d.s.gateway.away = false })
		d.s.dropAll()
		d.send()
	}
}

// Lost has the session never hear of the event. Discord promises to send what happens, and no more than that: what a bot
// remembers may be out of date. FaultKinds does not have it, as nobody can make up for what they never hear of.
func Lost() EventFault { return func(delivery) {} }

// Twice sends the event two times.
func Twice() EventFault {
	return func(d delivery) {
		d.send()
		d.send()
	}
}

// heldBack is how long an event waits for another to go first, in real time.
const heldBack = 150 * time.Millisecond

// Swapped lets the session's next event go first. Where none comes within 150 ms of real time, it goes alone.
func Swapped() EventFault {
	return func(d delivery) {
		sess := d.sess
		sess.held = append(sess.held, heldEvent{d.name, d.data})
		d.later(sess.release)
		time.AfterFunc(heldBack, func() { d.s.change(sess.release) })
	}
}

// Unknown sends an event of a name that no library knows before the event.
func Unknown() EventFault {
	return func(d delivery) {
		d.sess.dispatch("GUILD_SOMETHING_NEW", json.RawMessage(`{"guild_id":"1","new":{"nested":[1,{"x":null}]},"kind":99}`))
		d.send()
	}
}

// Undecodable sends the event with numbers in it that the documentation allows and common libraries cannot decode:
// public flags of 64 bits. An event without a user in it comes with one that is broken.
func Undecodable() EventFault {
	return func(d delivery) {
		var v any
		if json.Unmarshal(d.data, &v) == nil && widen(v) {
			d.data = encode(v)
		} else {
			d.sess.dispatch(d.name, json.RawMessage(`{"id":{"no":"snowflake"},"guild_id":[]}`))
		}
		d.send()
	}
}

// widen sets every public_flags to more bits than 32.
func widen(v any) (found bool) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			found = widen(one) || found
		}
	case map[string]any:
		if _, ok := v["public_flags"]; ok {
			v["public_flags"], found = json.Number("1125899906842624"), true
		}
		for _, one := range v {
			found = widen(one) || found
		}
	}
	return found
}

// heldEvent waits for another to go first.
type heldEvent struct {
	name string
	data json.RawMessage
}

// release sends what was held back.
func (sess *session) release() {
	held := sess.held
	sess.held = nil
	for _, h := range held {
		sess.dispatch(h.name, h.data)
	}
}
