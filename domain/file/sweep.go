package file

import (
	"context"
	"errors"
	"time"
)

// sweepAtOnce is how many blobs are looked at in one step.
const sweepAtOnce = 100

// Sweep removes what nobody needs: uploads that were never attached, blobs that
// no attachment has any more, and objects of writes that were broken off. It
// serves the scheduler and asks no actor. It is safe in several processes at once.
func (s *Service) Sweep(ctx context.Context, now time.Time) error {
	if err := s.repo.DropUploads(ctx, now.Add(-UploadLife)); err != nil {
		return err
	}
	for {
		n, err := s.repo.Condemn(ctx, now.Add(-blobGrace), sweepAtOnce)
		if err != nil {
			return err
		}
		if n < sweepAtOnce {
			break
		}
	}
	return s.removeLoose(ctx, now.Add(-writeGrace))
}

// removeLoose removes abandoned objects; one that cannot be removed holds up no other.
func (s *Service) removeLoose(ctx context.Context, before time.Time) error {
	var failed []error
	for {
		found, err := s.repo.Abandoned(ctx, before, sweepAtOnce)
		if err != nil {
			return err
		}
		removed := 0
		for _, b := range found {
			err := s.bucket.Delete(ctx, b.Key())
			if err == nil {
				err = s.repo.Forget(ctx, b.ID)
			}
			if err != nil {
				failed = append(failed, err)
				continue
			}
			removed++
		}
		if removed == 0 || len(found) < sweepAtOnce {
			return errors.Join(failed...)
		}
	}
}
