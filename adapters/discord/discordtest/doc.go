// Package discordtest is a Discord in a Go process: the REST API (v9 and v10), the gateway, and the people who use it.
// It has its own wire types, so that a bot is tried against Discord's documented shapes and not against its own library.
//
// # Starting
//
//	srv, err := discordtest.Start(discordtest.Options{Now: clock})
//	defer srv.Close()
//
// It listens on 127.0.0.1 on a free port, or on Options.Address. Server.APIURL is the base to which a bot adds
// /api/v10, Server.GatewayURL is where it connects, Server.Token is its token, Server.ApplicationID and Server.BotID
// are its IDs. The bot may run in another process, be killed and started again: the server keeps everything.
// In a test, StartFor starts it, closes it with the test, and fails the test on every request and every answer that is
// not as Discord describes its API: strictly, by the OpenAPI description where it lies beside the repository.
// Options.RateLimits has buckets and the global limit enforced; invalid requests ban the address in any case.
// Options.RefuseIntents takes privileged intents from the application; it has all three otherwise.
// The clock is the caller's: after moving one that stands still, call Server.Wake.
//
// # People
//
// A story is told with what people do. A guild is founded, people join, the bot is invited:
//
//	guild := srv.Guild("Acme", discordtest.WithOwner("Olga"), discordtest.WithLocale("fr"))
//	support := guild.Role("support")
//	ana := guild.Member("Ana", discordtest.Locale("fr"))
//	max := guild.Member("Max", support)
//	guild.AddBot()
//
// They run commands, fill in modals, click and write:
//
//	modal := ana.Runs(ctx, guild.Channel("general"), "/ticket open", nil)
//	sent := modal.Submit(ctx, discordtest.Values{"subject": "Help"})
//	err := sent.Wait(ctx)
//	ticket := guild.Channel("ticket-1")
//	greeting, err := ticket.WaitFor(ctx, "Bonjour")
//	claim := max.Clicks(ctx, greeting, "Claim")
//	message, err := ana.Posts(ticket, "It does not start", discordtest.File("log.txt", log))
//	err = ana.Edits(message, "It does not start any more")
//
// Guild: Role, Member, Join, Text, Forum and Category make roles, people and channels; Channel, Channels, Members, Roles,
// Owner, Bot, ID and Name find them; AddBot, KickBot, GiveBot, Fails and Recovers are what happens to the bot and the
// guild; Offers and Commands tell which commands people are offered. Server.Guilds lists them all, Server.GuildByID and
// Server.ChannelByID find by snowflake.
//
// Member: Runs, Completes, Uses, UsesOn, Clicks and Selects send an Interaction and return it at once. They wait, as a
// person would, until the command is registered or the component is there and enabled, at most until the context ends;
// what the person may not do is the interaction's Err. Posts (with ReplyTo, File, Sticker and Poll), Forwards, Edits,
// Deletes, Reacts, Votes, DeletesChannel, RenamesChannel and SetsOverwrite have happened when they return, and refuse
// with ErrNotAllowed what Discord's client would. So do OpensThread, OpensPost, JoinsThread, LeavesThread, BringsIn,
// TakesOut, Archives, Unarchives and Locks for threads and forum posts, and Kicks, Bans and Pardons for other people.
// Gets, Loses, Has, IsCalled, IsTimedOut, Leaves, IsBanned, IsPardoned, TakesDMs and Speaks are about the person; DM is
// their channel with the bot. Server.Unfurls adds the preview of a link.
//
// Interaction: Wait waits for the answer that the person sees: a modal, a message that is no longer loading, an
// updated message, suggestions. It returns ErrNoAnswer when the bot did not acknowledge in three seconds. Then Modal,
// Reply, Replies and Choices show the answer; Submit waits for the modal and sends it; WaitFor waits for words in any
// of the replies; Acknowledged tells of a deferred answer.
//
// Channel: Name, Topic, Type, Parent, Overwrites, Exists, Archived, Locked, SeenBy, CanSend, Permissions and Viewers;
// Messages are what stands there, History also what was deleted, VisibleTo what one person has on their screen,
// ephemeral messages included; Last, Find, Pins and WaitFor pick some. Threads, ThreadMembers and Tags are those of a
// channel, a thread and a forum; CommandsFor and MenuFor are what a person is offered there.
//
// Message is a value: what it was when it was read, with Author, Content, Embeds, Components, Attachments, Stickers,
// Poll, Forwarded, Pinged, Reactions, Edited, Deleted, Pinned, Ephemeral, Loading and more. Text is all its text,
// Component finds a button or select, Now reads the message again.
//
// # Waiting
//
// Nothing sleeps and nothing polls: Server.Until tries a condition again whenever something changes in this Discord,
// and ends with the context. Server.Changed is the signal itself, for those who wait for something else as well.
//
// # Faults
//
// Server.Fail arms a Fault for the next request that a Match picks, FailTimes for the next n, FailNth for the n-th:
//
//	srv.Fail(discordtest.On("POST", "/channels/*/messages").And("Bonjour"), discordtest.FailAfter(502))
//
// The faults are FailBefore, FailAfter, TimeOut, Drop, Truncate, Slow, Late, Refuse, Unauthorized, RateLimited and
// AddressBanned. Server.FailEvent and FailEventNth arm an EventFault for an event:
//
//	srv.FailEvent("INTERACTION_CREATE", discordtest.CutSocket(discordtest.Before))
//
// Those are CutSocket, CloseSocket, AskReconnect, Invalidate, WithoutAcks, Zombie, Away, Lost, Twice, Swapped, Unknown
// and Undecodable. FaultKinds is the table of all kinds but Lost, of requests and of events, for a suite that tries each
// at every step: FaultKind.Arm takes the Point where it strikes. Failure.Hits says whether it struck, Failure.Disarm
// ends what lasts.
//
// Server.OnRequest calls a hook before and after the effect of every request, and the request waits for it: the place
// to kill a bot's process, and so is Server.OnEvent, before an event is sent. Server.Requests is the log, Server.Count
// counts in it. For the whole gateway there are DropConnections, CloseConnections, Reconnect, InvalidSession,
// ForgetSessions, StopAcks, Outage, DuplicateNext and SendRaw; Connected says whether the bot is there.
//
// # By itself
//
// Package cmd beside this one runs a Discord to try any bot against, with a page on which a person acts as its members:
//
//	go run ./adapters/discord/discordtest/cmd
//
// # Fidelity
//
// Permissions follow the documented algorithm and are enforced on every route; limits answer with Discord's codes and
// shapes; a channel's name and topic change twice in ten minutes; interactions must be acknowledged within 3 s and
// their token lives 15 min; a nonce is remembered for 5 min; links to files are signed and work for a day; a thread
// archives itself after its time of silence, and a guild holds 1000 that are active. 10 000 answers of 401, 403 and 429
// in ten minutes ban the address. Events reach a session by its intents, and only from channels that the bot sees;
// content is emptied without MESSAGE_CONTENT, except in DMs, mentions of the bot and replies that ping it. Sessions are
// replayed on resume. IDs grow always, even while the clock stands still.
package discordtest
