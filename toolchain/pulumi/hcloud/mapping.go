// Package hcloud maps the Terraform provider for Hetzner Cloud to what the npm package
// @pulumi/hcloud declares. The e2e test of the schemas compares the two property by property.
package hcloud

import (
	"context"

	"github.com/hetznercloud/terraform-provider-hcloud/hcloud"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Version is the plugin version that @pulumi/hcloud 1.41.0 asks the engine for.
const Version = "1.41.0"

// Mapping describes the provider to the bridge. metadata is what write-schema made, or `{}` while making it.
// The provider is half written for one Terraform library and half for the other; both are joined here.
func Mapping(metadata []byte) tfbridge.ProviderInfo {
	// The framework half gives these a number for an id; the package knows ids as text only.
	textID := func() *tfbridge.ResourceInfo {
		return &tfbridge.ResourceInfo{Fields: map[string]*tfbridge.SchemaInfo{"id": {Type: "string"}}}
	}
	info := tfbridge.ProviderInfo{
		P:       pf.MuxShimWithPF(context.Background(), shimv2.NewProvider(hcloud.Provider()), hcloud.NewPluginProvider()),
		Name:    "hcloud",
		Version: Version,
		Resources: map[string]*tfbridge.ResourceInfo{
			"hcloud_storage_box":            textID(),
			"hcloud_storage_box_snapshot":   textID(),
			"hcloud_storage_box_subaccount": textID(),
			"hcloud_zone":                   textID(),
		},
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
	}
	info.MustComputeTokens(tokens.SingleModule("hcloud_", "index", tokens.MakeStandard("hcloud")))
	info.SetAutonaming(255, "-")
	return info
}
