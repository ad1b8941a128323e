package command

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// LocalCommand is the resource command:local:Command. It has no Read: what a command did is not looked at again.
type LocalCommand struct{}

// LocalBase is what the resource and the function `run` take alike.
type LocalBase struct {
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
	ArchivePaths           []string          `pulumi:"archivePaths,optional"`
	AssetPaths             []string          `pulumi:"assetPaths,optional"`
	Dir                    *string           `pulumi:"dir,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Interpreter            []string          `pulumi:"interpreter,optional"`
	Logging                *LocalLogging     `pulumi:"logging,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
}

// LocalArgs are the inputs of the resource.
type LocalArgs struct {
	LocalBase
	Create   *string `pulumi:"create,optional"`
	Delete   *string `pulumi:"delete,optional"`
	Update   *string `pulumi:"update,optional"`
	Triggers []any   `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// LocalFiles are the files a local command made and was asked to hand over.
type LocalFiles struct {
	Archive *resource.Archive               `pulumi:"archive,optional"`
	Assets  map[string]types.AssetOrArchive `pulumi:"assets,optional"`
}

// LocalState is what the state file keeps.
type LocalState struct {
	LocalArgs
	LocalFiles
	Outputs
}

func (c *LocalCommand) Annotate(a infer.Annotator) {
	a.SetToken("local", "Command")
	a.Describe(&c, "A local command to be executed.")
}

// WireDependencies: what a command prints depends on all that it was given, so a secret given
// makes the output secret.
func (c *LocalCommand) WireDependencies(f infer.FieldSelector, args *LocalArgs, state *LocalState) {
	inputs := []infer.InputField{
		f.InputField(&args.AddPreviousOutputInEnv), f.InputField(&args.ArchivePaths),
		f.InputField(&args.AssetPaths), f.InputField(&args.Create), f.InputField(&args.Dir),
		f.InputField(&args.Environment), f.InputField(&args.Interpreter), f.InputField(&args.Stdin),
		f.InputField(&args.Triggers), f.InputField(&args.Update),
	}
	f.OutputField(&state.Stdout).DependsOn(inputs...)
	f.OutputField(&state.Stderr).DependsOn(inputs...)
	f.OutputField(&state.Archive).DependsOn(inputs...)
	f.OutputField(&state.Assets).DependsOn(inputs...)
}

// Create runs `create`, where there is one. When it fails, nothing is saved: the next up runs it again.
func (c *LocalCommand) Create(
	ctx context.Context, request infer.CreateRequest[LocalArgs],
) (infer.CreateResponse[LocalState], error) {
	id, err := newID(request.Name)
	if err != nil {
		return infer.CreateResponse[LocalState]{}, err
	}
	state := LocalState{LocalArgs: request.Inputs}
	if !request.DryRun {
		err = state.run(ctx, state.LocalArgs.Create, nil)
	}
	return infer.CreateResponse[LocalState]{ID: id, Output: state}, err
}

// Update runs `update`, or `create` again where there is none.
func (c *LocalCommand) Update(
	ctx context.Context, request infer.UpdateRequest[LocalArgs, LocalState],
) (infer.UpdateResponse[LocalState], error) {
	previous := request.State.Outputs
	state := LocalState{LocalArgs: request.Inputs, LocalFiles: request.State.LocalFiles, Outputs: previous}
	if request.DryRun {
		return infer.UpdateResponse[LocalState]{Output: state}, nil
	}
	err := state.run(ctx, first(request.Inputs.Update, request.Inputs.Create), &previous)
	return infer.UpdateResponse[LocalState]{Output: state}, err
}

// Delete runs `delete` as it stood at the last create or update.
func (c *LocalCommand) Delete(
	ctx context.Context, request infer.DeleteRequest[LocalState],
) (infer.DeleteResponse, error) {
	previous := request.State.Outputs
	state := request.State
	if state.LocalArgs.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	// Only the command counts here: files are not collected from what is being deleted.
	state.ArchivePaths, state.AssetPaths = nil, nil
	return infer.DeleteResponse{}, state.run(ctx, state.LocalArgs.Delete, &previous)
}

// run runs command, where there is one, and keeps what it printed and the files that were asked for.
func (s *LocalState) run(ctx context.Context, command *string, previous *Outputs) error {
	if command == nil {
		return nil
	}
	outputs, files, err := s.LocalBase.run(ctx, *command, previous)
	if err != nil {
		return err
	}
	s.Outputs, s.LocalFiles = outputs, files
	return nil
}

// LocalRun is the function command:local:run: a command run each time the program runs, preview too.
type LocalRun struct{}

// LocalRunArgs are its arguments.
type LocalRunArgs struct {
	LocalBase
	Command string `pulumi:"command"`
}

// LocalRunResult is its result.
type LocalRunResult struct {
	LocalRunArgs
	LocalFiles
	Outputs
}

func (r *LocalRun) Annotate(a infer.Annotator) {
	a.SetToken("local", "run")
	a.Describe(&r, "A local command to be executed unconditionally, at each preview and each deployment.")
}

// Invoke runs the command.
func (r *LocalRun) Invoke(
	ctx context.Context, request infer.FunctionRequest[LocalRunArgs],
) (infer.FunctionResponse[LocalRunResult], error) {
	outputs, files, err := request.Input.LocalBase.run(ctx, request.Input.Command, nil)
	return infer.FunctionResponse[LocalRunResult]{
		Output: LocalRunResult{LocalRunArgs: request.Input, LocalFiles: files, Outputs: outputs},
	}, err
}
