// Command pulumi-resource-command is the plugin that @pulumi/command talks to.
package main

import (
	"context"
	"fmt"
	"os"

	"homelab.local/toolchain/command"

	p "github.com/pulumi/pulumi-go-provider"
)

func main() {
	provider, err := command.New()
	if err == nil {
		err = p.RunProvider(context.Background(), "command", command.Version, provider)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
