package filetest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	filetest.BucketSuite(t, func(*testing.T) file.Bucket { return &filetest.Bucket{} })
}
