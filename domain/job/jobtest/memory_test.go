package jobtest_test

import (
	"testing"

	"github.com/ticketsys/ticketsys/domain/job/jobtest"
)

func TestMemoryKeepsTheContract(t *testing.T) {
	jobtest.Run(t, func(*testing.T) jobtest.Store { return &jobtest.Memory{} })
}
