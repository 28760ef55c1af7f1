package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestItRunsAndTellsHowToUseIt starts it on free ports, asks what it printed, and ends it.
func TestItRunsAndTellsHowToUseIt(t *testing.T) {
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- run(ctx, []string{"-listen", "127.0.0.1:0", "-page", "127.0.0.1:0"}, write)
		_ = write.Close()
	}()
	var told strings.Builder
	lines := bufio.NewScanner(read)
	for lines.Scan() && !strings.Contains(lines.Text(), "act as") {
		told.WriteString(lines.Text() + "\n")
	}
	told.WriteString(lines.Text())
	for name, pattern := range map[string]string{
		"token": `TOKEN=bot-token\.\d+\.valid`, "API": `API_URL=http://127\.0\.0\.1:\d+\n`, "gateway": `GATEWAY_URL=ws://127\.0\.0\.1:\d+/gateway\n`,
	} {
		if !regexp.MustCompile(pattern).MatchString(told.String()) {
			t.Errorf("the %s is not told: %s", name, told.String())
		}
	}
	url := regexp.MustCompile(`http://\S+$`).FindString(told.String())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if !strings.Contains(string(page), "<title>Test Discord</title>") {
		t.Errorf("page = %s", page)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("it ends with %v", err)
	}
}

func TestFlagsThatAreWrong(t *testing.T) {
	if err := run(t.Context(), []string{"-nothing"}, io.Discard); err == nil {
		t.Error("an unknown flag is taken")
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Errorf("-h: %v", err)
	}
	if err := run(t.Context(), []string{"-listen", "127.0.0.1:0", "-page", "nowhere:x"}, io.Discard); err == nil {
		t.Error("a page at no address is served")
	}
}
