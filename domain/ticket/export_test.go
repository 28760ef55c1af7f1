package ticket

// What tests of the package's users see of it.
var (
	Respond = (*Ticket).respond
	Usual   = usual
)
