package command

import (
	"context"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-go-provider/infer"
	"golang.org/x/crypto/ssh"
)

// RemoteCommand is the resource command:remote:Command. It has no Read: what a command did is not looked at again.
type RemoteCommand struct{}

// RemoteArgs are its inputs.
type RemoteArgs struct {
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
	Connection             Connection        `pulumi:"connection" provider:"secret"`
	Create                 *string           `pulumi:"create,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Logging                *RemoteLogging    `pulumi:"logging,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Triggers               []any             `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Update                 *string           `pulumi:"update,optional"`
}

// RemoteState is what the state file keeps.
type RemoteState struct {
	RemoteArgs
	Outputs
}

func (c *RemoteCommand) Annotate(a infer.Annotator) {
	a.SetToken("remote", "Command")
	a.Describe(&c, "A command to run on a remote host, over ssh.")
}

// WireDependencies: what a command prints depends on what it was given, so a secret given makes the
// output secret. Not the connection: it is a secret always, and would make every output one.
func (c *RemoteCommand) WireDependencies(f infer.FieldSelector, args *RemoteArgs, state *RemoteState) {
	for _, output := range []infer.OutputField{f.OutputField(&state.Stdout), f.OutputField(&state.Stderr)} {
		output.DependsOn(
			f.InputField(&args.AddPreviousOutputInEnv), f.InputField(&args.Connection).Computed(),
			f.InputField(&args.Create), f.InputField(&args.Environment), f.InputField(&args.Stdin),
			f.InputField(&args.Triggers), f.InputField(&args.Update),
		)
	}
	f.OutputField(&state.Connection).AlwaysSecret()
}

// Create runs `create`, where there is one. When it fails, nothing is saved: the next up runs it again.
func (c *RemoteCommand) Create(
	ctx context.Context, request infer.CreateRequest[RemoteArgs],
) (infer.CreateResponse[RemoteState], error) {
	id, err := newID(request.Name)
	if err != nil {
		return infer.CreateResponse[RemoteState]{}, err
	}
	state := RemoteState{RemoteArgs: request.Inputs}
	if !request.DryRun {
		err = state.run(ctx, state.RemoteArgs.Create, nil)
	}
	return infer.CreateResponse[RemoteState]{ID: id, Output: state}, err
}

// Update runs `update`, or `create` again where there is none.
func (c *RemoteCommand) Update(
	ctx context.Context, request infer.UpdateRequest[RemoteArgs, RemoteState],
) (infer.UpdateResponse[RemoteState], error) {
	previous := request.State.Outputs
	state := RemoteState{RemoteArgs: request.Inputs, Outputs: previous}
	if request.DryRun {
		return infer.UpdateResponse[RemoteState]{Output: state}, nil
	}
	err := state.run(ctx, first(request.Inputs.Update, request.Inputs.Create), &previous)
	return infer.UpdateResponse[RemoteState]{Output: state}, err
}

// Delete runs `delete` as it stood at the last create or update.
func (c *RemoteCommand) Delete(
	ctx context.Context, request infer.DeleteRequest[RemoteState],
) (infer.DeleteResponse, error) {
	previous := request.State.Outputs
	state := request.State
	return infer.DeleteResponse{}, state.run(ctx, state.RemoteArgs.Delete, &previous)
}

// run runs command, where there is one, and keeps what it printed.
func (s *RemoteState) run(ctx context.Context, command *string, previous *Outputs) error {
	if command == nil {
		return nil
	}
	client, closeClient, err := s.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer closeClient()
	session, err := client.NewSession()
	if err != nil {
		return fmt.Errorf("ssh session on %s: %w", s.Connection.Host, err)
	}
	defer func() { _ = session.Close() }()
	for name, value := range withPrevious(s.Environment, s.AddPreviousOutputInEnv, previous) {
		if err := session.Setenv(name, value); err != nil {
			return fmt.Errorf("the ssh server on %s does not accept the environment variable %q "+
				"(AcceptEnv in its sshd_config; for the outputs of the run before, addPreviousOutputInEnv: false): %w",
				s.Connection.Host, name, err)
		}
	}
	if s.Stdin != nil {
		session.Stdin = strings.NewReader(*s.Stdin)
	}
	showStdout, showStderr := logging(s.Logging)
	output := newCapture(ctx, showStdout, showStderr)
	session.Stdout, session.Stderr = output.stdoutWriter(), output.stderrWriter()

	// When the operation is cancelled, the server is told to stop the command; then the connection goes.
	stop := context.AfterFunc(ctx, func() {
		_ = session.Signal(ssh.SIGTERM)
		_ = client.Close()
	})
	err = session.Run(*command)
	stdout, stderr := output.finish()
	if !stop() {
		return failed(fmt.Errorf("cancelled: %w", ctx.Err()), *command, output)
	}
	if err != nil {
		return failed(err, *command, output)
	}
	s.Outputs = Outputs{Stdout: stdout, Stderr: stderr}
	return nil
}
