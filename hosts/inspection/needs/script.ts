import type { HostDeclaration } from "../../../model/declaration.ts";
import { quote } from "../../../model/shell-text.ts";
import { registriesOf, registryHost } from "./registries.ts";

/** First words of the lines that carry a program's whole output, in base64. */
export const TEXT = "text";

/** Systemd's own, where its manager does not say which it gives to units (systemd.exec(5)). */
const UNIT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin";

/** Name, id, subnets and driver of a network. */
const NETWORK_FORMAT = ["{{.Name}}", "{{.Id}}", "{{json .IPAM.Config}}", "{{.Driver}}"].join(
  '{{"\\t"}}',
);

/** A registry has this long to answer, in seconds; all are asked at once. */
const ASK_SECONDS = 5;

/**
 * The part of the check's script that asks what a first deployment needs of the machine. It prints
 * what the machine's own programs say, unread: what it means is decided here (docker-info.ts,
 * listeners.ts, routes.ts, …). A program that is not there says nothing.
 */
export function needsScript(host: HostDeclaration): string {
  return `text() { printf '@${TEXT}\\t%s\\t%s\\n' "$1" "$(base64 | tr -d '\\n')"; }
fact clock seconds "$(date +%s)"
fact user id "$(id -u)"
unit_path=$(systemctl show-environment 2>/dev/null | sed -n 's/^PATH=//p')
: "\${unit_path:=${UNIT_PATH}}"
fact node version "$(env PATH="$unit_path" node --version 2>&1)"
fact node login "$(command -v node)"
fact node path "$unit_path"
info=$(docker info --format '{{json .}}' 2>&1)
printf '%s' "$info" | text docker-info
ss -lntupH 2>/dev/null | text listeners
ip -4 route show table all 2>/dev/null | text routes
docker network ls --quiet --no-trunc 2>/dev/null |
  xargs -r docker network inspect --format '${NETWORK_FORMAT}' 2>/dev/null | text networks
timedatectl show --property=NTP --property=NTPSynchronized 2>/dev/null | text timedatectl
cat /etc/resolv.conf 2>/dev/null | text resolv.conf
fact inotify watches "$(cat /proc/sys/fs/inotify/max_user_watches 2>/dev/null)"
# Side by side, and printed once all have answered, so that no two lines get into each other.
printf '%s\\n' "$(${registriesOf(host).map(askRegistry).join("")}wait)"
`;
}

/** Any answer will do: 401 is what a registry says to who has not logged in. */
function askRegistry(registry: string): string {
  const url = `https://${registryHost(registry)}/v2/`;
  return `{ command -v curl >/dev/null && code=$(curl --silent --show-error --output /dev/null --max-time ${ASK_SECONDS} --write-out '%{http_code}' ${quote(url)} 2>&1)
  [ -z "\${code:-}" ] || fact registry ${quote(registry)} "$code"; } &
`;
}
