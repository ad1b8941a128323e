# What `make bench` measures beside and no other registry has ready: OpenTofu, with the Docker
# provider that the Pulumi plugin is made from too. Built when the benchmark runs, and for it alone.
# shellcheck shell=bash

tofu_version=1.10.10

is_wanted_tofu() { [[ $("$1" version 2>/dev/null | head -n 1) == "OpenTofu v$tofu_version" ]]; }

official() {
  local tofu
  tofu=$(official_on_path tofu is_wanted_tofu)
  [[ -z $tofu ]] || echo "tofu $tofu"
}

build() {
  local opentofu=github.com/opentofu/opentofu
  CGO_ENABLED=0 go_program "$here/contenders/tofu" "$1" tofu $opentofu/cmd/tofu \
    -ldflags "-s -w -X $opentofu/version.dev=no"
  CGO_ENABLED=0 go_program "$here/contenders/docker-provider" "$1" terraform-provider-docker \
    github.com/terraform-providers/terraform-provider-docker -ldflags "-s -w"
}
