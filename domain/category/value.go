package category

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ticketsys/ticketsys/domain/fault"
	"github.com/ticketsys/ticketsys/domain/locale"
)

// MaxNumber bounds numbers in fields, so that each of them is exact.
const MaxNumber = 1e15

// Answer checks what was filled into the field; an answer without a value is
// one that was left empty. What need not be answered may be left empty, but not
// be answered too shortly. Codes: invalid, with the field "answers.KEY".
func (f *Field) Answer(reader locale.Tag, g Given, people People) (Answer, error) {
	label, _ := f.Label.Pick(reader)
	a := Answer{Key: f.Key, Label: label, Type: f.Kind(), Internal: f.Internal}
	if g.empty() {
		if f.Required {
			return a, f.refuse("fault.text.empty")
		}
		return a, nil
	}
	if (g.Member != 0) != (a.Type == Member) || len(g.Texts) > 1 && a.Type != MultiChoice {
		return a, f.refuse("fault.field.form")
	}
	var err error
	switch a.Type {
	case Text:
		a.Value, err = locale.Clean(g.text(), f.place(), f.Least, f.Longest())
	case Number:
		err = f.number(&a, g.text())
	case Date:
		err = f.date(&a, g.text())
	case Choice, MultiChoice:
		err = f.choose(&a, reader, g.Texts)
	case Member:
		err = f.member(&a, g, people)
	}
	return a, err
}

func (f *Field) place() string { return "answers." + f.Key }

func (f *Field) refuse(key string) *fault.Error { return fault.New(fault.Invalid, key).On(f.place()) }

// number reads a number; a decimal comma is one.
func (f *Field) number(a *Answer, text string) error {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.Abs(n) > MaxNumber || strings.ContainsAny(text, "xXpP_") {
		return f.refuse("fault.field.number")
	}
	switch {
	case f.Lowest != nil && n < *f.Lowest:
		return f.refuse("fault.field.too_low").With("Least", decimal(*f.Lowest))
	case f.Highest != nil && n > *f.Highest:
		return f.refuse("fault.field.too_high").With("Most", decimal(*f.Highest))
	}
	a.Number, a.Value = n, decimal(n)
	return nil
}

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

func (f *Field) date(a *Answer, text string) error {
	text = strings.TrimSpace(text)
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return f.refuse("fault.field.date")
	}
	a.Value = text
	return nil
}

// choose takes options, in the order in which they are offered.
func (f *Field) choose(a *Answer, reader locale.Tag, values []string) error {
	var labels []string
	for _, o := range f.Options {
		if !slices.Contains(values, o.Value) {
			continue
		}
		label, _ := o.Label.Pick(reader)
		a.Options, labels = append(a.Options, o.Value), append(labels, label)
	}
	for _, v := range values {
		if !slices.Contains(a.Options, v) {
			return f.refuse("fault.field.option").With("Option", v)
		}
	}
	if n := len(a.Options); a.Type == MultiChoice && (n < f.Least || f.Most > 0 && n > f.Most) {
		return f.refuse("fault.field.options").With("Least", f.Least).With("Most", f.Most)
	}
	a.Value = strings.Join(labels, ", ")
	return nil
}

func (f *Field) member(a *Answer, g Given, people People) error {
	name, known := people[g.Member]
	if !known {
		return f.refuse("fault.field.member")
	}
	a.Member, a.Value = g.Member, name
	return nil
}
