# The Docker engine of the sandbox's machines, and a client where this machine has none.
# shellcheck shell=bash

# Of the line that calls itself Docker 29; the module's own tags count differently.
dockerd_module=v2.0.0-beta.24
oldest_docker=25
# The client where this machine has none of that age: newer engines refuse older ones.
docker_cli=28.5.2

# runc is built with cgo against libseccomp; the rest needs none of these.
packages() {
  [[ -n $(official_on_path dockerd is_current_docker) ]] || printf '%s\n' gcc pkg-config libseccomp-dev
}

# is_current_docker <path>: `dockerd --version` and `docker --version` print "Docker version X.Y.Z, ...".
is_current_docker() {
  local major
  major=$("$1" --version 2>/dev/null | sed -n 's/^Docker version \([0-9]*\)\..*/\1/p')
  [[ -n $major ]] && ((major >= oldest_docker))
}

# An engine is taken whole or built whole: dockerd, docker-proxy and runc of one installation.
official() {
  local dockerd docker
  dockerd=$(official_on_path dockerd is_current_docker)
  docker=$(official_on_path docker is_current_docker)
  if [[ -n $dockerd ]]; then
    echo "dockerd $dockerd"
    local program
    for program in docker-proxy runc; do
      echo "$program $(type -P "$program" || fail "dockerd is $dockerd, but there is no $program on PATH")"
    done
  fi
  [[ -z $docker ]] || echo "docker $docker"
}

build() {
  local dest=$1 moby=github.com/moby/moby/v2
  CGO_ENABLED=0 go_program "$here/engine" "$dest" dockerd $moby/cmd/dockerd \
    -ldflags "-s -w -X $moby/dockerversion.Version=29.0.0-${dockerd_module#v}"
  CGO_ENABLED=0 go_program "$here/engine" "$dest" docker-proxy $moby/cmd/docker-proxy -ldflags "-s -w"
  CGO_ENABLED=1 go_program "$here/engine/runc" "$dest" runc github.com/opencontainers/runc \
    -tags seccomp -ldflags "-s -w -X main.version=1.4.0"
  CGO_ENABLED=0 go_program "$here/engine/docker-cli" "$dest" docker github.com/docker/cli/cmd/docker \
    -ldflags "-s -w -X github.com/docker/cli/cli/version.Version=$docker_cli"
}
