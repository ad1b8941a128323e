// Package served is what a plugin over a Terraform provider answers to "what is your schema":
// made once when the toolchain is built, carried inside the program, and never made at start
// (that took seconds at each start of each plugin).
package served

import (
	"fmt"
	"io/fs"
)

const (
	// SchemaFile holds the Pulumi schema of the plugin, as JSON.
	SchemaFile = "schema.json"
	// MetadataFile holds what the bridge works out while it makes the schema and needs again when
	// it serves: which half of a provider (SDKv2 or plugin framework) answers for which resource.
	MetadataFile = "bridge-metadata.json"
)

// Read takes both out of the folder `served` embedded in a plugin.
// Error: the plugin was built by hand, without the step that makes them.
func Read(embedded fs.FS) (schema, metadata []byte, err error) {
	schema, err = fs.ReadFile(embedded, "served/"+SchemaFile)
	if err == nil {
		metadata, err = fs.ReadFile(embedded, "served/"+MetadataFile)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("this plugin was built without its schema; build it with toolchain/build.sh pulumi (%w)", err)
	}
	return schema, metadata, nil
}
