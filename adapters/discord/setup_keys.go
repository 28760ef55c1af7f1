package discord

import (
	"context"
	"fmt"
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

// setupKeysList shows the keys that are in use.
func (q *asked) setupKeysList(ctx context.Context) error {
	if err := q.manageKeys(); err != nil {
		return err
	}
	found, err := q.liveKeys(ctx, "")
	if err != nil {
		return err
	}
	if len(found) == 0 {
		q.reply.say(ctx, q.speech.Say("discord.setup.no_keys", nil))
		return nil
	}
	lines := make([]string, len(found))
	for i, k := range found {
		lines[i] = q.speech.Say("discord.setup.key", render.Args{"Prefix": "`" + k.Prefix() + "`", "Name": k.Name, "Until": date(k.ExpiresAt)})
	}
	q.reply.say(ctx, strings.Join(lines, "\n"))
	return nil
}

// setupKeysRevoke ends a key that is named or typed by how it begins.
func (q *asked) setupKeysRevoke(ctx context.Context) error {
	if err := q.manageKeys(); err != nil {
		return err
	}
	found, err := q.liveKeys(ctx, "")
	if err != nil {
		return err
	}
	typed := q.args["key"].Text()
	for _, k := range found {
		if typed != key(int64(k.ID)) && typed != k.Prefix() && fold(typed) != fold(k.Name) {
			continue
		}
		if err := q.Auth.RevokeKey(ctx, q.call, k.ID); err != nil {
			return err
		}
		q.reply.say(ctx, q.speech.Say("discord.setup.key_revoked", render.Args{"Name": k.Name}))
		return nil
	}
	return auth.ErrKeyNotFound
}

// liveKeys are the latest keys that let somebody in, whose names hold the text.
func (q *asked) liveKeys(ctx context.Context, typed string) ([]*auth.APIKey, error) {
	conditions := []query.Condition{
		{Field: auth.FieldKeyRevoked, Op: query.IsNull, Values: []any{true}},
		{Field: auth.FieldKeyExpires, Op: query.Gte, Values: []any{q.call.Now.UnixMicro()}},
	}
	if typed != "" {
		conditions = append(conditions, query.Condition{Field: auth.FieldKeyName, Op: query.Contains, Values: []any{typed}})
	}
	found, err := q.Auth.Keys(ctx, q.call, query.Query{Where: query.Where{Conditions: conditions}}, page.Request{First: maxOffered})
	return found.Items, err
}

// keysOffered are keys while somebody types which to revoke.
func (q *asked) keysOffered(ctx context.Context) ([]wire.Choice, error) {
	found, err := q.liveKeys(ctx, q.args["key"].Text())
	choices := make([]wire.Choice, len(found))
	for i, k := range found {
		choices[i] = wire.Choice{Name: render.Clip(k.Name+" · "+k.Prefix(), maxChoice), Value: key(int64(k.ID))}
	}
	return choices, err
}

// date is a day that Discord shows as its reader writes days.
func date(t time.Time) string { return fmt.Sprintf("<t:%d:D>", t.Unix()) }
