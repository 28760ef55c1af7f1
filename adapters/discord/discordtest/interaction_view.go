package discordtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNoAnswer is what a person reads as "The application did not respond": no answer within three seconds.
var ErrNoAnswer = errors.New("discordtest: the application did not respond")

// Interaction is a command, click, choice or submitted modal, and what the bot answers to it.
type Interaction struct {
	s   *Server
	in  *interaction
	by  *Member
	err error
}

// Err is why the interaction could not even be sent; nil when it was.
func (i *Interaction) Err() error { return i.err }

// ID is the interaction's snowflake, 0 when it was not sent.
func (i *Interaction) ID() ID {
	if i.in == nil {
		return 0
	}
	return i.in.id
}

// Wait waits until the person sees an answer: a modal, a message that is no longer loading, an updated message, the
// suggestions, or a silent acknowledgement. It returns ErrNoAnswer when the server's AckTime passes by its clock.
func (i *Interaction) Wait(ctx context.Context) error {
	if i.err != nil {
		return i.err
	}
	late := false
	alarm := time.AfterFunc(i.s.ackTime+time.Millisecond, i.s.Wake)
	defer alarm.Stop()
	err := i.s.Until(ctx, func() bool {
		i.s.mu.Lock()
		defer i.s.mu.Unlock()
		late = !i.in.acked && i.s.now().Sub(i.in.at) > i.s.ackTime
		return late || i.in.visible()
	})
	if err == nil && late {
		return ErrNoAnswer
	}
	return err
}

func (in *interaction) visible() bool {
	if !in.acked {
		return false
	}
	return in.callback != callbackDeferred || in.original.flags&flagLoading == 0 || in.original.deleted
}

// Late reports whether the bot did not acknowledge in time.
func (i *Interaction) Late() bool {
	return peek(i, func(in *interaction) bool { return !in.acked && i.s.now().Sub(in.at) > i.s.ackTime })
}

// Acknowledged reports whether the bot has answered at all, be it by deferring.
func (i *Interaction) Acknowledged() bool {
	return peek(i, func(in *interaction) bool { return in.acked })
}

func peek[T any](i *Interaction, f func(*interaction) T) (out T) {
	if i.in != nil {
		i.s.read(func() { out = f(i.in) })
	}
	return out
}

// Modal is the form that the bot opened, nil when it opened none.
func (i *Interaction) Modal() *Modal {
	return peek(i, func(in *interaction) *Modal { return in.modal })
}

// Choices are the suggestions of an autocompletion.
func (i *Interaction) Choices() []Choice {
	return peek(i, func(in *interaction) []Choice { return slices.Clone(in.choices) })
}

// Reply is the bot's answer, or the message that it updated; nil when there is none.
func (i *Interaction) Reply() *Message {
	return peek(i, func(in *interaction) *Message { return i.s.view(in.original) })
}

// Replies are the bot's answer and its follow-ups, without deleted ones.
func (i *Interaction) Replies() []*Message {
	return peek(i, func(in *interaction) []*Message {
		all := in.followUp
		if in.original != nil && in.original != in.source {
			all = append([]*message{in.original}, all...)
		}
		return i.s.views(slices.DeleteFunc(slices.Clone(all), func(m *message) bool { return m.deleted }))
	})
}

// WaitFor waits until one of the replies contains the words.
func (i *Interaction) WaitFor(ctx context.Context, words string) (*Message, error) {
	if i.err != nil {
		return nil, i.err
	}
	var found *Message
	err := i.s.Until(ctx, func() bool {
		for _, m := range append(i.Replies(), i.Reply()) {
			if m != nil && contains(m, words) {
				found = m
			}
		}
		return found != nil
	})
	return found, err
}

// Values are the inputs of a modal by custom ID or label: a string, or for selects a list of options.
type Values map[string]any

// Submit sends the modal that the bot opened, waiting until it is there. Fields that are left out keep their
// prefilled value.
func (i *Interaction) Submit(ctx context.Context, values Values) *Interaction {
	if err := i.Wait(ctx); err != nil {
		return &Interaction{s: i.s, by: i.by, err: err}
	}
	return i.by.when(ctx, func() (*interaction, error) {
		if i.in.modal == nil {
			return nil, fmt.Errorf("%w: no modal was opened", ErrNotAllowed)
		}
		data, err := i.in.modal.submission(i.s, i.in.channel, values)
		if err != nil {
			return nil, err
		}
		in := i.s.newInteraction(interactionModal, "", i.by.u, i.in.channel)
		in.source, in.sequel, in.parent = i.in.source, i.in.source != nil, i.in
		i.s.emit(in, data)
		return in, nil
	})
}
