# The Pulumi CLI, the Node language host, and the plugins of the npm packages in package.json.
# shellcheck shell=bash

pulumi_version=3.259.0
# The last release of the SDK module that still holds the Node language host.
nodejs_host_version=3.68.0
# What @pulumi/docker, @pulumi/hcloud and @pulumi/command ask the engine for.
docker_version=5.2.0
hcloud_version=1.41.0
command_version=1.2.1

is_wanted_pulumi() { [[ $("$1" version 2>/dev/null) == "v$pulumi_version" ]]; }

# A CLI of the wanted version brings its own language host, in the same folder. Plugins are the
# official ones when `pulumi plugin install` put exactly the wanted version into Pulumi's own folder.
official() {
  local pulumi name version path
  pulumi=$(official_on_path pulumi is_wanted_pulumi)
  if [[ -n $pulumi && -x $(dirname "$pulumi")/pulumi-language-nodejs ]]; then
    echo "pulumi $pulumi"
    echo "pulumi-language-nodejs $(dirname "$pulumi")/pulumi-language-nodejs"
  fi
  for name in docker hcloud command; do
    version=${name}_version
    path=${PULUMI_HOME:-$HOME/.pulumi}/plugins/resource-$name-v${!version}/pulumi-resource-$name
    [[ ! -x $path ]] || echo "pulumi-resource-$name $path"
  done
}

build() {
  local dest=$1 module=$here/pulumi version=github.com/pulumi/pulumi/sdk/v3/go/common/version.Version
  go_program "$module/language-nodejs" "$dest" pulumi-language-nodejs \
    github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs -ldflags "-s -w -X $version=v$nodejs_host_version"
  go_program "$module" "$dest" pulumi \
    github.com/pulumi/pulumi/pkg/v3/cmd/pulumi -ldflags "-s -w -X $version=v$pulumi_version"
  go_program "$module" "$dest" pulumi-resource-command ./cmd/pulumi-resource-command -ldflags "-s -w"
  go_program "$module" "$dest" pulumi-resource-docker ./cmd/pulumi-resource-docker -ldflags "-s -w"
  go_program "$module" "$dest" pulumi-resource-hcloud ./cmd/pulumi-resource-hcloud -ldflags "-s -w"
}
