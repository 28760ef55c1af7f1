//go:build race

package sqlstore_test

// raced tells that the race detector looks on, which takes many times as long.
const raced = true
