// Command pulumi-resource-docker is the plugin that @pulumi/docker talks to.
package main

import (
	"embed"
	"fmt"
	"os"

	"homelab.local/toolchain/docker"
	"homelab.local/toolchain/served"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
)

//go:embed served
var embedded embed.FS

func main() {
	schema, metadata, err := served.Read(embedded)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	tfbridge.Main("docker", docker.Version, docker.Mapping(metadata), schema)
}
