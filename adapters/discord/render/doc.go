// Package render makes what people see in Discord out of what the helpdesk
// knows: channel names, rights, cards, messages, forms. It is pure: the same
// facts give the same result, which is how a reconciler knows what to change.
package render
