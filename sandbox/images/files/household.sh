#!/bin/sh
# Entry of the images that run as the household's user: PUID and PGID choose the numbers, /config
# is handed over, and the rest of the line is run as that user.
set -eu

uid=${PUID:-911} gid=${PGID:-911}
find /config ! -user "$uid" -exec chown "$uid:$gid" {} +
umask "${UMASK:-022}"
export HOME=/config XDG_CONFIG_HOME=/config XDG_DATA_HOME=/config/data
if [ "$1" = qbittorrent-nox ]; then
  settings=/config/qBittorrent/qBittorrent.conf
  if [ ! -f "$settings" ]; then
    mkdir -p "${settings%/*}"
    printf '[LegalNotice]\nAccepted=true\n\n[Preferences]\nDownloads\\SavePath=/downloads/\n' >"$settings"
    chown -R "$uid:$gid" "${settings%/*}"
  fi
  set -- "$@" "--webui-port=${WEBUI_PORT:-8080}"
fi
exec setpriv --reuid="$uid" --regid="$gid" --clear-groups -- "$@"
