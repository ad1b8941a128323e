package command

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

func TestCreateRunsTheCommandAndKeepsWhatItPrinted(t *testing.T) {
	state := newPlugin(t).mustCreate(localToken, inputs{"create": "echo out; echo err >&2"})
	wantText(t, state, "stdout", "out")
	wantText(t, state, "stderr", "err")
	wantText(t, state, "create", "echo out; echo err >&2")
}

func TestCreateWithoutACommandRunsNothing(t *testing.T) {
	state := newPlugin(t).mustCreate(localToken, inputs{"delete": "true"})
	wantText(t, state, "stdout", "")
}

func TestAPreviewRunsNothingAndDoesNotKnowTheOutput(t *testing.T) {
	file := filepath.Join(t.TempDir(), "made")
	response, err := newPlugin(t).server.Create(p.CreateRequest{
		Urn: urn(localToken), DryRun: true, Properties: toMap(inputs{"create": "touch " + file}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if !response.Properties.Get("stdout").IsComputed() {
		t.Error("stdout is known in a preview")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the preview ran the command")
	}
}

func TestTheCommandGetsItsInputFolderEnvironmentAndInterpreter(t *testing.T) {
	folder := t.TempDir()
	state := newPlugin(t).mustCreate(localToken, inputs{
		"create":      `import os, sys; print(os.getcwd(), os.environ["NAME"], sys.stdin.read())`,
		"dir":         folder,
		"environment": inputs{"NAME": "value"},
		"interpreter": []string{"python3", "-c"},
		"stdin":       "given",
	})
	wantText(t, state, "stdout", folder+" value given")
}

func TestAFailedCommandNamesItselfAndWhatItPrintedButNeverItsInput(t *testing.T) {
	log := captureLog(t)
	_, err := newPlugin(t).create(localToken, inputs{
		"create": "echo seen; echo why >&2; exit 3", "stdin": "hush", "environment": inputs{"X": "veiled"},
	})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"exit status 3", "echo seen", "seen\n", "why"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in: %v", want, err)
		}
	}
	for _, secret := range []string{"hush", "veiled"} {
		if strings.Contains(err.Error(), secret) || strings.Contains(log.String(), secret) {
			t.Errorf("%q was shown", secret)
		}
	}
}

func TestUpdateRunsUpdateWithTheOutputsOfTheRunBefore(t *testing.T) {
	plugin := newPlugin(t)
	before := inputs{"create": "echo made; echo noise >&2"}
	after := inputs{
		"create": "echo made; echo noise >&2",
		"update": `echo "after $PULUMI_COMMAND_STDOUT and $PULUMI_COMMAND_STDERR"`,
	}
	state := plugin.mustUpdate(localToken, plugin.mustCreate(localToken, before), before, after)
	wantText(t, state, "stdout", "after made and noise")
}

func TestUpdateRunsCreateAgainWhereThereIsNoUpdate(t *testing.T) {
	plugin := newPlugin(t)
	before, after := inputs{"create": "echo one"}, inputs{"create": "echo two"}
	state := plugin.mustUpdate(localToken, plugin.mustCreate(localToken, before), before, after)
	wantText(t, state, "stdout", "two")
}

func TestTheOutputsOfTheRunBeforeStayOutOfTheEnvironmentWhenToldSo(t *testing.T) {
	plugin := newPlugin(t)
	before := inputs{"create": "echo made", "addPreviousOutputInEnv": false}
	after := inputs{"create": `echo "[$PULUMI_COMMAND_STDOUT]"`, "addPreviousOutputInEnv": false}
	state := plugin.mustUpdate(localToken, plugin.mustCreate(localToken, before), before, after)
	wantText(t, state, "stdout", "[]")
}

func TestDeleteRunsDeleteWithTheOutputsOfTheRunBefore(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gone")
	plugin := newPlugin(t)
	state := plugin.mustCreate(localToken, inputs{
		"create": "echo made", "delete": "echo $PULUMI_COMMAND_STDOUT > " + file,
	})
	plugin.mustDelete(localToken, state)
	if content, _ := os.ReadFile(file); string(content) != "made\n" {
		t.Errorf("delete saw %q", content)
	}
}

func TestATriggerReplacesAndAnythingElseUpdates(t *testing.T) {
	plugin := newPlugin(t)
	before := inputs{"create": "true", "triggers": []any{"a", inputs{"n": 1}}}
	state := plugin.mustCreate(localToken, before)
	for name, change := range map[string]struct {
		after inputs
		want  p.DiffKind
	}{
		"an element":       {inputs{"create": "true", "triggers": []any{"b", inputs{"n": 1}}}, p.UpdateReplace},
		"deep inside":      {inputs{"create": "true", "triggers": []any{"a", inputs{"n": 2}}}, p.UpdateReplace},
		"one more":         {inputs{"create": "true", "triggers": []any{"a", inputs{"n": 1}, "c"}}, p.AddReplace},
		"one less":         {inputs{"create": "true", "triggers": []any{"a"}}, p.DeleteReplace},
		"all gone":         {inputs{"create": "true"}, p.DeleteReplace},
		"another property": {inputs{"create": "false", "triggers": []any{"a", inputs{"n": 1}}}, p.Update},
	} {
		response := plugin.diff(localToken, state, before, change.after)
		if len(response.DetailedDiff) != 1 {
			t.Errorf("%s: %d differences, want 1: %v", name, len(response.DetailedDiff), response.DetailedDiff)
		}
		for path, got := range response.DetailedDiff {
			if got.Kind != change.want {
				t.Errorf("%s: %s is %s, want %s", name, path, got.Kind, change.want)
			}
		}
	}
	if plugin.diff(localToken, state, before, before).HasChanges {
		t.Error("the same inputs are a change")
	}
}

func TestASecretGivenMakesTheOutputASecret(t *testing.T) {
	plugin := newPlugin(t)
	state := plugin.mustCreate(localToken, inputs{
		"create": "cat", "stdin": property.New("hush").WithSecret(true),
	})
	for _, name := range []string{"stdin", "stdout"} {
		if !state.Get(name).Secret() {
			t.Errorf("%s is not a secret", name)
		}
	}
	if plugin.mustCreate(localToken, inputs{"create": "true"}).Get("stdout").Secret() {
		t.Error("stdout is a secret though nothing secret was given")
	}
}

func TestLoggingShowsWhatItWasToldToShow(t *testing.T) {
	for choice, want := range map[string][2]bool{
		"": {true, true}, logBoth: {true, true}, logStdout: {true, false}, logStderr: {false, true}, logNone: {false, false},
	} {
		log := captureLog(t)
		in := inputs{"create": "echo to-out; printf to-err >&2"}
		if choice != "" {
			in["logging"] = choice
		}
		newPlugin(t).mustCreate(localToken, in)
		got := [2]bool{strings.Contains(log.String(), "to-out"), strings.Contains(log.String(), "to-err")}
		if got != want {
			t.Errorf("logging %q shows stdout, stderr: %v, want %v", choice, got, want)
		}
	}
}

func TestFilesAreCollectedByPatternsAndTheLastThatMatchesDecides(t *testing.T) {
	folder := t.TempDir()
	state := newPlugin(t).mustCreate(localToken, inputs{
		"create":       "mkdir a; echo 1 > a/one.txt; echo 2 > a/secret.txt; echo 3 > three.js",
		"dir":          folder,
		"assetPaths":   []string{"**.txt", "!**secret*"},
		"archivePaths": []string{"*.js"},
	})
	assets := state.Get("assets").AsMap()
	if assets.Len() != 1 || !assets.Get("a/one.txt").IsAsset() {
		t.Errorf("assets are %v, want only a/one.txt", assets)
	}
	// The library hands an archive over in its wire form; the engine reads it as an archive.
	archive := state.Get("archive").AsMap()
	members := archive.Get("assets").AsMap()
	if archive.Get(resource.SigKey).AsString() != resource.ArchiveSig || members.Len() != 1 ||
		!members.Get("three.js").IsMap() {
		t.Errorf("the archive is %v, want one that holds only three.js", archive)
	}
}

func TestRunRunsEachTimeAndGivesItsOutput(t *testing.T) {
	response, err := newPlugin(t).server.Invoke(p.InvokeRequest{
		Token: "command:local:run", Args: toMap(inputs{"command": "cat", "stdin": "given"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, response.Return, "stdout", "given")
}

func TestCancellingEndsTheCommandAndWhatItStarted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "child")
	ctx, cancel := context.WithCancel(t.Context())
	plugin := newPluginIn(t, ctx)
	ended := make(chan error)
	go func() {
		// The shell waits for a child that it started; both must go.
		_, err := plugin.create(localToken, inputs{"create": "sleep 300 & echo $! > " + file + "; wait"})
		ended <- err
	}()
	child := 0
	for child == 0 {
		content, _ := os.ReadFile(file)
		child, _ = strconv.Atoi(strings.TrimSpace(string(content)))
		time.Sleep(10 * time.Millisecond)
	}
	cancel()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "cancelled") {
			t.Errorf("the error does not say that it was cancelled: %v", err)
		}
	case <-time.After(stopGrace):
		t.Fatal("the command goes on after it was cancelled")
	}
	for deadline := time.Now().Add(time.Second); alive(child); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("its child lives")
		}
	}
}

// alive tells a running process from one that ended and was not collected yet.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(status), ") Z ")
}
