package budget

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/access"
)

// PayerOf is who pays for what a session asks for.
func PayerOf(s access.Session) Payer {
	p := Payer{Token: s.Token, Address: s.Address}
	if s.Actor.Member != 0 {
		p.Member = strconv.FormatInt(int64(s.Actor.Member), 36)
	}
	return p
}

// Wait is until all buckets hold what was refused.
func Wait(all []Standing) (longest time.Duration) {
	for _, s := range all {
		longest = max(longest, s.Wait)
	}
	return longest
}

// Seconds gives a duration in whole seconds, rather too many than too few.
func Seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// Tell says what may be spent, as the draft "RateLimit header fields for HTTP"
// has it: a policy and a state by name. set is called for each field of the
// response's header.
func Tell(now time.Time, all []Standing, set func(field, value string)) {
	if len(all) == 0 {
		return
	}
	policies, states := make([]string, len(all)), make([]string, len(all))
	for i, s := range all {
		policies[i] = fmt.Sprintf("%q;q=%d;w=%d", s.Name, s.Rate.Burst, Seconds(s.Rate.Window))
		states[i] = fmt.Sprintf("%q;r=%d;t=%d", s.Name, max(s.Remaining, 0), max(Seconds(s.ResetAt.Sub(now)), 0))
	}
	set("RateLimit-Policy", strings.Join(policies, ", "))
	set("RateLimit", strings.Join(states, ", "))
	if w := Wait(all); w > 0 {
		set("Retry-After", strconv.Itoa(Seconds(w)))
	}
}
