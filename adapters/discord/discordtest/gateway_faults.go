package discordtest

import "encoding/json"

type gatewayFaults struct {
	links  []*link
	noAcks bool
	away   bool
}

func (s *Server) gatewayAway() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.away || s.closed
}

// Connected is the number of gateway connections that have a session.
func (s *Server) Connected() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, sess := range s.sessions {
		if sess.link != nil {
			n++
		}
	}
	return n
}

// DropConnections cuts all gateway sockets, without a close frame; sessions can be resumed.
func (s *Server) DropConnections() { s.change(s.dropAll) }

func (s *Server) dropAll() { s.each(closing{}) }

func (s *Server) each(item any) {
	for _, l := range s.gateway.links {
		l.push(item)
	}
}

// CloseConnections ends all gateway connections with a close code, such as 4000.
func (s *Server) CloseConnections(code int, reason string) {
	s.change(func() { s.each(closing{code, reason}) })
}

// Reconnect asks all bots to reconnect and resume (op 7).
func (s *Server) Reconnect() { s.change(func() { s.each(frame{Op: opReconnect}) }) }

// DemandHeartbeats asks all bots for a heartbeat at once (op 1).
func (s *Server) DemandHeartbeats() { s.change(func() { s.each(frame{Op: opHeartbeat}) }) }

// InvalidSession tells all bots that their session is invalid (op 9). Sessions that are not resumable are forgotten.
func (s *Server) InvalidSession(resumable bool) {
	s.change(func() {
		s.each(frame{Op: opInvalidSession, Data: encode(resumable)})
		if !resumable {
			s.sessions = nil
			for _, l := range s.gateway.links {
				l.session = nil
			}
		}
	})
}

// ForgetSessions lets every later resume fail with op 9, as after a long absence.
func (s *Server) ForgetSessions() {
	s.change(func() {
		for _, sess := range s.sessions {
			sess.id = "forgotten"
		}
	})
}

// StopAcks leaves heartbeats unanswered until the result is called.
func (s *Server) StopAcks() (start func()) {
	s.change(func() { s.gateway.noAcks = true })
	return func() { s.change(func() { s.gateway.noAcks = false }) }
}

// Outage cuts all gateway connections and refuses new ones until the result is called. REST goes on.
func (s *Server) Outage() (end func()) {
	s.change(func() {
		s.gateway.away = true
		s.dropAll()
	})
	return func() { s.change(func() { s.gateway.away = false }) }
}

// DuplicateNext sends the next event of that name twice, to every session.
func (s *Server) DuplicateNext(name string) {
	s.change(func() {
		for _, sess := range s.sessions {
			sess.duplicate[name]++
		}
	})
}

// SendRaw dispatches an event with any data to every session, whatever its intents: unknown or undecodable ones.
func (s *Server) SendRaw(name string, data json.RawMessage) {
	s.change(func() {
		for _, sess := range s.sessions {
			sess.dispatch(name, data)
		}
	})
}
