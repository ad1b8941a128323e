// Package command is the plugin that the npm package @pulumi/command talks to: commands and file
// copies, on this machine or over ssh, as resources. Written against the types and texts of
// @pulumi/command 1.2.1; the e2e test of the schemas compares the two property by property.
package command

import (
	"context"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
)

// Version is the plugin version that @pulumi/command 1.2.1 asks the engine for.
const Version = "1.2.1"

// New is the provider, ready to be served.
func New() (p.Provider, error) {
	provider, err := infer.NewProviderBuilder().
		WithDisplayName("Command").
		WithResources(
			infer.Resource(&LocalCommand{}),
			infer.Resource(&RemoteCommand{}),
			infer.Resource(&CopyToRemote{}),
			infer.Resource(&CopyFile{}),
		).
		WithFunctions(infer.Function(&LocalRun{})).
		Build()
	if err != nil {
		return p.Provider{}, err
	}
	provider.Diff = replaceOnTriggers(provider.Diff)
	return provider, nil
}

type diffFunc func(context.Context, p.DiffRequest) (p.DiffResponse, error)

// replaceOnTriggers makes any change below `triggers` a replacement. The library can say that of
// a property as a whole, but a diff names its elements (`triggers[1]`). Every other change stays
// an update.
func replaceOnTriggers(diff diffFunc) diffFunc {
	replacing := map[p.DiffKind]p.DiffKind{
		p.Add:    p.AddReplace,
		p.Update: p.UpdateReplace,
		p.Delete: p.DeleteReplace,
	}
	return func(ctx context.Context, request p.DiffRequest) (p.DiffResponse, error) {
		response, err := diff(ctx, request)
		for path, change := range response.DetailedDiff {
			if path != "triggers" && !strings.HasPrefix(path, "triggers[") && !strings.HasPrefix(path, "triggers.") {
				continue
			}
			if kind, ok := replacing[change.Kind]; ok {
				change.Kind = kind
				response.DetailedDiff[path] = change
			}
		}
		return response, err
	}
}
