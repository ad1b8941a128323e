import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { mountUnit } from "../../model/boot.ts";
import { canonical } from "../../model/fingerprint.ts";
import { isAsLeft, type GateNeed } from "../../model/gate-need.ts";
import { gateProbe } from "../../model/gate-script.ts";
import type { PlannedGate } from "../../model/host-plan.ts";
import { conditionRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { writeToken } from "./host-files.ts";
import type { ObservedGate } from "../../hosts/observation.ts";
import { scriptCommand } from "./script-command.ts";
import { runScript } from "../../hosts/ssh.ts";

/** Arguments of createGate. */
export interface GateArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  readonly gate: PlannedGate;
  readonly need: GateNeed;
  /** How the host sees it now; undefined before the first deployment. */
  readonly observed: ObservedGate | undefined;
  /** Whether what it waits for cannot be there yet, so that nothing is looked at. @default false */
  readonly unless?: pulumi.Input<boolean>;
}

/** A gate of a deployment. */
export interface Gate {
  /** Done when the wait is over, whatever came of it. */
  readonly waited: command.local.Command;
  /** What was seen when it stayed closed, else undefined. Unknown in a preview of a new wait. */
  readonly closed: pulumi.Output<string | undefined>;
}

/** A person at the keyboard is told after this long; at boot the gate's own limit holds. */
export const LONGEST_WAIT_SECONDS = { hard: 60, soft: 15, none: 15 } as const;

/** systemd refuses a unit that is started more than 5 times in 10 s. */
const PAUSE_SECONDS = { mount: 3, other: 1 } as const;

/** First word of what the script prints about a gate that stayed closed. */
const CLOSED = "closed ";

/**
 * Waits for a condition outside the containers, whenever the host does not see it as the last
 * deployment left it. The wait never fails: who cannot run without a gate that stayed closed is
 * held back by name (closed-gates.ts), and the rest of the host goes on.
 */
export function createGate(name: string, args: GateArgs, opts: pulumi.CustomResourceOptions): Gate {
  const script = waitScript(args.gate, args.need, waitToken(args.gate, args.need, args.observed));
  const waited = scriptCommand(
    name,
    {
      run: runScript(args.alias),
      script: pulumi.output(args.unless ?? false).apply((skip) => (skip ? ":\n" : script)),
      triggers: [canonical(args.gate.condition)],
    },
    opts,
  );
  return { waited, closed: waited.stdout.apply(closedIn) };
}

/** The token of a wait: that of the last one while there is nothing to wait for, see isAsLeft. */
export function waitToken(
  gate: PlannedGate,
  need: GateNeed,
  observed: ObservedGate | undefined,
): string {
  return writeToken(isAsLeft(gate, need, observed) ? observed?.last?.token : undefined);
}

function closedIn(stdout: string | undefined): string | undefined {
  return stdout?.startsWith(CLOSED) ? stdout.slice(CLOSED.length).trim() : undefined;
}

/**
 * The script that looks until the gate is open or the wait is over, and notes which. Like the boot
 * orchestrator it tries a mount again meanwhile: nobody else does so after a NAS came back.
 */
export function waitScript(gate: PlannedGate, need: GateNeed, token: string): string {
  const limit = Math.min(gate.limitSeconds, LONGEST_WAIT_SECONDS[need]);
  const { condition } = gate;
  const again =
    condition.kind === "mount"
      ? `timeout 25 systemctl start ${quote(mountUnit(condition.path))} >/dev/null 2>&1 </dev/null
  probe >/dev/null 2>&1 </dev/null || sleep ${PAUSE_SECONDS.mount}`
      : `sleep ${PAUSE_SECONDS.other}`;
  const record = conditionRecord(gate.name);
  const complaint =
    need === "hard"
      ? ""
      : `    echo "gate ${gate.name} on $(hostname) stayed closed for ${limit} s: $seen" >&2
    echo ${quote(gate.remedy)} >&2
`;
  return `probe() (
${gateProbe(condition)}
)
note() {
  mkdir -p ${quote(record.replace(/\/[^/]*$/, ""))}
  echo ${quote(token)} "$1" > ${quote(record)}
}
# Seconds since the machine started: nobody sets that clock meanwhile.
elapsed() {
  read -r seconds _ < /proc/uptime
  echo "\${seconds%%.*}"
}
until=$(( $(elapsed) + ${limit} ))
while ! seen=$(probe </dev/null); do
  if [ "$(elapsed)" -ge "$until" ]; then
    note closed
${complaint}    echo "${CLOSED}$seen"
    exit 0
  fi
  ${again}
done
note open
echo open
`;
}
