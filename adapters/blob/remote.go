package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // has URLs of s3 opened
	"gocloud.dev/gcerrors"

	"github.com/ticketsys/ticketsys/domain/file"
)

// Scheme begins the URLs of buckets that are not folders.
const Scheme = "s3"

// remote keeps objects where S3 is spoken.
type remote struct {
	bucket *blob.Bucket
	client *s3.Client // what the bucket speaks by
	name   string     // of the bucket
	prefix string     // of all keys
}

var _ file.Bucket = (*remote)(nil)

// OpenURL opens a bucket by an URL like s3://name?region=eu-central-1. With endpoint=,
// another server than Amazon's, parts of addresses and checksums that only Amazon's
// knows are done without, unless the URL says otherwise. Its keys begin with prefix=.
// Who one is comes from the environment, by the names that Amazon's tools read. There
// must be a place for temporary files, as os.TempDir has it. The caller closes the bucket.
func OpenURL(ctx context.Context, address string) (*Bucket, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != Scheme || u.Host == "" {
		return nil, errors.New("must look like s3://bucket")
	}
	p, err := newPart()
	if err != nil {
		return nil, fmt.Errorf("parts of files must have a place until they are sent: %w", err)
	}
	p.close()
	prefix := u.Query().Get("prefix")
	if u.Query().Get("endpoint") != "" {
		u.RawQuery = compatible(u.Query()).Encode()
	}
	bucket, err := blob.OpenBucket(ctx, u.String())
	if err != nil {
		return nil, fmt.Errorf("open the bucket: %w", err)
	}
	r := &remote{bucket: bucket, name: u.Host, prefix: prefix}
	if !bucket.As(&r.client) {
		return nil, errors.Join(errors.New("the bucket does not speak S3"), bucket.Close())
	}
	return &Bucket{Bucket: r, sweep: r.sweep, close: bucket.Close}, nil
}

// compatible adds what servers understand that speak S3 and are not Amazon's.
func compatible(q url.Values) url.Values {
	for name, value := range map[string]string{
		"region": "us-east-1", "use_path_style": "true",
		"request_checksum_calculation": "when_required", "response_checksum_validation": "when_required",
	} {
		if !q.Has(name) {
			q.Set(name, value)
		}
	}
	return q
}

// Open implements file.Bucket.
func (r *remote) Open(ctx context.Context, key string) (io.ReadSeekCloser, error) {
	content, err := r.bucket.NewReader(ctx, key, nil)
	if gcerrors.Code(err) == gcerrors.NotFound {
		return nil, file.ErrNotFound.Because(err)
	}
	if err != nil {
		return nil, fmt.Errorf("read a file: %w", err)
	}
	return &object{from: content}, nil
}

// object is an object that is read. At its end there is nothing to be asked for: S3
// refuses a range of nothing.
type object struct {
	from *blob.Reader
	at   int64
}

// Read implements io.Reader.
func (o *object) Read(p []byte) (int, error) {
	if o.at >= o.from.Size() {
		return 0, io.EOF
	}
	n, err := o.from.Read(p)
	o.at += int64(n)
	return n, err
}

// Seek implements io.Seeker.
func (o *object) Seek(offset int64, whence int) (at int64, err error) {
	at, err = o.from.Seek(offset, whence)
	o.at = at
	return at, err
}

// Close implements io.Closer.
func (o *object) Close() error { return o.from.Close() }

// Delete implements file.Bucket.
func (r *remote) Delete(ctx context.Context, key string) error {
	if err := r.bucket.Delete(ctx, key); err != nil && gcerrors.Code(err) != gcerrors.NotFound {
		return fmt.Errorf("remove a file: %w", err)
	}
	return nil
}

// ours is what keys look like: a bucket may be others', too.
var ours = regexp.MustCompile(`^[0-9]+/[0-9]+$`)

// sweep ends uploads of which parts were sent, and no more: nobody sees them, and they
// are paid for.
func (r *remote) sweep(ctx context.Context, now time.Time) error {
	var failed []error
	pages := s3.NewListMultipartUploadsPaginator(r.client, &s3.ListMultipartUploadsInput{Bucket: &r.name, Prefix: &r.prefix})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("look for broken writes: %w", errors.Join(append(failed, err)...))
		}
		for _, u := range page.Uploads {
			key, _ := strings.CutPrefix(aws.ToString(u.Key), r.prefix)
			if u.Initiated == nil || now.Sub(*u.Initiated) <= unfinished || !ours.MatchString(key) {
				continue
			}
			_, err := r.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &r.name, Key: u.Key, UploadId: u.UploadId})
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}
