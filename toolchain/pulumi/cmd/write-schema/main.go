// Command write-schema makes the files that a plugin carries: write-schema docker|hcloud <folder>.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"homelab.local/toolchain/docker"
	"homelab.local/toolchain/hcloud"
	"homelab.local/toolchain/served"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfgen"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/x/muxer"
	"github.com/pulumi/pulumi-terraform-bridge/v3/unstable/metadata"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
)

func main() {
	mappings := map[string]func([]byte) tfbridge.ProviderInfo{"docker": docker.Mapping, "hcloud": hcloud.Mapping}
	if len(os.Args) != 3 || mappings[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: write-schema docker|hcloud <folder>")
		os.Exit(2)
	}
	if err := write(os.Args[2], mappings[os.Args[1]]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// write makes both files in folder for the provider that mapping describes.
func write(folder string, mapping func(metadata []byte) tfbridge.ProviderInfo) error {
	info := mapping([]byte("{}"))
	// The generator says on stderr what it skips (documentation we do not carry): only errors matter.
	var said bytes.Buffer
	sink := diag.DefaultSink(&said, &said, diag.FormatOptions{Color: colors.Never})
	result, err := tfgen.GenerateSchemaWithOptions(tfgen.GenerateSchemaOptions{
		ProviderInfo: info, DiagnosticsSink: sink, XInMemoryDocs: true,
	})
	if err != nil {
		return fmt.Errorf("schema of %s: %w\n%s", info.Name, err, said.String())
	}
	if err := dispatch(&info); err != nil {
		return fmt.Errorf("dispatch of %s: %w", info.Name, err)
	}
	schema, err := json.Marshal(result.PackageSpec)
	if err != nil {
		return fmt.Errorf("schema of %s: %w", info.Name, err)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(folder, served.SchemaFile), schema, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, served.MetadataFile), (*metadata.Data)(info.GetMetadata()).Marshal(), 0o644)
}

// dispatch notes, for a provider joined from two halves, which half answers for which resource.
func dispatch(info *tfbridge.ProviderInfo) error {
	joined, ok := info.P.(interface {
		ResolveDispatch(*tfbridge.ProviderInfo) (muxer.DispatchTable, error)
	})
	if !ok {
		return nil
	}
	table, err := joined.ResolveDispatch(info)
	if err != nil {
		return err
	}
	return metadata.Set(info.GetMetadata(), "mux", table)
}
