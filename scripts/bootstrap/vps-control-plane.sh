#!/bin/sh
# Sets the control plane up, or upgrades it: the same as `npx homelab control-plane bootstrap`. On the
# VPS itself it prepares the machine; on the computer that deploys it deploys.
exec "$(dirname "$0")/../../cli/homelab.mjs" control-plane bootstrap "$@"
