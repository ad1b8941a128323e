#!/usr/bin/env bash
# Makes the schemas that the plugins of @pulumi/docker and @pulumi/hcloud carry, from the providers
# that go.mod pins. Run it after a provider or the bridge moved; it takes minutes. What it writes is
# held against the npm packages by test/e2e/toolchain/schema.test.ts.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
GOWORK=off go build -mod=readonly -buildvcs=false -o "$work/write-schema" ./cmd/write-schema
for name in docker hcloud; do
  "$work/write-schema" "$name" "cmd/pulumi-resource-$name/served"
done
