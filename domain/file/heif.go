package file

import (
	"encoding/binary"
	"iter"
)

// heif reads the size of an AVIF or HEIC picture as people see it: that of its primary
// item, turned as its properties say (ISO/IEC 23008-12). Nothing is believed that is
// not there; 0 is told of what ends before.
func heif(b []byte) (width, height int) {
	if len(b) < 12 || string(b[4:8]) != "ftyp" {
		return 0, 0
	}
	meta := inside(b, "meta")
	meta.take(4) // version and flags, as of each "full" box
	primary, properties := primaryItem(inside(meta, "pitm")), inside(meta, "iprp")
	var all []box
	for one := range boxes(inside(properties, "ipco")) {
		all = append(all, one)
	}
	turned := false
	for _, i := range associated(inside(properties, "ipma"), primary) {
		if i < 1 || i > len(all) {
			continue
		}
		switch of := octets(all[i-1].body); all[i-1].kind {
		case "ispe":
			of.take(4)
			width, height = of.take(4), of.take(4)
		case "irot":
			turned = of.take(1)%2 == 1 // quarters of a turn
		}
	}
	if turned {
		return height, width
	}
	return width, height
}

func primaryItem(pitm octets) int {
	if pitm.take(4)>>24 == 0 {
		return pitm.take(2)
	}
	return pitm.take(4)
}

// associated gives the properties of an item, by their places from 1 on.
func associated(ipma octets, item int) (places []int) {
	form := ipma.take(4)
	idSize, placeSize := 2, 1
	if form>>24 > 0 {
		idSize = 4
	}
	if form&1 == 1 {
		placeSize = 2
	}
	for n := ipma.take(4); n > 0 && len(ipma) > 0; n-- {
		found := ipma.take(idSize) == item
		for m := ipma.take(1); m > 0 && len(ipma) > 0; m-- {
			place := ipma.take(placeSize) & (1<<(8*placeSize-1) - 1) // without what is essential
			if found {
				places = append(places, place)
			}
		}
		if found {
			break
		}
	}
	return places
}

// octets are read from the beginning.
type octets []byte

// take reads a number of so many bytes; 0, and all there is, if there are fewer.
func (o *octets) take(n int) (number int) {
	if len(*o) < n {
		*o = nil
		return 0
	}
	for _, b := range (*o)[:n] {
		number = number<<8 | int(b)
	}
	*o = (*o)[n:]
	return number
}

// box is a part of a file in the base media format (ISO/IEC 14496-12).
type box struct {
	kind string
	body []byte // as far as it is there
}

func boxes(b []byte) iter.Seq[box] {
	return func(yield func(box) bool) {
		for len(b) >= 8 {
			head, size := 8, uint64(binary.BigEndian.Uint32(b))
			switch {
			case size == 0: // to the end
				size = uint64(len(b))
			case size == 1 && len(b) >= 16:
				head, size = 16, binary.BigEndian.Uint64(b[8:])
			}
			if size < uint64(head) {
				return
			}
			size = min(size, uint64(len(b)))
			if !yield(box{string(b[4:8]), b[head:size]}) {
				return
			}
			b = b[size:]
		}
	}
}

// inside gives what is in the first box of the kind; nothing if there is none.
func inside(b []byte, kind string) octets {
	for one := range boxes(b) {
		if one.kind == kind {
			return one.body
		}
	}
	return nil
}
