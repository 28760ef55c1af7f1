package file

import (
	"bytes"
	"encoding/binary"
)

// upright is the orientation of what needs no turning.
const upright = 1

// Orientation tells how a photo is to be turned before it is looked at, from 1 (not
// at all) to 8, by what the camera wrote at the beginning of a JPEG. From 5 on its
// width is the height that people see.
func Orientation(head []byte) int {
	if !bytes.HasPrefix(head, []byte("\xff\xd8")) {
		return upright
	}
	for rest := head[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		kind, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if kind == 0xda || size < 2 || len(rest) < 2+size { // the picture itself begins, or it is cut
			return upright
		}
		if exif, is := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); kind == 0xe1 && is {
			return orientationIn(exif)
		}
		rest = rest[2+size:]
	}
	return upright
}

// orientationIn looks for it in the first directory of a TIFF.
func orientationIn(tiff []byte) int {
	const header, entry, tag, short = 8, 12, 0x0112, 3
	if len(tiff) < header {
		return upright
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return upright
	}
	count, entries := int(order.Uint16(tiff[at:])), tiff[at+2:]
	for ; count > 0 && len(entries) >= entry; count, entries = count-1, entries[entry:] {
		if order.Uint16(entries) != tag || order.Uint16(entries[2:]) != short {
			continue
		}
		if n := int(order.Uint16(entries[8:])); n >= upright && n <= 8 {
			return n
		}
		return upright
	}
	return upright
}
