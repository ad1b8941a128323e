# Real programs that `make conformance` asks, in the versions that the images have. Static: they run
# above any image's base. Each has a module of its own, because their dependencies clash.
# shellcheck shell=bash

static() {
  local folder=$1
  shift
  CGO_ENABLED=0 go_program "$here/conformance/$folder" "$@"
}

build() {
  local dest=$1 program
  local victoria=github.com/VictoriaMetrics/VictoriaMetrics prometheus=github.com/prometheus
  for program in victoria-metrics vmagent vmalert; do
    static victoria-metrics "$dest" $program $victoria/app/$program \
      -ldflags "-s -w -X $victoria/lib/buildinfo.Version=$program-v1.137.0"
  done
  static alertmanager "$dest" alertmanager $prometheus/alertmanager/cmd/alertmanager \
    -ldflags "-s -w -X $prometheus/common/version.Version=0.31.1"
  static rclone "$dest" rclone github.com/rclone/rclone -ldflags "-s -w"
}
