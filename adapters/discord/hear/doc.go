// Package hear turns a message as Discord tells it into the text that the
// helpdesk's history keeps: what a reader would have seen there, without any of
// Discord's own notation.
//
// It loses no words, whatever they stand in, and never fails: what it does not
// know it leaves as it is written.
package hear
