#!/bin/sh
# Entry of the rest-server image: DATA_DIRECTORY, PASSWORD_FILE, DISABLE_AUTHENTICATION, OPTIONS.
set -eu

if [ -z "${DISABLE_AUTHENTICATION-}" ]; then
  [ -f "$PASSWORD_FILE" ] || touch "$PASSWORD_FILE"
  [ -s "$PASSWORD_FILE" ] || echo "rest-server: $PASSWORD_FILE names no user, so nobody can log in" >&2
fi
# shellcheck disable=SC2086 # several options are meant
exec rest-server --path "$DATA_DIRECTORY" --htpasswd-file "$PASSWORD_FILE" ${OPTIONS-} "$@"
