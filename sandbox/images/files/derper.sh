#!/bin/sh
# Entry of the DERP relay: one option of derper for each DERP_… variable.
set -eu

exec /app/derper -hostname "$DERP_DOMAIN" -certmode "$DERP_CERT_MODE" -certdir "$DERP_CERT_DIR" \
  -a "$DERP_ADDR" -stun="$DERP_STUN" -stun-port "${DERP_STUN_PORT:-3478}" -http-port "$DERP_HTTP_PORT" \
  -verify-clients="$DERP_VERIFY_CLIENTS" -c /tmp/derper.key
