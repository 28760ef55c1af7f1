package budget

// Buckets tells how many there are.
func (b *Budget) Buckets() int { return len(b.buckets) }
