#!/bin/sh
# Entry of the Mosquitto image. The broker itself changes to its user after reading its files.
set -eu

[ "$(id -u)" != 0 ] || chown -R mosquitto:mosquitto /mosquitto 2>/dev/null || true
exec "$@"
