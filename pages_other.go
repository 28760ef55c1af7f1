//go:build !linux

package main

// releasePages does nothing where the system has no word for it.
func releasePages() {}
