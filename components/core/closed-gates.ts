import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { scriptCommand } from "./script-command.ts";

/** A gate that is closed, and who cannot run without it. */
export interface ClosedGate {
  readonly name: string;
  /** In one line, why it is closed. */
  readonly seen: string;
  readonly remedy: string;
  /** Services that cannot run without it, or without one that cannot. */
  readonly holds: readonly string[];
}

/**
 * Ends a deployment in which gates stayed closed, with one message. It comes after all that could
 * be deployed, and what is held back depends on it: since it always fails, Pulumi neither makes,
 * changes nor removes any of that, and it is never in the state.
 */
export function reportClosedGates(
  name: string,
  message: string,
  opts: pulumi.CustomResourceOptions,
): command.local.Command {
  return scriptCommand(
    name,
    // The error quotes what it prints; shown while it runs too, it would stand there twice.
    { run: "cat >&2; exit 1", script: message, logging: "none" },
    opts,
  );
}

/** What is said at the end of a deployment. */
export function closedMessage(host: string, gates: readonly ClosedGate[]): string {
  return `left as they are on ${host}, because they cannot run behind a closed gate: ${services(gates)}. Everything else is deployed.
${lines(gates)}
When it is open again: pulumi up -s ${host}
`;
}

/** What a preview says. */
export function closedWarning(
  host: string,
  gates: readonly ClosedGate[],
  waitSeconds: number,
): string {
  return `closed on ${host} now: ${gates.map(({ name }) => `gate ${name}`).join(", ")}. Unless that changes within ${waitSeconds} s, \`pulumi up\` deploys everything else, leaves as they are, whatever is planned for them here: ${services(gates)}, and ends with an error.
${lines(gates)}`;
}

function services(gates: readonly ClosedGate[]): string {
  const names = [...new Set(gates.flatMap(({ holds }) => holds))].sort();
  return names.join(", ");
}

function lines(gates: readonly ClosedGate[]): string {
  return gates
    .map(
      ({ name, seen, remedy, holds }) =>
        `  gate ${name}: ${seen} (holds back ${holds.join(", ")}). What to do: ${remedy}`,
    )
    .join("\n");
}
