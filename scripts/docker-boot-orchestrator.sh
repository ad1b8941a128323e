#!/bin/sh
# Starts a host's containers in order, once, and ends. Run it on the host, as root. At boot the unit
# docker-boot-orchestrator.service runs the same program, which then stays.
exec node /opt/homelab/bin/boot-orchestrator.mjs --once "$@"
