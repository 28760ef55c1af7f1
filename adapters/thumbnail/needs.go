package thumbnail

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"

	"github.com/ticketsys/ticketsys/domain/file"
)

// needs reckons how many bytes it takes to decode the picture that begins like this.
// The header is believed: a decoder that meets something else ends with an error.
func needs(head []byte) (int64, error) {
	kind := file.Sniff(head)
	if kind == "image/jpeg" {
		return needsJPEG(head)
	}
	if kind == "image/webp" {
		return 0, nil // readWebP reckons itself
	}
	width, height := file.Measure(head)
	pixels := int64(width) * int64(height)
	if pixels == 0 {
		return 0, errNothing
	}
	switch kind {
	case "image/gif":
		return 2 * pixels, nil
	case "image/png":
		c, _, err := image.DecodeConfig(bytes.NewReader(head))
		if err != nil {
			return 0, err
		}
		return 2 * pixels * depth(c.ColorModel), nil // an interlaced one is read pass by pass
	}
	return 0, errKind
}

// depth is how many bytes a pixel takes in memory.
func depth(m color.Model) int64 {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	if _, is := m.(color.Palette); is {
		return 1
	}
	return 4
}

// needsJPEG reads the frame's header: each component has a byte for each of its
// samples, and a progressive picture four more for the coefficient, kept to the end.
func needsJPEG(head []byte) (int64, error) {
	const sample, coefficient = 1, 4
	for rest := head[min(2, len(head)):]; len(rest) >= 4 && rest[0] == 0xff; {
		kind, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if size < 2 || len(rest) < 2+size {
			break
		}
		if kind >= 0xc0 && kind <= 0xc2 && size >= 8 {
			each := int64(sample)
			if kind == 0xc2 {
				each += coefficient
			}
			return each * samples(rest[4:2+size]), nil
		}
		rest = rest[2+size:]
	}
	return 0, errNothing
}

// samples counts them in all components of a frame, rounded up to whole units.
func samples(frame []byte) int64 {
	height, width, components := int64(binary.BigEndian.Uint16(frame[1:])), int64(binary.BigEndian.Uint16(frame[3:])), int(frame[5])
	const unit = 32 // the largest, of 4 by 4 blocks of 8
	pixels := (width + unit) * (height + unit)
	if components > 1 && len(frame) >= 9 {
		// Colours have less: of Y the most, which is one for each pixel.
		y := int64(frame[7]>>4) * int64(frame[7]&15)
		if y == 2 || y == 4 {
			return pixels + int64(components-1)*pixels/y
		}
	}
	return pixels * int64(max(components, 1))
}
