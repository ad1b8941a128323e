# Programs for the sandbox's images that Debian 12 has not, or too old. Static: they run in any
# image. Each has a module of its own, because their dependencies clash.
# shellcheck shell=bash

# Parts of Tailscale that no machine of a homelab uses: clouds, Kubernetes, desktops, sending files.
# Without them a fifth of its packages need not be compiled.
not_at_home=ts_omit_aws,ts_omit_bird,ts_omit_capture,ts_omit_cloud,ts_omit_completion
not_at_home+=,ts_omit_desktop_sessions,ts_omit_drive,ts_omit_kube,ts_omit_synology,ts_omit_systray
not_at_home+=,ts_omit_taildrop,ts_omit_tap,ts_omit_webclient

static() {
  local folder=$1
  shift
  CGO_ENABLED=0 go_program "$here/services/$folder" "$@"
}

build() {
  local dest=$1 stamp=tailscale.com/version caddy=github.com/caddyserver/caddy/v2
  local tailscale="-s -w -X $stamp.longStamp=1.94.1 -X $stamp.shortStamp=1.94.1"
  static rest-server "$dest" rest-server github.com/restic/rest-server/cmd/rest-server -ldflags "-s -w"
  static restic "$dest" restic github.com/restic/restic/cmd/restic -ldflags "-s -w"
  static caddy "$dest" caddy $caddy/cmd/caddy -ldflags "-s -w -X $caddy.CustomVersion=v2.10.2"
  static headscale "$dest" headscale github.com/juanfont/headscale/cmd/headscale -ldflags "-s -w"
  local program
  for program in tailscaled tailscale derper; do
    static tailscale "$dest" $program tailscale.com/cmd/$program -ldflags "$tailscale" -tags "$not_at_home"
  done
}
