#!/bin/sh
# Entry of the Redis and Valkey images: the server runs as its own user, and answers the network
# although it has no password, as the official images do.
set -eu

server=${SERVER:?}
user=${server%-server}
case ${1-} in
  -* | *.conf) set -- "$server" "$@" ;;
esac
if [ "${1-}" = "$server" ]; then
  if [ "$(id -u)" = 0 ]; then
    find /data ! -user "$user" -exec chown "$user" {} + 2>/dev/null || true
    exec setpriv --reuid="$user" --regid="$user" --clear-groups -- "$0" "$@"
  fi
  cd /data
  case ${2-} in
    *.conf) ;;
    *) set -- "$@" --protected-mode no ;;
  esac
fi
exec "$@"
