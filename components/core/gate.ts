import type * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { canonical } from "../../model/fingerprint.ts";
import { gateProbe } from "../../model/gate-script.ts";
import type { PlannedGate } from "../../model/host-plan.ts";
import { quote } from "../../model/shell-text.ts";
import { runScript } from "./ssh.ts";
import { scriptCommand } from "./script-command.ts";

/** Arguments of createGate. */
export interface GateArgs {
  /** ssh alias of the host. */
  readonly alias: string;
  readonly gate: PlannedGate;
  /** Whether a service cannot run without it. A soft gate lets the deployment go on, and says so. */
  readonly hard: boolean;
  /** Whether what it waits for cannot be there yet, so that nothing is looked at. @default false */
  readonly unless?: pulumi.Input<boolean>;
}

/** A person at the keyboard is told after this long; at boot the gate's own limit holds. */
const LONGEST_WAIT_SECONDS = { hard: 60, soft: 15 } as const;

/** Waits for a condition outside the containers. Services that require it depend on this. */
export function createGate(
  name: string,
  args: GateArgs,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return scriptCommand(
    name,
    {
      create: runScript(args.alias),
      stdin: pulumi
        .output(args.unless ?? false)
        .apply((skip) => (skip ? ":\n" : waitScript(args.gate, args.hard))),
      triggers: [canonical(args.gate.condition)],
    },
    opts,
  );
}

/** The script that looks until the gate is open or the wait is over. */
export function waitScript(gate: PlannedGate, hard: boolean): string {
  const limit = Math.min(gate.limitSeconds, LONGEST_WAIT_SECONDS[hard ? "hard" : "soft"]);
  const outcome = hard ? "exit 1" : "exit 0";
  return `probe() (
${gateProbe(gate.condition)}
)
until=$(( $(date +%s) + ${limit} ))
while ! seen=$(probe); do
  if [ "$(date +%s)" -ge "$until" ]; then
    echo "gate ${gate.name} on $(hostname) stayed closed for ${limit} s: $seen" >&2
    echo ${quote(gate.remedy)} >&2
    ${outcome}
  fi
  sleep 1
done
`;
}
