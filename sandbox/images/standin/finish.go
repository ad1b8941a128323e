package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"time"
)

// lastAnswers is how long open connections may take once the stand-in was asked to stop.
const lastAnswers = 3 * time.Second

// Child is the real program that serves beside the stand-in.
type Child struct {
	process *os.Process
	// Set before it is asked to stop: from then on its end is no failure.
	stopping atomic.Bool
	ended    chan struct{}
}

// startChild runs it; its end is the stand-in's end.
func startChild(manifest *Manifest) *Child {
	if len(manifest.Child) == 0 {
		return nil
	}
	command := exec.Command(manifest.Child[0], manifest.Child[1:]...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	if err := command.Start(); err != nil {
		fail(err)
	}
	child := &Child{process: command.Process, ended: make(chan struct{})}
	go func() {
		err := command.Wait()
		if !child.stopping.Load() {
			fail(fmt.Errorf("%s ended: %w", manifest.Child[0], orNothing(err)))
		}
		close(child.ended)
	}()
	return child
}

// finish ends as a server does: no new connection, the answers under way, then its child.
func finish(servers []*http.Server, child *Child) {
	until, cancel := context.WithTimeout(context.Background(), lastAnswers)
	defer cancel()
	for _, server := range servers {
		if server.Shutdown(until) != nil {
			_ = server.Close()
		}
	}
	if child == nil {
		return
	}
	child.stopping.Store(true)
	if err := child.process.Signal(syscall.SIGTERM); err == nil {
		<-child.ended
	}
}
