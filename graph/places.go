package graph

import (
	"strconv"

	"github.com/ticketsys/ticketsys/domain/access"
)

// enterStream takes a place for a stream of server-sent events until leave is called.
func (r *Resolver) enterStream(s access.Session) (leave func(), err error) {
	address, err := r.enterAddress(s)
	if err != nil {
		return nil, err
	}
	member, err := r.enterMember(s)
	if err != nil {
		address()
		return nil, err
	}
	return func() { member(); address() }, nil
}

// enterAddress takes one of the places of the address that a stream comes from.
func (r *Resolver) enterAddress(s access.Session) (leave func(), err error) {
	leave, most := r.addresses.Take(s.Address)
	if leave == nil {
		return nil, errStreams.with(most)
	}
	return leave, nil
}

// enterMember takes one of the places of the member whose stream it is.
func (r *Resolver) enterMember(s access.Session) (leave func(), err error) {
	leave, most := r.members.Take(strconv.FormatInt(int64(s.Actor.Member), 36))
	if leave == nil {
		return nil, errStreams.with(most)
	}
	return leave, nil
}
