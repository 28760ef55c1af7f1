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
	// partSize is how much of an object is in memory, once. It is the least that S3
	// takes as a part, and makes 48 GiB the largest object.
	partSize = 5 << 20
	// smallSize is how much is read before so much memory is taken.
	smallSize = 64 << 10
	// abortTime bounds the clearing away of what was sent of an object that will not be.
	abortTime = 10 * time.Second
)

// Write implements file.Bucket. An object is there when all of it is. The library's own
// writer holds fifty megabytes of a large one, which is why it is not used: this one
// holds one part.
func (r *remote) Write(ctx context.Context, key string, from io.Reader) error {
	part, err := firstPart(from)
	whole := errors.Is(err, io.EOF)
	switch {
	case whole && ctx.Err() != nil:
		err = ctx.Err()
	case whole:
		_, err = r.client.PutObject(ctx, &s3.PutObjectInput{
			Bucket: &r.name, Key: r.full(key), ContentType: aws.String(file.Binary), Body: bytes.NewReader(part),
		})
	case err == nil:
		err = r.writeParts(ctx, key, part, from)
	}
	if err != nil {
		return fmt.Errorf("store a file: %w", err)
	}
	return nil
}

func (r *remote) full(key string) *string { return aws.String(r.prefix + key) }

// firstPart reads as much as a part holds; io.EOF tells that it is all.
func firstPart(from io.Reader) ([]byte, error) {
	start := make([]byte, smallSize)
	n, err := fill(from, start)
	if err != nil {
		return start[:n], err
	}
	part := make([]byte, partSize)
	copy(part, start)
	n, err = fill(from, part[smallSize:])
	return part[:smallSize+n], err
}

// fill reads until the buffer is full, or there is no more.
func fill(from io.Reader, buffer []byte) (n int, err error) {
	n, err = io.ReadFull(from, buffer)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// writeParts sends an object part by part, and clears away what it sent if that is not
// all. What a crash leaves, sweep clears away.
func (r *remote) writeParts(ctx context.Context, key string, part []byte, from io.Reader) error {
	begun, err := r.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &r.name, Key: r.full(key), ContentType: aws.String(file.Binary),
	})
	if err != nil {
		return err
	}
	sent, err := r.sendParts(ctx, r.full(key), begun.UploadId, part, from)
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

func (r *remote) sendParts(
	ctx context.Context, key, upload *string, part []byte, from io.Reader,
) (sent []types.CompletedPart, err error) {
	for number := int32(1); len(part) > 0; number++ {
		out, err := r.client.UploadPart(ctx, &s3.UploadPartInput{
			Bucket: &r.name, Key: key, UploadId: upload, PartNumber: &number, Body: bytes.NewReader(part),
		})
		if err != nil {
			return nil, err
		}
		sent = append(sent, types.CompletedPart{ETag: out.ETag, PartNumber: aws.Int32(number)})
		n, err := fill(from, part[:cap(part)])
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		part = part[:n]
	}
	return sent, ctx.Err()
}
