package sqlstore

import "sync"

// hub hands signals to the subscribers of this process.
type hub struct {
	mu     sync.Mutex
	topics map[string]map[chan struct{}]struct{}
}

func newHub() *hub { return &hub{topics: map[string]map[chan struct{}]struct{}{}} }

// Subscribe implements job.Signals.
func (s *Store) Subscribe(topic string) (<-chan struct{}, func()) { return s.hub.subscribe(topic) }

func (h *hub) subscribe(topic string) (<-chan struct{}, func()) {
	signal := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.topics[topic] == nil {
		h.topics[topic] = map[chan struct{}]struct{}{}
	}
	h.topics[topic][signal] = struct{}{}
	return signal, func() { h.unsubscribe(topic, signal) }
}

func (h *hub) unsubscribe(topic string, signal chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.topics[topic], signal)
	if len(h.topics[topic]) == 0 {
		delete(h.topics, topic)
	}
}

func (h *hub) publish(topics map[string]struct{}) {
	if len(topics) == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic := range topics {
		h.wake(topic)
	}
}

// publishAll wakes everyone: some signal may have been missed.
func (h *hub) publishAll() { h.publishIf(func(string) bool { return true }) }

// publishIf wakes the subscribers of those topics that may have been missed.
func (h *hub) publishIf(missed func(topic string) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic := range h.topics {
		if missed(topic) {
			h.wake(topic)
		}
	}
}

// wake never blocks: a signal that already waits stands for this one too.
func (h *hub) wake(topic string) {
	for signal := range h.topics[topic] {
		select {
		case signal <- struct{}{}:
		default:
		}
	}
}
