package served

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestBothFilesAreReadAsTheyStandInTheCheckout(t *testing.T) {
	schema, metadata, err := Read(fstest.MapFS{
		"served/schema.json":          {Data: []byte("schema")},
		"served/bridge-metadata.json": {Data: []byte("metadata")},
	})
	if err != nil || string(schema) != "schema" || string(metadata) != "metadata" {
		t.Errorf("got %q, %q, %v", schema, metadata, err)
	}
}

func TestAPluginWithoutItsSchemaSaysHowToMakeIt(t *testing.T) {
	_, _, err := Read(fstest.MapFS{"served/README": {}})
	if err == nil || !strings.Contains(err.Error(), "toolchain/pulumi/write-schemas.sh") {
		t.Errorf("the error does not say what to do: %v", err)
	}
}
