package main

import (
	"os"
	"regexp"
	"strconv"
	"testing"
)

// The program goes on after its pages are let go, with less of its file in memory.
func TestPagesOfTheFileAreLetGo(t *testing.T) {
	mapped := func() int {
		status, err := os.ReadFile("/proc/self/status")
		if err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`RssFile:\s*(\d+) kB`).FindSubmatch(status)
		if found == nil {
			t.Fatalf("no RssFile in %s", status)
		}
		kB, _ := strconv.Atoi(string(found[1]))
		return kB
	}
	mapped() // what the reading itself needs is there from now on
	before := mapped()
	releasePages()
	if after := mapped(); after >= before {
		t.Errorf("%d kB of files are mapped afterwards, %d kB before", after, before)
	}
}

func TestMappingsAreRead(t *testing.T) {
	for line, want := range map[string]mapping{
		"00400000-01b2c000 r-xp 00000000 fe:00 1234                       /opt/a b/ticketsys": {0x400000, 0x1b2c000, false, "/opt/a b/ticketsys"},
		"7ffd0000-7ffd1000 rw-p 00000000 00:00 0                          [stack]":            {0x7ffd0000, 0x7ffd1000, true, "[stack]"},
	} {
		if got, ok := mappingOf(line); !ok || got != want {
			t.Errorf("%s: %+v %t", line, got, ok)
		}
	}
	for _, line := range []string{"Anonymous:             0 kB", "VmFlags: rd ex mr mw me sd", "x-y r-xp 0 0 0 /x", ""} {
		if got, ok := mappingOf(line); ok {
			t.Errorf("%q is a mapping: %+v", line, got)
		}
	}
}
