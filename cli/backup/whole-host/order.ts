import { STOPPED_FOR_RESTORE } from "../../../model/paths.ts";
import type { Graph } from "../../../model/graph.ts";
import type { HostName } from "../../../model/host-names.ts";
import { startOrder } from "../../../model/orders.ts";
import { quote } from "../../../model/shell-text.ts";
import { UNTOLD_STOP_SECONDS } from "../restore-script.ts";

/** Longest time to stop or to start everything. */
export const ORDER_SECONDS = 3600;

/** Seconds that those who need a container wait for it to be healthy. */
const HEALTHY_SECONDS = 120;

/** Containers in the order in which they can start; those that nobody declared come last. */
export function inStartOrder(graph: Graph, host: HostName, names: Iterable<string>): string[] {
  const wanted = new Set(names);
  const declared = startOrder(graph).flatMap((id) => {
    const name = id.startsWith(`${host}/`) ? id.slice(host.length + 1) : "";
    return wanted.has(name) ? [name] : [];
  });
  return [...declared, ...[...wanted].filter((name) => !declared.includes(name)).toSorted()];
}

/**
 * A script for the host: stops containers, each in the time that it has for it. Their names are
 * written down first, so that who comes after a lost line knows whom to start.
 * @param names in the order in which they stop
 */
export function stopScript(names: readonly string[]): string {
  return `set -u
list=${STOPPED_FOR_RESTORE}
mkdir -p "$(dirname "$list")" && printf '%s\\n' ${names.map(quote).join(" ")} >"$list.new" &&
  mv "$list.new" "$list" || exit 1
stop() {
  [ "$(docker container inspect --format '{{.State.Running}}' "$1" 2>/dev/null </dev/null)" = true ] || return 0
  seconds=$(docker container inspect --format '{{.Config.StopTimeout}}' "$1" 2>/dev/null </dev/null)
  case $seconds in "" | *[!0-9]*) seconds=${UNTOLD_STOP_SECONDS} ;; esac
  reason=$(docker stop -t "$seconds" "$1" 2>&1 >/dev/null </dev/null) || {
    echo "$1 could not be stopped: $reason" >&2
    exit 1
  }
}
${names.map((name) => `stop ${quote(name)}\n`).join("")}`;
}

/** A container to start. */
export interface Starting {
  readonly name: string;
  /** Another one of the list cannot run before it is healthy. */
  readonly needed: boolean;
}

/** Whether another one of the list needs it. */
export function starting(graph: Graph, host: HostName, names: readonly string[]): Starting[] {
  const needed = new Set(
    graph.edges.flatMap(({ from, to, strength }) =>
      strength === "hard" && names.some((name) => from === `${host}/${name}`) ? [to] : [],
    ),
  );
  return names.map((name) => ({ name, needed: needed.has(`${host}/${name}`) }));
}

/**
 * A script for the host: starts containers in the given order, and prints "started <name>" or
 * "unstarted <name> <reason>". What could not be started and is there stays on the list, with those
 * that stay stopped.
 * @param staying containers that are not started, because their data is not back
 */
export function startScript(list: readonly Starting[], staying: readonly string[]): string {
  const calls = list.map(({ name, needed }) => `start ${quote(name)}${needed ? " wait" : ""}\n`);
  return `set -u
list=${STOPPED_FOR_RESTORE}
left=$(mktemp) || exit 1
trap 'rm -f "$left"' EXIT
${staying.map((name) => `echo ${quote(name)} >>"$left"\n`).join("")}start() {
  if ! reason=$(docker start "$1" 2>&1 >/dev/null </dev/null); then
    # Who is gone for good must not keep every later run from ending well.
    case $reason in *"No such container"*) ;; *) echo "$1" >>"$left" ;; esac
    echo "unstarted $1 $(echo "$reason" | tail -n 1)"
    return
  fi
  echo "started $1"
  [ $# -gt 1 ] || return 0
  waited=0
  while [ "$waited" -lt ${HEALTHY_SECONDS} ]; do
    health=$(docker container inspect --format '{{if .State.Health}}{{.State.Health.Status}}{{end}}' "$1" 2>/dev/null </dev/null)
    [ "$health" = starting ] || return 0
    sleep 1
    waited=$((waited + 1))
  done
}
${calls.join("")}if [ -s "$left" ]; then cp "$left" "$list"; else rm -f "$list"; fi
echo end
`;
}
