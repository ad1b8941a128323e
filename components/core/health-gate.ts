import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { CRASH_LOOP_RESTARTS } from "../../model/engine-container.ts";
import { gateRecord } from "../../model/paths.ts";
import { toSeconds, type Duration } from "../../model/units.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "../../hosts/ssh.ts";
import { scriptCommand } from "./script-command.ts";

/** Arguments of the health gate. */
export interface HealthGateArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  /** Container name, for messages. */
  readonly service: string;
  readonly containerId: pulumi.Input<string>;
  /** Longest wait. */
  readonly deadline: Duration;
}

/**
 * Waits until a container is healthy. Its script names the container's id, and a failed wait is
 * not recorded, so it runs for every new container and again after every failure. It ends at once
 * when the engine calls the container unhealthy or it keeps crashing, and then shows the last
 * output of its check.
 */
export function awaitHealthy(
  name: string,
  args: HealthGateArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return scriptCommand(
    name,
    {
      run: runScript(args.alias),
      script: pulumi
        .output(args.containerId)
        .apply((id) => gateScript(args.service, id, args.deadline)),
    },
    opts,
  );
}

/** The script that waits on the host, driven by the engine's events. */
export function gateScript(service: string, id: string, deadline: Duration): string {
  const record = gateRecord(service);
  const seconds = toSeconds(deadline);
  return `set -u
service=${quote(service)} id=${quote(id)} deadline=${seconds}
folder=$(mktemp -d)
events=
trap '[ -z "$events" ] || kill "$events" 2>/dev/null; rm -rf "$folder"' EXIT
mkdir -p ${quote(record.replace(/\/[^/]*$/, ""))}
echo "$id" > ${quote(record)}

fail() {
  echo "$service on $(hostname) $1" >&2
  docker inspect --format '{{with .State.Health}}{{range .Log}}check exited {{.ExitCode}}: {{.Output}}{{println}}{{end}}{{end}}' "$id" 2>/dev/null |
    sed '/^$/d' | tail -n 3 >&2
  echo "last lines of its log:" >&2
  docker logs --tail 5 "$id" 2>&1 | cut -c 1-300 >&2
  echo "look closer: ssh $(hostname) docker logs $service" >&2
  exit 1
}

verdict() {
  facts=$(docker inspect --format '{{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}unchecked{{end}} {{.RestartCount}} {{.State.ExitCode}}' "$id" 2>&1) ||
    fail "is gone: $facts"
  set -- $facts
  [ "$2" = healthy ] && [ "$1" = running ] && exit 0
  [ "$2" = unhealthy ] && fail "is unhealthy"
  [ "$2" = unchecked ] && [ "$1" = running ] && fail "has no health check"
  [ "$3" -ge ${CRASH_LOOP_RESTARTS} ] && fail "keeps crashing: $3 restarts, last exit code $4"
  [ "$1" = exited ] && [ "$4" = 0 ] && fail "ended by itself"
  return 0
}

mkfifo "$folder/events"
now=$(date +%s)
docker events --since "$now" --until "$((now + deadline))" --filter "container=$id" \\
  --filter event=health_status --filter event=die --format '{{.Action}}' > "$folder/events" &
events=$!
exec 3< "$folder/events"
verdict
while read -r _ <&3; do verdict; done
fail "was not healthy within \${deadline} s"
`;
}
