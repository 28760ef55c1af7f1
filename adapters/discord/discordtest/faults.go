package discordtest

import (
	"context"
	"net/http"
	"strconv"
	"time"
)

// Fault is what happens to a request; make one with the functions of this package.
type Fault struct {
	when   Phase
	answer *apiError // instead of the one that there would be
	end    ending
	until  <-chan struct{} // holds the request before its effect
	late   time.Duration   // of real time, which its answer comes later
}

// ending is how a request's connection ends.
type ending int

const (
	replied   ending = iota
	dropped          // cut without an answer
	hung             // no answer for as long as the client waits
	truncated        // cut in the middle of the answer
)

// FailBefore answers a 5xx without the effect.
func FailBefore(status int) Fault { return Fault{when: Before, answer: gatewayError(status)} }

// FailAfter answers a 5xx although the request had its effect.
func FailAfter(status int) Fault { return Fault{when: After, answer: gatewayError(status)} }

// Refuse answers an error of Discord's, such as 403 50013, without the effect.
func Refuse(status, code int, message string) Fault {
	return Fault{when: Before, answer: refuse(status, code, message)}
}

// Unauthorized answers 401 as if the token had been reset.
func Unauthorized() Fault { return Fault{when: Before, answer: unauthorized()} }

// Drop cuts the connection before or after the effect.
func Drop(when Phase) Fault { return Fault{when: when, end: dropped} }

// TimeOut never answers: the client gives up. With After, the request had its effect.
func TimeOut(when Phase) Fault { return Fault{when: when, end: hung} }

// Truncate has the effect and cuts the connection in the middle of the answer.
func Truncate() Fault { return Fault{when: After, end: truncated} }

// Slow holds the request until the channel is closed, then serves it.
func Slow(until <-chan struct{}) Fault { return Fault{until: until} }

// Late has the effect at once and answers only after d of real time, or when the fault is disarmed.
func Late(d time.Duration) Fault { return Fault{late: d} }

// RateLimited answers 429 without the effect.
func RateLimited(scope Scope, retryAfter time.Duration) Fault {
	return Fault{when: Before, answer: rateLimited(scope, retryAfter, 1)}
}

// AddressBanned answers what Discord's front answers to an address with too many invalid requests: a 429 that is a
// page and no JSON.
func AddressBanned(retryAfter time.Duration) Fault {
	return Fault{when: Before, answer: addressBanned(retryAfter)}
}

// gatewayError is JSON where Discord's API fails itself, and a page where the proxies before it do.
func gatewayError(status int) *apiError {
	text := strconv.Itoa(status) + ": " + http.StatusText(status)
	e := refuse(status, 0, text)
	if status != http.StatusInternalServerError {
		e.page = "<html>\r\n<head><title>" + text + "</title></head>\r\n<body>\r\n<center><h1>" + text +
			"</h1></center>\r\n<hr><center>cloudflare</center>\r\n</body>\r\n</html>\r\n"
	}
	return e
}

// before is the answer that forestalls the effect, if any, and whether the request goes on to its effect.
func (f Fault) before(ctx context.Context) (answer, bool) {
	if f.until != nil {
		select {
		case <-f.until:
		case <-ctx.Done():
			return answer{}, false
		}
	}
	if f.when == Before && f.answer != nil {
		return answerTo(f.answer), false
	}
	return answer{}, f.when == After || f.end == replied
}

// after replaces the answer of a request that had its effect.
func (f Fault) after(out answer) answer {
	if f.when == After && f.answer != nil {
		return answerTo(f.answer)
	}
	if f.end == dropped || f.end == hung {
		return answer{}
	}
	return out
}

// linger keeps the answer back as long as the fault says, the client waits, and nobody disarms it.
func (f Fault) linger(ctx context.Context, disarmed <-chan struct{}) {
	var passed <-chan time.Time
	switch {
	case f.late > 0:
		timer := time.NewTimer(f.late)
		defer timer.Stop()
		passed = timer.C
	case f.end != hung:
		return
	}
	select {
	case <-passed:
	case <-disarmed:
	case <-ctx.Done():
	}
}
