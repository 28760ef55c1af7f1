package blob_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"github.com/ticketsys/ticketsys/adapters/blob"
	"github.com/ticketsys/ticketsys/domain/file"
	"github.com/ticketsys/ticketsys/domain/file/filetest"
)

const bucketName = "helpdesk"

// elsewhere is a server that speaks S3, in this process.
type elsewhere struct {
	url    string // of the bucket
	client *s3.Client
}

func startElsewhere(t *testing.T) *elsewhere {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "of this test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "of this test")
	store := s3mem.New()
	if err := store.CreateBucket(bucketName); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(store).Server())
	t.Cleanup(server.Close)
	return &elsewhere{
		url: "s3://" + bucketName + "?endpoint=" + url.QueryEscape(server.URL),
		client: s3.New(s3.Options{
			Region: "us-east-1", BaseEndpoint: &server.URL, UsePathStyle: true,
			Credentials: credentials.NewStaticCredentialsProvider("a", "b", ""),
		}),
	}
}

func (e *elsewhere) open(t *testing.T, more string) *blob.Bucket {
	t.Helper()
	b, err := blob.OpenURL(t.Context(), e.url+more)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// keys lists all objects.
func (e *elsewhere) keys(t *testing.T) (all []string) {
	t.Helper()
	listed, err := e.client.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String(bucketName)})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range listed.Contents {
		all = append(all, aws.ToString(o.Key))
	}
	return all
}

// parts lists the uploads that have not ended.
func (e *elsewhere) parts(t *testing.T) (all []string) {
	t.Helper()
	listed, err := e.client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(bucketName)})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range listed.Uploads {
		all = append(all, aws.ToString(u.Key))
	}
	return all
}

func TestS3KeepsTheContract(t *testing.T) {
	e := startElsewhere(t)
	n := 0
	filetest.BucketSuite(t, func(t *testing.T) file.Bucket {
		n++
		return e.open(t, "&prefix="+strings.Repeat("x", n)+"/")
	})
	if left := e.parts(t); len(left) != 0 {
		t.Errorf("writes that broke left parts of %v", left)
	}
}

func TestABucketMayBeSharedWithOthers(t *testing.T) {
	e := startElsewhere(t)
	ours, theirs := e.open(t, "&prefix=ours/"), e.open(t, "")
	for _, b := range []*blob.Bucket{ours, theirs} {
		if err := b.Write(t.Context(), "1/2", strings.NewReader("x")); err != nil {
			t.Fatal(err)
		}
	}
	if got := e.keys(t); !slices.Equal(got, []string{"1/2", "ours/1/2"}) {
		t.Errorf("the bucket holds %v", got)
	}
	if err := ours.Delete(t.Context(), "1/2"); err != nil {
		t.Fatal(err)
	}
	if got := e.keys(t); !slices.Equal(got, []string{"1/2"}) {
		t.Errorf("the bucket holds %v", got)
	}
}

func TestPartsOfBrokenWritesAreSweptOnceTheyAreOld(t *testing.T) {
	e := startElsewhere(t)
	b := e.open(t, "&prefix=ours/")
	for _, key := range []string{"ours/1/2", "ours/1/3", "ours/notes/today", "theirs/1/2"} {
		_, err := e.client.CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String(bucketName), Key: aws.String(key)})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, when := range []struct {
		later time.Duration
		left  []string
	}{
		{time.Hour, []string{"ours/1/2", "ours/1/3", "ours/notes/today", "theirs/1/2"}},
		{7 * time.Hour, []string{"ours/notes/today", "theirs/1/2"}},
	} {
		if err := b.Sweep(t.Context(), time.Now().Add(when.later)); err != nil || !slices.Equal(e.parts(t), when.left) {
			t.Errorf("%v later there are parts of %v, %v", when.later, e.parts(t), err)
		}
	}
}

func TestAddressesOfBucketsAreRead(t *testing.T) {
	for _, wrong := range []string{"", "s3://", "http://bucket", "/var/files", "s3://b?colour=red", "s3://b?use_path_style=perhaps", "s3:b", "%"} {
		if b, err := blob.OpenURL(t.Context(), wrong); err == nil {
			t.Errorf("%q was opened", wrong)
			_ = b.Close()
		}
	}
}

func TestAServerThatIsAwayIsNoMissingFile(t *testing.T) {
	t.Setenv("AWS_MAX_ATTEMPTS", "1")
	e := startElsewhere(t)
	b := e.open(t, "")
	ctx, end := context.WithCancel(t.Context())
	end()
	if _, err := b.Open(ctx, "1/2"); err == nil || errors.Is(err, file.ErrNotFound) {
		t.Errorf("it is opened with %v", err)
	}
	if err := b.Delete(ctx, "1/2"); err == nil {
		t.Error("it is removed")
	}
}
