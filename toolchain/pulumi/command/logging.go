package command

import (
	"bytes"
	"context"
	"io"
	"sync"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// LocalLogging says which output of a local command is shown while it runs.
type LocalLogging string

// RemoteLogging says the same of a remote command; the packages of the SDK keep the two apart.
type RemoteLogging string

const (
	logStdout = "stdout"
	logStderr = "stderr"
	logBoth   = "stdoutAndStderr"
	logNone   = "none"
)

func (l *LocalLogging) Annotate(a infer.Annotator)  { a.SetToken("local", "Logging") }
func (l *RemoteLogging) Annotate(a infer.Annotator) { a.SetToken("remote", "Logging") }

func (LocalLogging) Values() []infer.EnumValue[LocalLogging]   { return loggingValues[LocalLogging]() }
func (RemoteLogging) Values() []infer.EnumValue[RemoteLogging] { return loggingValues[RemoteLogging]() }

func loggingValues[L ~string]() []infer.EnumValue[L] {
	return []infer.EnumValue[L]{
		{Name: logStdout, Value: logStdout, Description: "Capture stdout in logs but not stderr"},
		{Name: logStderr, Value: logStderr, Description: "Capture stderr in logs but not stdout"},
		{Name: logBoth, Value: logBoth, Description: "Capture stdout and stderr in logs"},
		{Name: logNone, Value: logNone, Description: "Capture no logs"},
	}
}

// logging is which of the two streams is shown; shown both when nothing was said.
func logging[L ~string](choice *L) (stdout, stderr bool) {
	if choice == nil {
		return true, true
	}
	switch string(*choice) {
	case logStdout:
		return true, false
	case logStderr:
		return false, true
	case logNone:
		return false, false
	default:
		return true, true
	}
}

// capture collects what a command prints: each stream for the outputs, both in the order they came
// for the error message, and line by line into Pulumi's log where logging says so.
type capture struct {
	mutex          sync.Mutex
	stdout, stderr bytes.Buffer
	both           bytes.Buffer
	log            func(line string)
	pending        map[*bytes.Buffer]*bytes.Buffer
	shown          map[*bytes.Buffer]bool
}

func newCapture(ctx context.Context, showStdout, showStderr bool) *capture {
	logger := p.GetLogger(ctx)
	c := &capture{log: logger.Info}
	c.pending = map[*bytes.Buffer]*bytes.Buffer{&c.stdout: {}, &c.stderr: {}}
	c.shown = map[*bytes.Buffer]bool{&c.stdout: showStdout, &c.stderr: showStderr}
	return c
}

type captureWriter struct {
	capture *capture
	stream  *bytes.Buffer
}

func (c *capture) stdoutWriter() io.Writer { return captureWriter{c, &c.stdout} }
func (c *capture) stderrWriter() io.Writer { return captureWriter{c, &c.stderr} }

func (w captureWriter) Write(data []byte) (int, error) {
	c := w.capture
	c.mutex.Lock()
	defer c.mutex.Unlock()
	w.stream.Write(data)
	c.both.Write(data)
	if c.shown[w.stream] {
		c.pending[w.stream].Write(data)
		c.logWholeLines(c.pending[w.stream])
	}
	return len(data), nil
}

func (c *capture) logWholeLines(pending *bytes.Buffer) {
	for {
		end := bytes.IndexByte(pending.Bytes(), '\n')
		if end < 0 {
			return
		}
		c.log(string(bytes.TrimSuffix(pending.Next(end+1), []byte("\n"))))
	}
}

// finish shows a last line that had no newline, and gives the two outputs without their last one.
func (c *capture) finish() (stdout, stderr string) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	for _, pending := range []*bytes.Buffer{c.pending[&c.stdout], c.pending[&c.stderr]} {
		if pending.Len() > 0 {
			c.log(pending.String())
			pending.Reset()
		}
	}
	return trimNewline(c.stdout.Bytes()), trimNewline(c.stderr.Bytes())
}

func trimNewline(text []byte) string { return string(bytes.TrimSuffix(text, []byte("\n"))) }
