package blob

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"github.com/ticketsys/ticketsys/domain/file"
)

const (
	// partSize is how much of an object is sent at once. It is the least that S3 takes as
	// a part, and makes 48 GiB the largest object.
	partSize = 5 << 20
	// smallSize is how much of an object is in memory.
	smallSize = 64 << 10
	// abortTime bounds the clearing away of what was sent of an object that will not be.
	abortTime = 10 * time.Second
)

// Write implements file.Bucket. An object is there when all of it is. The library's own
// writer holds fifty megabytes of a large one, which is why it is not used: this one
// sends part after part from a temporary file, in which a part stays until it has
// arrived, however often it must be sent for that.
func (r *remote) Write(ctx context.Context, key string, from io.Reader) error {
	start := make([]byte, smallSize)
	n, err := io.ReadFull(from, start)
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		err = r.put(ctx, key, bytes.NewReader(start[:n]))
	case err == nil:
		err = r.writeLarge(ctx, key, io.MultiReader(bytes.NewReader(start), from))
	}
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

func (r *remote) full(key string) *string { return aws.String(r.prefix + key) }

func (r *remote) put(ctx context.Context, key string, whole io.ReadSeeker) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	_, err := r.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &r.name, Key: r.full(key), ContentType: aws.String(file.Binary), Body: whole,
	})
	return err
}

func (r *remote) writeLarge(ctx context.Context, key string, from io.Reader) error {
	p, err := newPart()
	if err != nil {
		return err
	}
	defer p.close()
	whole, err := p.fill(from)
	switch {
	case err != nil:
		return err
	case whole:
		return r.put(ctx, key, p.content())
	}
	return r.writeParts(ctx, key, p, from)
}

// writeParts sends an object part by part, and clears away what it sent if that is not
// all. What a crash leaves, sweep clears away.
func (r *remote) writeParts(ctx context.Context, key string, first *part, from io.Reader) error {
	begun, err := r.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &r.name, Key: r.full(key), ContentType: aws.String(file.Binary),
	})
	if err != nil {
		return err
	}
	sent, err := r.sendParts(ctx, r.full(key), begun.UploadId, first, from)
	if err == nil {
		_, err = r.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &r.name, Key: r.full(key), UploadId: begun.UploadId, MultipartUpload: &types.CompletedMultipartUpload{Parts: sent},
		})
	}
	if err == nil {
		return nil
	}
	clearing, end := context.WithTimeout(context.WithoutCancel(ctx), abortTime)
	defer end()
	_, _ = r.client.AbortMultipartUpload(clearing, &s3.AbortMultipartUploadInput{Bucket: &r.name, Key: r.full(key), UploadId: begun.UploadId})
	return err
}

// sendParts sends the part that is filled, and then what comes, in the same one.
func (r *remote) sendParts(
	ctx context.Context, key, upload *string, p *part, from io.Reader,
) (sent []types.CompletedPart, err error) {
	for number := int32(1); p.size > 0; number++ {
		out, err := r.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &r.name, Key: key, UploadId: upload, PartNumber: &number, Body: p.content(),
		})
		if err != nil {
			return nil, err
		}
		sent = append(sent, types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(number)})
		if _, err := p.fill(from); err != nil {
			return nil, err
		}
	}
	return sent, ctx.Err()
}
