package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkIdleMemory starts the program as a new user does, on SQLite, and
// reports what the system counts as resident once it has settled, and what of it
// is the program's own memory. The rest are pages of its file.
func BenchmarkIdleMemory(b *testing.B) {
	if _, err := os.Stat("/proc/self/status"); err != nil {
		b.Skip("this system does not tell what is resident in /proc")
	}
	folder := b.TempDir()
	binary := installed(b, folder)
	for b.Loop() {
		all, own := idle(b, binary, folder)
		b.ReportMetric(all, "MB-resident")
		b.ReportMetric(own, "MB-own")
	}
}

// installed builds the program and copies it to where it runs, as people do who install
// it: a system may keep a file as the linker wrote it in its cache by larger pieces,
// and counts them whole.
func installed(b *testing.B, folder string) string {
	b.Helper()
	built, binary := filepath.Join(folder, "built"), filepath.Join(folder, "ticketsys")
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", built, ".").CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	from, err := os.Open(built)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(binary, os.O_CREATE|os.O_WRONLY, 0o700)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		b.Fatal(err)
	}
	if err := to.Close(); err != nil {
		b.Fatal(err)
	}
	return binary
}

func idle(b *testing.B, binary, folder string) (all, own float64) {
	b.Helper()
	serve := exec.CommandContext(b.Context(), binary, "serve")
	serve.Env = append(os.Environ(), "TICKETSYS_DATABASE_URL=sqlite://"+filepath.Join(folder, "t.db"), "TICKETSYS_LISTEN=127.0.0.1:0")
	out, err := serve.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
	}()
	for lines := bufio.NewScanner(out); lines.Scan() && !strings.Contains(lines.Text(), "/graphql"); {
	}
	return settled(b, serve.Process.Pid)
}

// settled reads until two looks a second apart tell the same.
func settled(b *testing.B, pid int) (all, own float64) {
	b.Helper()
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for last := 0.0; ; {
		<-look.C
		now := resident(b, pid, "VmRSS:")
		if now == last {
			return now, resident(b, pid, "RssAnon:")
		}
		last = now
	}
}

// resident gives a part of the process's resident set in millions of bytes.
func resident(b *testing.B, pid int, part string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), part)
	var kilobytes float64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		b.Fatal(err)
	}
	return kilobytes * 1024 / 1e6
}
