#!/bin/sh
# Deploys hosts in stages: the same as `npx homelab deploy`, whose options it takes.
exec "$(dirname "$0")/../../cli/homelab.mjs" deploy "$@"
