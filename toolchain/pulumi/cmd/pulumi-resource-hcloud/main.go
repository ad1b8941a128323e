// Command pulumi-resource-hcloud is the plugin that @pulumi/hcloud talks to.
package main

import (
	"context"
	"embed"
	"fmt"
	"os"

	"homelab.local/toolchain/hcloud"
	"homelab.local/toolchain/served"

	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
)

//go:embed served
var embedded embed.FS

func main() {
	schema, metadata, err := served.Read(embedded)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	pf.MainWithMuxer(context.Background(), "hcloud", hcloud.Mapping(metadata), schema)
}
