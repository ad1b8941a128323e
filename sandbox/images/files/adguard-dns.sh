#!/bin/sh
# Port 53 of the AdGuard image: hands questions to the first upstream of AdGuard's configuration
# that is a plain address, and answers its own name and the enabled rewrites.
set -eu

configuration=/opt/adguardhome/conf/AdGuardHome.yaml
upstream=
if [ -f "$configuration" ]; then
  upstream=$(sed -n '/^ *upstream_dns:/,/^ *[a-z_]*:/s/^ *- *"\{0,1\}\([0-9.]*\)\(:\([0-9]*\)\)\{0,1\}"\{0,1\} *$/\1#\3/p' \
    "$configuration" | head -n 1)
  names=$(awk '
    /^  rewrites:/ { inside = 1; next }
    inside && !/^    / { inside = 0 }
    inside && $2 == "domain:" { name = $3 }
    inside && $1 == "answer:" { value = $2 }
    inside && $1 == "enabled:" && $2 == "true" { print "--host-record=" name "," value }
  ' "$configuration")
fi
# --no-daemon also means that it keeps its user, for which it would need two more capabilities.
exec dnsmasq --no-daemon --no-resolv --no-hosts \
  --address=/adguard.home/127.0.0.1 ${upstream:+--server="${upstream%#}"} ${names:-}
