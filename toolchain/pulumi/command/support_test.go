package command

import (
	"bytes"
	"context"
	"log/slog"
	"testing"

	"github.com/blang/semver"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/integration"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
)

const (
	localToken  = "command:local:Command"
	remoteToken = "command:remote:Command"
	copyToken   = "command:remote:CopyToRemote"
)

// plugin talks to the provider as the engine does, one resource named "it" at a time.
type plugin struct {
	t      *testing.T
	server integration.Server
}

func newPlugin(t *testing.T) plugin {
	t.Helper()
	return newPluginIn(t, t.Context())
}

func newPluginIn(t *testing.T, ctx context.Context) plugin {
	t.Helper()
	provider, err := New()
	if err != nil {
		t.Fatal(err)
	}
	server, err := integration.NewServer(ctx, "command", semver.MustParse(Version), integration.WithProvider(provider))
	if err != nil {
		t.Fatal(err)
	}
	return plugin{t, server}
}

func urn(token string) resource.URN {
	return resource.URN("urn:pulumi:stack::project::" + token + "::it")
}

type inputs = map[string]any

func toMap(in inputs) property.Map {
	values := map[string]property.Value{}
	for name, value := range in {
		values[name] = toValue(value)
	}
	return property.NewMap(values)
}

func toValue(value any) property.Value {
	switch value := value.(type) {
	case property.Value:
		return value
	case string:
		return property.New(value)
	case bool:
		return property.New(value)
	case int:
		return property.New(float64(value))
	case []string:
		list := []property.Value{}
		for _, item := range value {
			list = append(list, property.New(item))
		}
		return property.New(list)
	case []any:
		list := []property.Value{}
		for _, item := range value {
			list = append(list, toValue(item))
		}
		return property.New(list)
	case inputs:
		return property.New(toMap(value))
	case *resource.Asset:
		return property.New(value)
	case *resource.Archive:
		return property.New(value)
	default:
		panic("no property for this in the tests")
	}
}

func (c plugin) create(token string, in inputs) (p.CreateResponse, error) {
	return c.server.Create(p.CreateRequest{Urn: urn(token), Properties: toMap(in)})
}

func (c plugin) mustCreate(token string, in inputs) property.Map {
	c.t.Helper()
	response, err := c.create(token, in)
	if err != nil {
		c.t.Fatal(err)
	}
	return response.Properties
}

func (c plugin) mustUpdate(token string, state property.Map, before, after inputs) property.Map {
	c.t.Helper()
	response, err := c.server.Update(p.UpdateRequest{
		Urn: urn(token), ID: "it", State: state, OldInputs: toMap(before), Inputs: toMap(after),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return response.Properties
}

func (c plugin) mustDelete(token string, state property.Map) {
	c.t.Helper()
	if err := c.server.Delete(p.DeleteRequest{Urn: urn(token), ID: "it", Properties: state}); err != nil {
		c.t.Fatal(err)
	}
}

func (c plugin) diff(token string, state property.Map, before, after inputs) p.DiffResponse {
	c.t.Helper()
	response, err := c.server.Diff(p.DiffRequest{
		Urn: urn(token), ID: "it", State: state, OldInputs: toMap(before), Inputs: toMap(after),
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return response
}

func wantText(t *testing.T, state property.Map, name, want string) {
	t.Helper()
	value := state.Get(name)
	if !value.IsString() || value.AsString() != want {
		t.Errorf("%s is %v, want %q", name, value, want)
	}
}

// captureLog collects what the plugin logs; outside an engine its log goes to slog.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}
