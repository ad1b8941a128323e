// Package served is what a plugin over a Terraform provider answers to "what is your schema":
// made once (toolchain/pulumi/write-schemas.sh), kept in the checkout and carried inside the program.
// Made at start it took seconds each time, made in each build a tenth of all that is built.
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
// Error: the files are not in the checkout.
func Read(embedded fs.FS) (schema, metadata []byte, err error) {
	schema, err = fs.ReadFile(embedded, "served/"+SchemaFile)
	if err == nil {
		metadata, err = fs.ReadFile(embedded, "served/"+MetadataFile)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("this plugin was built without its schema; make it with toolchain/pulumi/write-schemas.sh and build it again (%w)", err)
	}
	return schema, metadata, nil
}
