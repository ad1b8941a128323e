package command

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
)

// CopyToRemote is the resource command:remote:CopyToRemote. Deleting it leaves the copy where it is.
type CopyToRemote struct{}

// CopyToRemoteArgs are its inputs; its state is the same.
type CopyToRemoteArgs struct {
	Connection Connection           `pulumi:"connection" provider:"secret"`
	RemotePath string               `pulumi:"remotePath"`
	Source     types.AssetOrArchive `pulumi:"source"`
	Triggers   []any                `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CopyToRemoteState is what the state file keeps.
type CopyToRemoteState struct {
	CopyToRemoteArgs
}

func (c *CopyToRemote) Annotate(a infer.Annotator) {
	a.SetToken("remote", "CopyToRemote")
	a.Describe(&c, "Copy an Asset or Archive to a remote host.")
}

// WireDependencies: the connection is a secret in the state, whatever it was in the program.
func (c *CopyToRemote) WireDependencies(f infer.FieldSelector, _ *CopyToRemoteArgs, state *CopyToRemoteState) {
	f.OutputField(&state.Connection).AlwaysSecret()
}

// Create copies.
func (c *CopyToRemote) Create(
	ctx context.Context, request infer.CreateRequest[CopyToRemoteArgs],
) (infer.CreateResponse[CopyToRemoteState], error) {
	id, err := newID(request.Name)
	if err == nil && !request.DryRun {
		err = request.Inputs.copy(ctx)
	}
	return infer.CreateResponse[CopyToRemoteState]{ID: id, Output: CopyToRemoteState{request.Inputs}}, err
}

// Update copies again.
func (c *CopyToRemote) Update(
	ctx context.Context, request infer.UpdateRequest[CopyToRemoteArgs, CopyToRemoteState],
) (infer.UpdateResponse[CopyToRemoteState], error) {
	var err error
	if !request.DryRun {
		err = request.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteState]{Output: CopyToRemoteState{request.Inputs}}, err
}

func (a CopyToRemoteArgs) copy(ctx context.Context) error {
	switch {
	case a.Source.Asset != nil && a.Source.Asset.IsText():
		return upload(ctx, a.Connection, textSource(a.Source.Asset.Text), a.RemotePath)
	case a.Source.Asset != nil && a.Source.Asset.IsPath():
		return upload(ctx, a.Connection, pathSource(a.Source.Asset.Path), a.RemotePath)
	case a.Source.Archive != nil && a.Source.Archive.IsPath():
		return upload(ctx, a.Connection, pathSource(a.Source.Archive.Path), a.RemotePath)
	default:
		return fmt.Errorf("source must be a FileAsset, a StringAsset or a FileArchive")
	}
}

// CopyFile is the deprecated resource command:remote:CopyFile, still in the npm package.
type CopyFile struct{}

// CopyFileArgs are its inputs; its state is the same.
type CopyFileArgs struct {
	Connection Connection `pulumi:"connection" provider:"secret"`
	LocalPath  string     `pulumi:"localPath"`
	RemotePath string     `pulumi:"remotePath"`
	Triggers   []any      `pulumi:"triggers,optional"`
}

// CopyFileState is what the state file keeps.
type CopyFileState struct {
	CopyFileArgs
}

func (c *CopyFile) Annotate(a infer.Annotator) {
	a.SetToken("remote", "CopyFile")
	a.Describe(&c, "Copy a local file to a remote host.")
	a.Deprecate(&c, "This resource is deprecated and will be removed in a future release. "+
		"Please use the `CopyToRemote` resource instead.")
}

// WireDependencies: the connection is a secret in the state, whatever it was in the program.
func (c *CopyFile) WireDependencies(f infer.FieldSelector, _ *CopyFileArgs, state *CopyFileState) {
	f.OutputField(&state.Connection).AlwaysSecret()
}

// Create copies.
func (c *CopyFile) Create(
	ctx context.Context, request infer.CreateRequest[CopyFileArgs],
) (infer.CreateResponse[CopyFileState], error) {
	id, err := newID(request.Name)
	if err == nil && !request.DryRun {
		err = upload(ctx, request.Inputs.Connection, pathSource(request.Inputs.LocalPath), request.Inputs.RemotePath)
	}
	return infer.CreateResponse[CopyFileState]{ID: id, Output: CopyFileState{request.Inputs}}, err
}

// Update copies again.
func (c *CopyFile) Update(
	ctx context.Context, request infer.UpdateRequest[CopyFileArgs, CopyFileState],
) (infer.UpdateResponse[CopyFileState], error) {
	var err error
	if !request.DryRun {
		err = upload(ctx, request.Inputs.Connection, pathSource(request.Inputs.LocalPath), request.Inputs.RemotePath)
	}
	return infer.UpdateResponse[CopyFileState]{Output: CopyFileState{request.Inputs}}, err
}
