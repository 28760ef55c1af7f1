package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// dataVersion is the version in which every kind of data is written now.
const dataVersion = 1

// Encode writes an event's data for the log.
func Encode(d Data) (Type, int, []byte, error) {
	raw, err := json.Marshal(d)
	if err != nil {
		return "", 0, nil, fmt.Errorf("encode event %s: %w", d.Type(), err)
	}
	return d.Type(), dataVersion, raw, nil
}

// Decode reads an event's data from the log.
func Decode(t Type, version int, raw []byte) (Data, error) {
	decode, ok := decoders[t]
	if !ok || version != dataVersion {
		return nil, fmt.Errorf("event %s: unknown type or version %d", t, version)
	}
	d, err := decode(raw)
	if err != nil {
		return nil, fmt.Errorf("decode event %s: %w", t, err)
	}
	return d, nil
}

func as[T Data](raw []byte) (Data, error) {
	var d T
	err := json.Unmarshal(raw, &d)
	return d, err
}

var decoders = map[Type]func([]byte) (Data, error){
	TypeTicketOpened:        as[TicketOpened],
	TypeMessagePosted:       as[MessagePosted],
	TypeNoteAdded:           as[NoteAdded],
	TypeMessageEdited:       as[MessageEdited],
	TypeMessageDeleted:      as[MessageDeleted],
	TypeTicketClaimed:       as[TicketClaimed],
	TypeTicketAssigned:      as[TicketAssigned],
	TypeTicketUnassigned:    as[TicketUnassigned],
	TypeTicketTransferred:   as[TicketTransferred],
	TypeTicketRecategorised: as[TicketRecategorised],
	TypePriorityChanged:     as[PriorityChanged],
	TypeTagAdded:            as[TagAdded],
	TypeTagRemoved:          as[TagRemoved],
	TypeFieldChanged:        as[FieldChanged],
	TypeParticipantAdded:    as[ParticipantAdded],
	TypeParticipantRemoved:  as[ParticipantRemoved],
	TypeStatusChanged:       as[StatusChanged],
	TypeTicketResolved:      as[TicketResolved],
	TypeTicketConfirmed:     as[TicketConfirmed],
	TypeTicketClosed:        as[TicketClosed],
	TypeTicketReopened:      as[TicketReopened],
	TypeSurfaceLost:         as[SurfaceLost],
	TypeSurfaceRemoved:      as[SurfaceRemoved],
	TypePersonLeft:          as[PersonLeft],
	TypePersonReturned:      as[PersonReturned],
	TypeMessageUndelivered:  as[MessageUndelivered],
	TypeClockMoved:          as[ClockMoved],
	TypeAlertRaised:         as[AlertRaised],
	TypeDigested:            as[Digested],
	TypeTicketSnoozed:       as[TicketSnoozed],
	TypeTicketWoken:         as[TicketWoken],
	TypeReminded:            as[Reminded],
	TypeAttachmentStored:    as[AttachmentStored],
	TypeAttachmentFailed:    as[AttachmentFailed],
}

// Types lists every type of event that the log can hold, by name.
func Types() []Type { return slices.Sorted(maps.Keys(decoders)) }

// All gives an empty one of each type of data, by the types' names.
func All() []Data {
	all := make([]Data, 0, len(decoders))
	for _, t := range Types() {
		d, err := decoders[t]([]byte("{}"))
		if err != nil {
			panic("data can't be empty: " + err.Error()) // of strings, numbers and yes or no it always can
		}
		all = append(all, d)
	}
	return all
}
