package idempotency

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/ticketsys/ticketsys/domain/fault"
)

// Result is what came of a wish.
type Result struct {
	// Subject is the ID of what an item of Items is about.
	Subject string `json:"subject,omitempty"`
	// Objects are the IDs of what was changed, as the one who asked has them.
	Objects []string `json:"objects,omitempty"`
	// Refusals tell why nothing was done; none on success.
	Refusals []Refusal `json:"refusals,omitempty"`
	// Items are what came of each part of a wish that has several.
	Items []Result `json:"items,omitempty"`
}

// Refusal is a fault without its cause. Its sentence is found again in the
// language of whoever reads it.
type Refusal struct {
	Code  fault.Code `json:"code"`
	Key   string     `json:"key"`
	Args  fault.Args `json:"args,omitempty"`
	Field string     `json:"field,omitempty"`
}

// RefusalOf makes a refusal of a fault.
func RefusalOf(f *fault.Error) Refusal {
	return Refusal{Code: f.Code, Key: f.Key, Args: f.Args, Field: f.Field}
}

// Fault gives the refusal as a fault.
func (r Refusal) Fault() *fault.Error {
	return &fault.Error{Code: r.Code, Key: r.Key, Args: r.Args, Field: r.Field}
}

// Encode writes a result for a store.
func Encode(r Result) ([]byte, error) {
	raw, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode a result: %w", err)
	}
	return raw, nil
}

// Decode reads what Encode wrote. Whole numbers among the arguments are int64.
func Decode(raw []byte) (Result, error) {
	var r Result
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	if err := decoder.Decode(&r); err != nil {
		return Result{}, fmt.Errorf("decode a result: %w", err)
	}
	r.whole()
	return r, nil
}

// whole makes numbers of the arguments what they were.
func (r *Result) whole() {
	for _, refusal := range r.Refusals {
		for name, v := range refusal.Args {
			n, ok := v.(json.Number)
			if !ok {
				continue
			}
			if i, err := n.Int64(); err == nil {
				refusal.Args[name] = i
			} else if f, err := n.Float64(); err == nil {
				refusal.Args[name] = f
			}
		}
	}
	for i := range r.Items {
		r.Items[i].whole()
	}
}
