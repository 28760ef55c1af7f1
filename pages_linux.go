package main

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// releasePages lets go of the program file's pages that are mapped: most of
// them were read by the start alone. What is used again comes back from the
// system's cache of the file, page by page. It is a courtesy: where it does not
// work, nothing is lost.
func releasePages() {
	own, err := os.Executable()
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/smaps")
	if err != nil {
		return
	}
	defer func() { _ = maps.Close() }()
	var found mapping
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		if m, ok := mappingOf(lines.Text()); ok {
			found = m
			continue
		}
		// The line is about the mapping that was found last. One in which anything was written, as a
		// loader does before it takes the right to write away, would lose that.
		if kB, ok := strings.CutPrefix(lines.Text(), "Anonymous:"); ok && found.file == own && !found.writable && strings.TrimSpace(kB) == "0 kB" {
			_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, found.start, found.end-found.start, syscall.MADV_DONTNEED)
		}
	}
}

// mapping is a part of a file in the program's memory.
type mapping struct {
	start, end uintptr
	writable   bool
	file       string
}

// mappingOf reads the first line of what proc_pid_smaps(5) tells of a mapping:
// "start-end rights offset device inode path".
func mappingOf(line string) (mapping, bool) {
	parts := strings.Fields(line)
	if len(parts) < 6 {
		return mapping{}, false
	}
	from, to, _ := strings.Cut(parts[0], "-")
	start, err := strconv.ParseUint(from, 16, 64)
	if err != nil {
		return mapping{}, false
	}
	end, err := strconv.ParseUint(to, 16, 64)
	return mapping{uintptr(start), uintptr(end), strings.Contains(parts[1], "w"), strings.Join(parts[5:], " ")}, err == nil
}
