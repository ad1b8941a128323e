import { observationScript, type Probe } from "../observation.ts";
import { BOOT_UNIT } from "../../model/boot.ts";
import { quote } from "../../model/shell-text.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { needsScript } from "./needs/script.ts";
import { BOOT_RECORD_FILE, desiredPlan, MAINTENANCE } from "../../model/paths.ts";

/** First character of the lines that are facts; the others are the observation's. */
export const FACT = "@";

/** One line for each container, with the last output of its check. */
const CONTAINER_FORMAT = [
  `${FACT}container`,
  "{{.Name}}",
  "{{.Id}}",
  "{{.State.Status}}",
  // A container without a check has no such key, and asking for it by name would be an error.
  '{{with index .State "Health"}}{{.Status}}{{else}}none{{end}}',
  "{{.RestartCount}}",
  "{{json .Config.Labels}}",
  '{{$last := ""}}{{with index .State "Health"}}{{range .Log}}{{$last = .Output}}{{end}}{{end}}{{json $last}}',
  "{{json .NetworkSettings.Ports}}",
].join('{{"\\t"}}');

/**
 * A script that looks at everything the checklist asks for and changes nothing.
 */
export function checkScript(host: HostDeclaration, probes: readonly Probe[]): string {
  return `fact() {
  printf '${FACT}%s\\t%s\\t%s\\n' "$1" "$2" "$(printf %s "$3" | tr '\\n\\t' '  ' | cut -c 1-300)"
}
fact engine version "$(docker version --format '{{.Server.Version}}' 2>&1)"
fact memory total "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null)"
${needsScript(host)}fact unit enabled "$(systemctl is-enabled ${BOOT_UNIT} 2>&1)"
fact unit failed "$(systemctl is-failed ${BOOT_UNIT} 2>&1)"
encoded() { [ ! -f "$2" ] || printf '${FACT}%s\tfile\t%s\n' "$1" "$(base64 -w 0 "$2")"; }
encoded boot ${BOOT_RECORD_FILE}
encoded maintenance ${MAINTENANCE}
fact sshd limits "$(PATH="$PATH:/usr/sbin" sshd -T 2>/dev/null | grep -E '^max(sessions|startups) ')"
${(host.programs ?? []).map(({ path }) => `[ ! -x ${quote(path)} ] || fact program ${quote(path)} there\n`).join("")}[ -f ${quote(desiredPlan(host.host))} ] && fact plan written yes
images=$(printf '%s' "$info" | sed -n 's/.*"DockerRootDir":"\\([^"]*\\)".*/\\1/p')
case "$info" in *io.containerd.snapshotter*) [ ! -d /var/lib/containerd ] || images=/var/lib/containerd ;; esac
[ -d "$images" ] || images=/
df -Pk / "$images" 2>/dev/null |
  awk 'NR > 1 && !seen[$6]++ { printf "${FACT}disk\\t%s\\t%d\\t%d\\n", $6, $5, $4 }'
fact images disk "$(df -Pk "$images" 2>/dev/null | awk 'NR == 2 { print $6 }')"
docker ps --all --quiet --no-trunc 2>/dev/null | xargs -r docker inspect --format '${CONTAINER_FORMAT}'
${(host.externals ?? []).map(externalPart).join("")}
( ${observationScript(probes)} ) 2>/dev/null
`;
}

function externalPart(unit: NonNullable<HostDeclaration["externals"]>[number]): string {
  const health = unit.health.map(quote).join(" ");
  // An engine makes an empty folder for a bind mount whose source is not there.
  return `if [ -z "$(ls -A ${quote(unit.folder)} 2>/dev/null)" ]; then fact external ${quote(unit.name)} missing
elif seen=$(cd ${quote(unit.folder)} && timeout 20 ${health} 2>&1 </dev/null); then fact external ${quote(unit.name)} healthy
else fact external ${quote(unit.name)} "failed $seen"; fi
`;
}
