package access

// Permission is something that one may or may not do.
type Permission string

// The permissions.
const (
	WorkspaceSee    Permission = "workspace.see"
	WorkspaceManage Permission = "workspace.manage" // teams, queues, categories, grants, links
	MemberSee       Permission = "member.see"       // the list of members and agents
	MemberManage    Permission = "member.manage"    // roles, agent profiles of others
	AuditSee        Permission = "audit.see"        // who changed what is configured
	TagSee          Permission = "tag.see"          // the vocabulary of tags
	TagCreate       Permission = "tag.create"       // a word beside those that there are; marking a ticket with a new word needs TicketManage alone
	TagManage       Permission = "tag.manage"       // rename, merge, delete: for all tickets

	KeyCreate Permission = "key.create" // API keys of one's own
	KeyManage Permission = "key.manage" // everybody's

	SessionManage Permission = "session.manage" // everybody's sessions; one's own need no permission

	TicketOpen     Permission = "ticket.open"
	TicketOpenFor  Permission = "ticket.open_for" // on behalf of another member
	TicketSee      Permission = "ticket.see"
	TicketReply    Permission = "ticket.reply"
	NoteSee        Permission = "note.see"
	NoteWrite      Permission = "note.write"
	TicketClaim    Permission = "ticket.claim"
	TicketWork     Permission = "ticket.work" // pending, on hold, snooze
	TicketResolve  Permission = "ticket.resolve"
	TicketManage   Permission = "ticket.manage" // assign, transfer, recategorise, priority, tags, participants, close
	TicketAmend    Permission = "ticket.amend"  // fields of the form whose answers the category lets people change
	TicketConfirm  Permission = "ticket.confirm"
	TicketReopen   Permission = "ticket.reopen"
	MessageRemove  Permission = "message.remove"  // another's message
	MessageHistory Permission = "message.history" // earlier and deleted texts
)

// Relation is what an actor is to a ticket.
type Relation string

// The relations. Whoever is a ticket's requester is nothing else to it; the
// others add up.
const (
	Requester   Relation = "requester"
	Assignee    Relation = "assignee"
	Team        Relation = "team" // staff of a team that serves the ticket's queue
	Participant Relation = "participant"
	None        Relation = "none"
)

// Relations lists the relations.
func Relations() []Relation { return []Relation{Requester, Assignee, Team, Participant, None} }

// nobody is a role that no one has.
const nobody Role = ""

// rule is one row of the table: the lowest role that has the permission, by
// relation to the ticket.
type rule struct {
	requester, assignee, team, participant, none Role

	// class is the grant by which an admin widens or narrows the permission for
	// those without a personal relation; "" when no grant touches it.
	class Class
	// staff keeps the permission from the requester role, whatever a grant says.
	staff bool
}

func everywhere(r Role) rule {
	return rule{requester: r, assignee: r, team: r, participant: r, none: r}
}

// Short names keep the table readable as a table.
const (
	req = RoleRequester
	agt = RoleAgent
	sup = RoleSupervisor
	adm = RoleAdmin
)

// table is the rule table. Notes are kept from whoever asked for help, staff
// or not; only an admin, who can read the whole workspace anyway, is not
// hindered by having opened a ticket.
var table = map[Permission]rule{
	WorkspaceSee:    everywhere(req),
	WorkspaceManage: everywhere(adm),
	MemberSee:       everywhere(agt),
	MemberManage:    everywhere(adm),
	AuditSee:        everywhere(adm),
	TagSee:          everywhere(agt),
	TagCreate:       everywhere(agt),
	TagManage:       everywhere(sup),
	KeyCreate:       everywhere(agt),
	KeyManage:       everywhere(adm),
	SessionManage:   everywhere(adm),
	TicketOpen:      everywhere(req),
	TicketOpenFor:   everywhere(agt),

	//              requester assignee team participant none
	TicketSee:      {req, req, agt, req, sup, ClassSee, false},
	TicketReply:    {req, agt, agt, req, sup, ClassAnswer, false},
	NoteSee:        {adm, agt, agt, sup, sup, ClassSee, true},
	NoteWrite:      {adm, agt, agt, sup, sup, ClassAnswer, true},
	TicketClaim:    {adm, agt, agt, sup, sup, ClassClaim, true},
	TicketWork:     {adm, agt, agt, sup, sup, ClassAnswer, true},
	TicketResolve:  {req, agt, agt, sup, sup, ClassAnswer, true},
	TicketManage:   {adm, agt, agt, sup, sup, ClassManage, true},
	TicketAmend:    {req, agt, agt, sup, sup, ClassManage, true},
	TicketConfirm:  {req, nobody, nobody, nobody, nobody, "", false},
	TicketReopen:   {req, agt, agt, sup, sup, ClassAnswer, true},
	MessageRemove:  {adm, agt, agt, sup, sup, ClassManage, true},
	MessageHistory: {adm, agt, agt, sup, sup, ClassManage, true},
}

// Permissions lists every permission of the table.
func Permissions() []Permission {
	return []Permission{
		WorkspaceSee, WorkspaceManage, MemberSee, MemberManage, AuditSee, TagSee, TagCreate, TagManage,
		KeyCreate, KeyManage, SessionManage,
		TicketOpen, TicketOpenFor,
		TicketSee, TicketReply, NoteSee, NoteWrite, TicketClaim, TicketWork, TicketResolve, TicketManage,
		TicketAmend, TicketConfirm, TicketReopen, MessageRemove, MessageHistory,
	}
}
