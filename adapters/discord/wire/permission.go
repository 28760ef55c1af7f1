package wire

import (
	"strconv"
	"strings"
)

// Permission is a set of Discord's permission bits; in JSON a string of digits.
type Permission uint64

// The permissions that the adapter asks about or grants.
const (
	Administrator        Permission = 1 << 3
	ManageChannels       Permission = 1 << 4
	ManageGuild          Permission = 1 << 5
	AddReactions         Permission = 1 << 6
	ViewChannel          Permission = 1 << 10
	SendMessages         Permission = 1 << 11
	ManageMessages       Permission = 1 << 13
	EmbedLinks           Permission = 1 << 14
	AttachFiles          Permission = 1 << 15
	ReadHistory          Permission = 1 << 16
	ManageRoles          Permission = 1 << 28
	ManageThreads        Permission = 1 << 34
	CreatePublicThreads  Permission = 1 << 35
	CreatePrivateThreads Permission = 1 << 36
	SendInThreads        Permission = 1 << 38

	// Everything is what an administrator has.
	Everything Permission = 1<<63 - 1
)

// Has reports whether all bits of want are there.
func (p Permission) Has(want Permission) bool { return p&want == want }

// MarshalJSON writes the bits as Discord does.
func (p Permission) MarshalJSON() ([]byte, error) {
	return strconv.AppendQuote(nil, strconv.FormatUint(uint64(p), 10)), nil
}

// UnmarshalJSON reads a string or a number; anything else is no permission at all.
// It never fails.
func (p *Permission) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil {
		n = 0
	}
	*p = Permission(n)
	return nil
}

// The kinds of target that an overwrite has.
const (
	OverwriteRole   = 0
	OverwriteMember = 1
)

// Overwrite allows and denies permissions in a channel, for a role or a member.
type Overwrite struct {
	ID    ID         `json:"id"`
	Type  int        `json:"type"`
	Allow Permission `json:"allow"`
	Deny  Permission `json:"deny"`
}
