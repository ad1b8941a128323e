package command

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// stopGrace is how long a cancelled command has between SIGTERM and SIGKILL.
const stopGrace = 5 * time.Second

// run runs command with the interpreter and collects what it printed and the files asked for.
func (b LocalBase) run(ctx context.Context, command string, previous *Outputs) (Outputs, LocalFiles, error) {
	interpreter := b.Interpreter
	if len(interpreter) == 0 {
		interpreter = []string{"/bin/sh", "-c"}
	}
	argv := append(append([]string{}, interpreter[1:]...), command)
	process := exec.CommandContext(ctx, interpreter[0], argv...)
	stopWithGroup(process)
	process.Env = environmentList(withPrevious(b.Environment, b.AddPreviousOutputInEnv, previous))
	if b.Dir != nil {
		process.Dir = *b.Dir
	}
	if b.Stdin != nil {
		process.Stdin = strings.NewReader(*b.Stdin)
	}
	showStdout, showStderr := logging(b.Logging)
	output := newCapture(ctx, showStdout, showStderr)
	process.Stdout, process.Stderr = output.stdoutWriter(), output.stderrWriter()

	err := process.Run()
	stdout, stderr := output.finish()
	if ctx.Err() != nil {
		return Outputs{}, LocalFiles{}, failed(fmt.Errorf("cancelled: %w", ctx.Err()), command, output)
	}
	if err != nil {
		return Outputs{}, LocalFiles{}, failed(err, command, output)
	}
	files, err := b.collect()
	return Outputs{Stdout: stdout, Stderr: stderr}, files, err
}

// stopWithGroup gives the command a process group of its own and, when its context ends, ends the
// whole group: a shell that is killed alone leaves its children running.
func stopWithGroup(process *exec.Cmd) {
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error {
		group := -process.Process.Pid
		time.AfterFunc(stopGrace, func() { _ = syscall.Kill(group, syscall.SIGKILL) })
		return syscall.Kill(group, syscall.SIGTERM)
	}
	// A little longer than the grace: after it the pipes are closed, whoever still holds them.
	process.WaitDelay = stopGrace + time.Second
}
