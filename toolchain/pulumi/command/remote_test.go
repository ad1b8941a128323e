package command

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func itoa(number uint32) string { return strconv.Itoa(int(number)) }

// to is a connection to the server with its password, changed by the given inputs.
func to(t *testing.T, server *sshServer, changes inputs) inputs {
	t.Helper()
	// No agent of whoever runs the tests takes part.
	t.Setenv("SSH_AUTH_SOCK", "")
	host, port, err := net.SplitHostPort(server.address)
	if err != nil {
		t.Fatal(err)
	}
	number, _ := strconv.Atoi(port)
	connection := inputs{"host": host, "port": number, "user": goodUser, "password": goodPassword, "dialErrorLimit": 1}
	for name, value := range changes {
		if value == nil {
			delete(connection, name)
			continue
		}
		connection[name] = value
	}
	return connection
}

func TestARemoteCommandRunsThereWithItsInput(t *testing.T) {
	server := startServer(t, "")
	state := newPlugin(t).mustCreate(remoteToken, inputs{
		"connection": to(t, server, nil), "create": "cat; echo err >&2", "stdin": "given",
	})
	wantText(t, state, "stdout", "given")
	wantText(t, state, "stderr", "err")
	if !state.Get("connection").Secret() {
		t.Error("the connection is not a secret in the state")
	}
}

func TestARemoteCommandGoesThroughItsWholeLife(t *testing.T) {
	server := startServer(t, "")
	server.acceptEnv = "PULUMI_COMMAND"
	file := filepath.Join(t.TempDir(), "gone")
	plugin := newPlugin(t)
	before := inputs{"connection": to(t, server, nil), "create": "echo made"}
	after := inputs{
		"connection": to(t, server, nil), "create": "echo made", "update": "echo after $PULUMI_COMMAND_STDOUT",
		"delete": "echo $PULUMI_COMMAND_STDOUT > " + file,
	}
	state := plugin.mustUpdate(remoteToken, plugin.mustCreate(remoteToken, before), before, after)
	wantText(t, state, "stdout", "after made")
	plugin.mustDelete(remoteToken, state)
	if content, _ := os.ReadFile(file); string(content) != "after made\n" {
		t.Errorf("delete saw %q", content)
	}
}

func TestAVariableThatTheServerRefusesIsAnErrorThatNamesIt(t *testing.T) {
	server := startServer(t, "")
	_, err := newPlugin(t).create(remoteToken, inputs{
		"connection": to(t, server, nil), "create": "true", "environment": inputs{"WANTED": "veiled"},
	})
	if err == nil || !strings.Contains(err.Error(), "WANTED") || !strings.Contains(err.Error(), "AcceptEnv") {
		t.Errorf("the error does not say what to do: %v", err)
	}
	if err != nil && strings.Contains(err.Error(), "veiled") {
		t.Error("the value was shown")
	}
}

func TestAFailedRemoteCommandNamesItselfAndWhatItPrintedButNeverItsInput(t *testing.T) {
	server := startServer(t, "")
	_, err := newPlugin(t).create(remoteToken, inputs{
		"connection": to(t, server, nil), "create": "echo why; exit 4", "stdin": "hush",
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"4", "echo why", "why\n"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	if strings.Contains(err.Error(), "hush") || strings.Contains(err.Error(), goodPassword) {
		t.Error("a secret was shown")
	}
}

func TestAKeyOpensTheDoorToo(t *testing.T) {
	private, public, _ := newKey(t)
	server := startServer(t, public)
	state := newPlugin(t).mustCreate(remoteToken, inputs{
		"connection": to(t, server, inputs{"password": nil, "privateKey": private}), "create": "echo in",
	})
	wantText(t, state, "stdout", "in")
}

func TestAKnownHostKeyIsChecked(t *testing.T) {
	server := startServer(t, "")
	plugin := newPlugin(t)
	plugin.mustCreate(remoteToken, inputs{
		"connection": to(t, server, inputs{"hostKey": server.hostKey}), "create": "true",
	})
	_, other, _ := newKey(t)
	_, err := plugin.create(remoteToken, inputs{
		"connection": to(t, server, inputs{"hostKey": other}), "create": "true",
	})
	if err == nil || !strings.Contains(err.Error(), "host key mismatch") {
		t.Errorf("another machine's key was taken: %v", err)
	}
}

func TestDialsAreTriedAgainUpToTheLimit(t *testing.T) {
	server := startServer(t, "")
	server.refuse = 1
	plugin := newPlugin(t)
	plugin.mustCreate(remoteToken, inputs{
		"connection": to(t, server, inputs{"dialErrorLimit": 2}), "create": "true",
	})
	if server.seen != 2 {
		t.Errorf("%d dials, want one that failed and one that did not", server.seen)
	}
	server.refuse = 100
	_, err := plugin.create(remoteToken, inputs{"connection": to(t, server, nil), "create": "true"})
	if err == nil || !strings.Contains(err.Error(), "gave up after 1 failed attempt") {
		t.Errorf("the limit was not kept: %v", err)
	}
}

func TestAServerThatDoesNotAnswerTakesNoLongerThanOneDialMay(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	silent := &sshServer{address: listener.Addr().String()}
	started := time.Now()
	_, err = newPlugin(t).create(remoteToken, inputs{
		"connection": to(t, silent, inputs{"perDialTimeout": 1}), "create": "true",
	})
	if took := time.Since(started); err == nil || took > 3*time.Second {
		t.Errorf("gave up after %s with %v, want an error after 1 s", took, err)
	}
}

func TestAProxyIsGoneThrough(t *testing.T) {
	bastion, server := startServer(t, ""), startServer(t, "")
	connection := to(t, server, nil)
	connection["proxy"] = to(t, bastion, nil)
	state := newPlugin(t).mustCreate(remoteToken, inputs{"connection": connection, "create": "echo behind"})
	wantText(t, state, "stdout", "behind")
	if got := <-bastion.forwarded; got != server.address {
		t.Errorf("the bastion was asked for %s, want %s", got, server.address)
	}
}

func TestCancellingStopsARemoteCommand(t *testing.T) {
	server := startServer(t, "")
	file := filepath.Join(t.TempDir(), "started")
	ctx, cancel := context.WithCancel(t.Context())
	plugin := newPluginIn(t, ctx)
	ended := make(chan error)
	connection := to(t, server, nil)
	go func() {
		_, err := plugin.create(remoteToken, inputs{
			"connection": connection, "create": "touch " + file + "; exec sleep 2",
		})
		ended <- err
	}()
	for _, err := os.Stat(file); err != nil; _, err = os.Stat(file) {
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "cancelled") {
		t.Errorf("the error does not say that it was cancelled: %v", err)
	}
	if signal := <-server.signals; signal != "TERM" {
		t.Errorf("the server was sent %s, want TERM", signal)
	}
}

func TestCopyingPutsFilesWhereTheDocumentationSays(t *testing.T) {
	server := startServer(t, "")
	plugin := newPlugin(t)
	local, remote := t.TempDir(), t.TempDir()
	write(t, filepath.Join(local, "site", "index.html"), "hello")
	write(t, filepath.Join(local, "site", "deep", "a.css"), "style")
	write(t, filepath.Join(remote, "full", "index.html"), "older and longer")

	site := filepath.Join(local, "site")
	for name, try := range map[string]struct {
		source     any
		remotePath string
		wantFile   string
		want       string
	}{
		"a file to a new path, with the folders above it": {fileAsset(t, site+"/index.html"), "x/y/new.html", "x/y/new.html", "hello"},
		"a file into a folder":                            {fileAsset(t, site+"/index.html"), "full", "full/index.html", "hello"},
		"a text over a file":                              {textAsset(t, "short"), "full/index.html", "full/index.html", "short"},
		"a folder to a new path":                          {fileArchive(t, site), "www", "www/deep/a.css", "style"},
		"a folder into a folder":                          {fileArchive(t, site), "full", "full/site/deep/a.css", "style"},
	} {
		plugin.mustCreate(copyToken, inputs{
			"connection": to(t, server, nil), "source": try.source, "remotePath": filepath.Join(remote, try.remotePath),
		})
		if content, err := os.ReadFile(filepath.Join(remote, try.wantFile)); string(content) != try.want {
			t.Errorf("%s: %s holds %q (%v), want %q", name, try.wantFile, content, err, try.want)
		}
	}

	_, err := plugin.create(copyToken, inputs{
		"connection": to(t, server, nil), "source": fileArchive(t, site), "remotePath": filepath.Join(remote, "x/y/new.html"),
	})
	if err == nil || !strings.Contains(err.Error(), "it is a file") {
		t.Errorf("a folder was copied over a file: %v", err)
	}
}

func TestAChangedSourceIsCopiedAgainAndATriggerReplaces(t *testing.T) {
	server := startServer(t, "")
	plugin := newPlugin(t)
	target := filepath.Join(t.TempDir(), "file")
	args := func(text string, trigger string) inputs {
		return inputs{
			"connection": to(t, server, nil), "remotePath": target,
			"source": textAsset(t, text), "triggers": []any{trigger},
		}
	}
	state := plugin.mustCreate(copyToken, args("one", "a"))
	plugin.mustUpdate(copyToken, state, args("one", "a"), args("two", "a"))
	if content, _ := os.ReadFile(target); string(content) != "two" {
		t.Errorf("the copy holds %q", content)
	}
	for path, change := range plugin.diff(copyToken, state, args("one", "a"), args("two", "b")).DetailedDiff {
		replaces := strings.HasSuffix(string(change.Kind), "&replace")
		if replaces != strings.HasPrefix(path, "triggers") {
			t.Errorf("%s is %s", path, change.Kind)
		}
	}
	plugin.mustDelete(copyToken, state)
	if _, err := os.Stat(target); err != nil {
		t.Error("deleting the resource took the file away")
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func fileAsset(t *testing.T, path string) property.Value {
	return asset(t)(resource.NewPathAsset(path))
}
func textAsset(t *testing.T, text string) property.Value {
	return asset(t)(resource.NewTextAsset(text))
}

func asset(t *testing.T) func(*resource.Asset, error) property.Value {
	return func(asset *resource.Asset, err error) property.Value {
		if err != nil {
			t.Fatal(err)
		}
		return property.New(asset)
	}
}

func fileArchive(t *testing.T, path string) property.Value {
	archive, err := resource.NewPathArchive(path)
	if err != nil {
		t.Fatal(err)
	}
	return property.New(archive)
}
