// Package discordtest is a Discord in a Go process: the REST API (v9 and v10), the gateway, and the people who use it.
// It has its own wire types, so that a bot is tried against Discord's documented shapes and not against its own library.
//
// # Starting
//
// Start(Options{Now: clock}) listens on 127.0.0.1 on a free port. Server.APIURL is the base to which a bot adds
// /api/v10, Server.GatewayURL is where it connects, Server.Token is its token, Server.ApplicationID and Server.BotID
// are its IDs. The bot may run in another process, be killed and started again: the server keeps everything.
// The clock is the caller's; after moving it call Server.Wake.
//
// # People
//
// A story is told with what people do; every method takes effect before it returns:
//
//	guild := srv.Guild("Acme", discordtest.WithOwner("Olga"), discordtest.WithLocale("fr"))
//	support := guild.Role("support")
//	ana := guild.Member("Ana", discordtest.Locale("fr"))
//	mod := guild.Member("Max", support)
//	guild.AddBot()
//	in := ana.Runs(ctx, guild.Channel("general"), "/ticket open", nil)
//	in = in.Submit(ctx, discordtest.Values{"subject": "Help"})
//	err := in.Wait(ctx)
//
// Guild: Text and Category create channels, Channel and Channels find them, Role and Member create roles and people,
// Join lets a person join another guild, Owner and Bot are members; AddBot, KickBot, GiveBot, Fails and Recovers are
// what happens to the bot and the guild; Offers and Commands tell which commands people are offered.
//
// Member: Runs, Completes, Uses, UsesOn, Clicks and Selects return an Interaction; Posts, Edits, Deletes, Reacts,
// DeletesChannel, RenamesChannel and SetsOverwrite act at once and refuse with ErrNotAllowed what Discord's client
// would; Gets, Loses, IsCalled, IsTimedOut, Leaves, TakesDMs and Speaks change the person; DM is their channel with
// the bot.
//
// Interaction: Wait waits for the answer that the person sees (ErrNoAnswer after three seconds of the clock); then
// Modal, Reply, Replies and Choices show it, WaitFor waits for words, Submit sends the modal.
//
// Channel: Name, Topic, Parent, Overwrites, Exists, Archived, SeenBy, CanSend, Permissions, Viewers; Messages are what
// stands there, History also what was deleted, VisibleTo what one person has on their screen; Last, Find and WaitFor
// pick one. Message is a value: what it was when it was read; Now reads it again.
//
// # Waiting
//
// Nothing sleeps and nothing polls: Server.Until tries a condition again whenever something changes in this Discord,
// and ends with the context. Channel.WaitFor and Interaction.WaitFor are built on it.
//
// # Faults
//
// Server.Fail and FailTimes arm a Fault for requests that a Match picks: FailBefore, FailAfter, Refuse, Unauthorized,
// RateLimited, Drop, Slow. Server.OnRequest calls a hook before and after the effect of every request, and the request
// waits for it: the place to kill a bot's process. Server.Requests is the log. For the gateway there are
// DropConnections, CloseConnections, Reconnect, InvalidSession, ForgetSessions, StopAcks, Outage, DuplicateNext and
// SendRaw; Connected says whether the bot is there.
//
// # Fidelity
//
// Permissions follow the documented algorithm and are enforced on every route; limits answer with Discord's codes and
// shapes; interactions must be acknowledged within 3 s and their token lives 15 min; events reach a session only by
// its intents, and only from channels that the bot sees; content is emptied without MESSAGE_CONTENT.
package discordtest
