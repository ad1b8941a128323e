#!/bin/sh
# The service's run script in the qBittorrent image: settings at the first start, then the program.
set -eu

umask "${UMASK:-022}"
settings=/config/qBittorrent/qBittorrent.conf
if [ ! -f "$settings" ]; then
  mkdir -p "${settings%/*}"
  printf '[LegalNotice]\nAccepted=true\n\n[Preferences]\nDownloads\\SavePath=/downloads/\n' >"$settings"
fi
exec qbittorrent-nox "--webui-port=${WEBUI_PORT:-8080}"
