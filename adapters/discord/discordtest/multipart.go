package discordtest

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// upload is one file of a multipart request; index is the n of files[n].
type upload struct {
	index       int
	name        string
	contentType string
	data        []byte
}

var fileField = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^files?\[(\d+)\]$`) })

// readMultipart turns a multipart request into its payload_json and files.
func (c *call) readMultipart() error {
	header := c.r.Header.Get("Content-Type")
	if !strings.HasPrefix(header, "multipart/form-data") {
		return nil
	}
	_, params, err := mime.ParseMediaType(header)
	if err != nil {
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	reader := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	c.body = nil
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		if err := c.takePart(part); err != nil {
			return err
		}
	}
}

func (c *call) takePart(part *multipart.Part) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	if part.FormName() == "payload_json" {
		c.body = data
		return nil
	}
	if part.FileName() == "" {
		return nil
	}
	index := len(c.files)
	if m := fileField().FindStringSubmatch(part.FormName()); m != nil {
		index, _ = strconv.Atoi(m[1])
	}
	c.files = append(c.files, upload{index, part.FileName(), part.Header.Get("Content-Type"), data})
	return nil
}

// checkSizes refuses files that are larger than where they are sent to takes.
func (c *call) checkSizes() error {
	limit := maxFile
	if ch := c.s.channels[c.id("channel")]; ch != nil && ch.guild != nil {
		limit = ch.guild.maxFile()
	}
	for _, f := range c.files {
		if len(f.data) > limit {
			return refuse(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
		}
	}
	return nil
}

const (
	maxFiles = 10
	maxFile  = 10 << 20 // where nobody boosts
)

// maxFile is how large a file may be in the guild, in bytes.
func (g *guild) maxFile() int {
	switch g.tier {
	case 2:
		return 50 << 20
	case 3:
		return 100 << 20
	}
	return maxFile
}
