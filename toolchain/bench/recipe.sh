# What the homelab is measured against: Docker Compose, as a plugin of the docker CLI
# (a folder with it as `docker-compose` goes into cliPluginsExtraDirs of the CLI's config.json).
# shellcheck shell=bash

compose_version=5.0.0

is_wanted_compose() { [[ $("$1" version --short 2>/dev/null) == "$compose_version" ]]; }

official() {
  local compose
  compose=$(official_on_path docker-compose is_wanted_compose)
  [[ -z $compose ]] || echo "docker-compose $compose"
}

build() {
  local module=github.com/docker/compose/v5
  CGO_ENABLED=0 go_program "$here/bench" "$1" docker-compose $module/cmd \
    -ldflags "-s -w -X $module/internal.Version=v$compose_version"
}
