// Standin answers for a service whose real program cannot be had on the machine: it listens on the
// documented ports, answers the documented health endpoint, and does so only when everything the
// real one needs is there: secrets its user can read, folders its user can write, and services
// that answer. It never pretends to do the work of the service.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const manifestPath = "/etc/standin.json"

func main() {
	if name := filepath.Base(os.Args[0]); name == "python" || name == "python3" {
		os.Exit(python(os.Args[1:]))
	}
	manifest, err := loadManifest(manifestPath)
	if err != nil {
		fail(err)
	}
	arguments := os.Args[1:]
	for _, command := range manifest.Commands {
		if slices.Equal(command.Args, arguments) {
			os.Exit(ask(command.Get))
		}
	}
	if manifest.Role == "ntfy" && len(arguments) > 0 && slices.Contains(ntfyCommands, arguments[0]) {
		if err := ntfyCommand(arguments); err != nil {
			fail(err)
		}
		return
	}
	if len(arguments) > 0 && !strings.HasPrefix(arguments[0], "-") && !slices.Contains(manifest.Serve, arguments[0]) {
		fmt.Fprintf(os.Stderr, "%s is a stand-in and has no command %q\n", manifest.Name, arguments[0])
		os.Exit(64)
	}
	serve(manifest)
}

// ask is a health check in the shape of a command.
func ask(url string) int {
	client := http.Client{Timeout: 5 * time.Second}
	response, err := client.Get(url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer response.Body.Close()
	text := make([]byte, 1024)
	n, _ := response.Body.Read(text)
	fmt.Println(strings.TrimSpace(response.Status + " " + string(text[:n])))
	if response.StatusCode >= 400 {
		return 1
	}
	return 0
}

func serve(manifest *Manifest) {
	say("stand-in for %s (%s), not the real program", manifest.Name, manifest.Reference)
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGUSR1, syscall.SIGUSR2)

	state := &State{}
	state.set([]string{fmt.Sprintf("its own start, %d ms", manifest.StartupMs)})
	if manifest.Role == "adguard" {
		if err := rewriteConfig(); err != nil {
			fail(err)
		}
	}
	child := startChild(manifest)
	variables, err := readVariables(manifest)
	if err != nil {
		fail(err)
	}
	if err := prepareFolders(manifest); err != nil {
		fail(err)
	}
	var special http.Handler
	switch manifest.Role {
	case "authelia":
		special = newAuthelia(variables)
	case "ntfy":
		special = newNtfy(variables)
	case "adguard":
		special = newAdguard()
	case "uptime-kuma":
		special = newKuma(kumaFile(manifest.Writes))
	}
	servers, err := listen(manifest, state, special)
	if err != nil {
		fail(err)
	}
	go settle(manifest, variables, state)

	for received := range signals {
		switch received {
		case syscall.SIGUSR1:
			state.setBroken(true)
			say("unhealthy until SIGUSR2")
		case syscall.SIGUSR2:
			state.setBroken(false)
			say("healthy again")
		default:
			say("stopping: %s", received)
			finish(servers, child)
			say("stopped")
			os.Exit(0)
		}
	}
}

// settle waits for the start-up time and then for every need, and says so when that changes.
// Once ready it stays ready: what the originals' health endpoints say does not look further.
func settle(manifest *Manifest, variables Variables, state *State) {
	time.Sleep(time.Until(started.Add(time.Duration(manifest.StartupMs) * time.Millisecond)))
	for pause := 200 * time.Millisecond; ; pause = min(2*pause, 2*time.Second) {
		var waiting []string
		for _, need := range manifest.Needs {
			if need.absent(variables) {
				continue
			}
			if err := need.check(variables); err != nil {
				waiting = append(waiting, need.describe(variables)+": "+oneLine(err))
			}
		}
		if state.set(waiting) {
			for _, reason := range waiting {
				say("waiting for %s", reason)
			}
		}
		if waiting == nil {
			say("ready after %d ms", time.Since(started).Milliseconds())
			return
		}
		time.Sleep(pause)
	}
}

// prepareFolders proves that the mounted folders can be written, makes those that the original
// makes, and leaves a little data there that a backup can carry: one row per start in each database.
func prepareFolders(manifest *Manifest) error {
	for _, folder := range manifest.Writes {
		if _, err := os.Stat(folder); os.IsNotExist(err) {
			continue
		}
		probe := filepath.Join(folder, ".standin-probe")
		if err := os.WriteFile(probe, nil, 0o600); err != nil {
			return fmt.Errorf("user %d cannot write %s: %w", os.Getuid(), folder, err)
		}
		_ = os.Remove(probe)
	}
	for _, folder := range manifest.Makes {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for _, database := range manifest.Databases {
		if err := os.MkdirAll(filepath.Dir(database), 0o755); err != nil {
			return err
		}
		script := "create table if not exists starts (at text); insert into starts values (datetime('now'));"
		if output, err := exec.Command("sqlite3", "-batch", "-init", "/dev/null", database, script).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", database, err, strings.TrimSpace(string(output)))
		}
	}
	return nil
}

func say(format string, values ...any) {
	fmt.Printf("%s %s\n", time.Now().UTC().Format(time.RFC3339), fmt.Sprintf(format, values...))
}

func fail(err error) {
	fmt.Fprintf(os.Stderr, "stand-in: %v\n", err)
	os.Exit(1)
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func orNothing(err error) error {
	if err == nil {
		return fmt.Errorf("exit code 0")
	}
	return err
}
