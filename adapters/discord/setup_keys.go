package discord

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/adapters/discord/render"
	"github.com/ticketsys/ticketsys/adapters/discord/wire"
	"github.com/ticketsys/ticketsys/domain/access"
	"github.com/ticketsys/ticketsys/domain/auth"
	"github.com/ticketsys/ticketsys/domain/page"
	"github.com/ticketsys/ticketsys/domain/query"
)

// What a key that is made by command may be used for.
const (
	keyReads = "read" // to look at whatever its member may see
	keyDoes  = "all"  // for whatever its member may do
)

// keysAtOnce is how many keys a message shows: the longest of them fit into it.
const keysAtOnce = 10

// keyCommands are about API keys.
func (a *Adapter) keyCommands() wire.CommandOption {
	name := a.argument(wire.OptionText, slash{"name", "discord.command.name", "discord.describe.key_name"})
	name.MaxLength = auth.MaxKeyName
	use := a.argument(wire.OptionText, slash{"access", "discord.command.access", "discord.describe.key_access"})
	for _, c := range []struct{ value, key string }{{keyReads, "discord.key.read"}, {keyDoes, "discord.key.all"}} {
		use.Choices = append(use.Choices, wire.Choice{Name: a.english(c.key), Names: a.translated(c.key), Value: c.value})
	}
	who := a.argument(wire.OptionUser, slash{"member", "discord.command.member", "discord.describe.key_member"})
	who.Required = false
	key := a.argument(wire.OptionText, slash{"key", "discord.command.key", "discord.describe.key"})
	key.Autocomplete = true
	all := a.sub(slash{"keys", "discord.command.keys", "discord.describe.keys"},
		a.sub(slash{"list", "discord.command.list", "discord.describe.keys_list"}),
		a.sub(slash{"create", "discord.command.create", "discord.describe.keys_create"}, name, use, who),
		a.sub(slash{"revoke", "discord.command.revoke", "discord.describe.keys_revoke"}, key))
	all.Type = wire.OptionGroup
	return all
}

// manageKeys refuses whom the setup is not for.
func (q *asked) manageKeys() error {
	return access.Require(q.call.Actor, access.KeyManage, access.InWorkspace(q.call.Actor.Workspace))
}

// setupKeysCreate makes a key and shows its secret, to who asked alone.
func (q *asked) setupKeysCreate(ctx context.Context) error {
	if err := q.manageKeys(); err != nil {
		return err
	}
	wish := auth.KeyWish{Name: q.args["name"].Text(), Scopes: auth.ReadScopes()}
	if q.args["access"].Text() == keyDoes {
		wish.Scopes = access.Permissions()
	}
	if _, ok := q.args["member"]; ok {
		m, err := q.named(ctx)
		if err != nil {
			return err
		}
		wish.Member = m
	}
	k, secret, err := q.Auth.CreateKey(ctx, q.call, wish)
	if err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.setup.key_created", render.Args{"Name": k.Name, "Until": date(k.ExpiresAt), "Secret": "`" + secret + "`"}))
	return nil
}

// setupKeysList shows the keys that are in use, the latest first.
func (q *asked) setupKeysList(ctx context.Context) error { return q.listKeys(ctx, nil) }

// listKeys shows the keys that were made before the one at the place, and how to see
// those before them.
func (q *asked) listKeys(ctx context.Context, after page.Cursor) error {
	if err := q.manageKeys(); err != nil {
		return err
	}
	found, err := q.liveKeys(ctx, page.Request{First: keysAtOnce, After: after})
	if err != nil {
		return err
	}
	if len(found.Items) == 0 {
		q.reply.say(ctx, q.speech.Say("discord.setup.no_keys", nil))
		return nil
	}
	lines := make([]string, len(found.Items))
	for i, k := range found.Items {
		lines[i] = q.speech.Say("discord.setup.key", render.Args{"Prefix": "`" + k.Prefix() + "`", "Name": k.Name, "Until": date(k.ExpiresAt)})
	}
	p := wire.Post{Content: strings.Join(lines, "\n"), AllowedMentions: wire.Nobody()}
	if found.HasNext {
		last := int64(found.Items[len(found.Items)-1].ID)
		p.Components = []wire.Component{wire.Row(wire.Button(wire.Secondary, render.CustomID(render.VerbKeys, last), q.speech.Say("discord.button.more", nil)))}
	}
	q.reply.show(ctx, p)
	return nil
}

// setupKeysRevoke ends a key that is named or typed by how it begins.
func (q *asked) setupKeysRevoke(ctx context.Context) error {
	if err := q.manageKeys(); err != nil {
		return err
	}
	k, err := q.keyCalled(ctx, q.args["key"].Text())
	if err != nil {
		return err
	}
	if err := q.Auth.RevokeKey(ctx, q.call, k.ID); err != nil {
		return err
	}
	q.reply.say(ctx, q.speech.Say("discord.setup.key_revoked", render.Args{"Name": k.Name}))
	return nil
}

// keyCalled finds a key in use by what was chosen, or typed: how it begins, or its whole
// name, whatever its case and accents. The latest counts of several with one name.
func (q *asked) keyCalled(ctx context.Context, typed string) (*auth.APIKey, error) {
	chosen, _ := strconv.ParseInt(typed, 10, 64)
	found, err := q.keysThat(ctx, 1, func(k *auth.APIKey) bool {
		return int64(k.ID) == chosen || k.Prefix() == typed || fold(k.Name) == fold(typed)
	})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, auth.ErrKeyNotFound
	}
	return found[0], nil
}

// keysThat are the latest keys in use that are wanted, some at most. They are looked
// through here, not by the database, which knows small letters of few alphabets.
func (q *asked) keysThat(ctx context.Context, some int, wanted func(*auth.APIKey) bool) ([]*auth.APIKey, error) {
	var all []*auth.APIKey
	for r := (page.Request{First: page.MaxSize}); ; {
		found, err := q.liveKeys(ctx, r)
		if err != nil {
			return nil, err
		}
		for _, k := range found.Items {
			if wanted(k) {
				all = append(all, k)
			}
			if len(all) == some {
				return all, nil
			}
		}
		if !found.HasNext {
			return all, nil
		}
		r.After = page.Cursor{int64(found.Items[len(found.Items)-1].ID)}
	}
}

// liveKeys are keys that let somebody in, the latest first.
func (q *asked) liveKeys(ctx context.Context, r page.Request) (page.Page[*auth.APIKey], error) {
	return q.Auth.Keys(ctx, q.call, query.Query{
		Where: query.Where{Conditions: []query.Condition{
			{Field: auth.FieldKeyRevoked, Op: query.IsNull, Values: []any{true}},
			{Field: auth.FieldKeyExpires, Op: query.Gte, Values: []any{q.call.Now.UnixMicro()}},
		}},
		Order: []query.Order{{Field: query.FieldID, Descending: true}},
	}, r)
}

// keysOffered are keys while somebody types which to revoke.
func (q *asked) keysOffered(ctx context.Context) ([]wire.Choice, error) {
	typed := q.args["key"].Text()
	found, err := q.keysThat(ctx, maxOffered, func(k *auth.APIKey) bool {
		return strings.Contains(k.Prefix(), typed) || strings.Contains(fold(k.Name), fold(typed))
	})
	choices := make([]wire.Choice, len(found))
	for i, k := range found {
		choices[i] = wire.Choice{Name: render.Clip(k.Name+" · "+k.Prefix(), maxChoice), Value: key(int64(k.ID))}
	}
	return choices, err
}

// date is a day that Discord shows as its reader writes days.
func date(t time.Time) string { return fmt.Sprintf("<t:%d:D>", t.Unix()) }
