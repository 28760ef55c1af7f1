package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestOnlyWhoServesMakesAFolderOfFiles(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "data")
	base := inFolder(t)
	env := append([]string{"TICKETSYS_DATA_DIR", folder}, base...)
	if r := ticketsys(t.Context(), t, env, "token", "--role", "admin"); r.status != 0 {
		t.Fatalf("no token: %s", r.err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the command line made a folder of files: %v", err)
	}
	taken := filepath.Join(t.TempDir(), "taken")
	if err := os.WriteFile(taken, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	ticketsys(t.Context(), t, append([]string{"TICKETSYS_DATA_DIR", taken}, base...), "serve").oneLine(t, statusUsage, "TICKETSYS_DATA_DIR")
	wrong := append([]string{"TICKETSYS_DATA_DIR", folder, "TICKETSYS_FILES_URL", "s3://bucket?colour=red"}, base...)
	ticketsys(t.Context(), t, wrong, "serve").oneLine(t, statusUsage, "TICKETSYS_FILES_URL")
}
