package jwt

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/id"
)

// The audiences of links: none is an access token's, nor the other's.
const (
	forDownload = "ticketsys/file"
	forUpload   = "ticketsys/upload"
)

// Links makes and checks the secret part of links to files, with the keys of
// access tokens. It implements file.Links.
type Links struct{ ring *ring }

// Links gives the maker of links.
func (t *Tokens) Links() *Links { return &Links{t.ring} }

var _ file.Links = (*Links)(nil)

// linkClaims is what a link says.
type linkClaims struct {
	jwt.RegisteredClaims

	Workspace  string `json:"wsp"`
	Attachment string `json:"att"`
	SignOuts   int64  `json:"out,omitempty"`
}

// Sign implements file.Links.
func (l *Links) Sign(ctx context.Context, of file.Link, now time.Time) (string, error) {
	key, err := l.ring.signing(ctx, now)
	if err != nil {
		return "", err
	}
	audience := forDownload
	if of.Upload {
		audience = forUpload
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, linkClaims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer: issuer, Audience: jwt.ClaimStrings{audience}, Subject: strconv.FormatInt(int64(of.Member), 10),
			IssuedAt: jwt.NewNumericDate(of.IssuedAt), NotBefore: jwt.NewNumericDate(of.IssuedAt), ExpiresAt: jwt.NewNumericDate(of.ExpiresAt),
		},
		Workspace: of.Workspace.String(), Attachment: of.Attachment.String(), SignOuts: of.SignOuts,
	})
	token.Header["kid"] = key.id
	return token.SignedString(key.private)
}

// Check implements file.Links.
func (l *Links) Check(ctx context.Context, signed string, now time.Time) (file.Link, error) {
	if len(signed) > maxLength {
		return file.Link{}, file.ErrLink
	}
	var c linkClaims
	var broken error // of the store, which is no fault of the link
	_, err := parser(now, forDownload, forUpload).ParseWithClaims(signed, &c, func(token *jwt.Token) (any, error) {
		kid, _ := token.Header["kid"].(string)
		public, err := l.ring.verifying(ctx, kid, now)
		if err != nil && !errors.Is(err, errUnknownKey) {
			broken = err
		}
		return public, err
	})
	switch {
	case broken != nil:
		return file.Link{}, broken
	case err != nil:
		return file.Link{}, file.ErrLink.Because(err)
	case !now.Before(c.ExpiresAt.Time):
		return file.Link{}, file.ErrLink
	}
	return c.link()
}

func (c linkClaims) link() (file.Link, error) {
	workspace, err1 := strconv.ParseInt(c.Workspace, 10, 64)
	member, err2 := strconv.ParseInt(c.Subject, 10, 64)
	attachment, err3 := strconv.ParseInt(c.Attachment, 10, 64)
	if err := errors.Join(err1, err2, err3); err != nil {
		return file.Link{}, file.ErrLink.Because(err)
	}
	return file.Link{
		Workspace: id.Workspace(workspace), Member: id.Member(member), Attachment: id.Attachment(attachment),
		Upload: c.Audience[0] == forUpload, IssuedAt: c.IssuedAt.UTC(), ExpiresAt: c.ExpiresAt.UTC(), SignOuts: c.SignOuts,
	}, nil
}
