import type * as command from "@pulumi/command";
import type * as pulumi from "@pulumi/pulumi";
import { scriptCommand } from "./script-command.ts";

/** What services lack, and who cannot run without it. */
interface Lack {
  readonly name: string;
  /** In one line, why it is closed, or cannot be had. */
  readonly seen: string;
  readonly remedy: string;
  /** Services that cannot run without it, or without one that cannot. */
  readonly holds: readonly string[];
}

/** A gate that is closed. */
export interface ClosedGate extends Lack {
  readonly kind: "gate";
}

/** An image that the host cannot pull. */
export interface AbsentImage extends Lack {
  readonly kind: "image";
}

/**
 * Ends a deployment in which gates stayed closed or images could not be had, with one message. It comes
 * after all that could be deployed, and what is held back depends on it: since it always fails, Pulumi
 * neither makes, changes nor removes any of that, and it is never in the state.
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
export function closedMessage(host: string, lacks: readonly (ClosedGate | AbsentImage)[]): string {
  const kinds = new Set(lacks.map(({ kind }) => kind));
  const gate = kinds.has("gate") ? ["behind a closed gate"] : [];
  const image = kinds.has("image") ? ["without their image"] : [];
  const then = kinds.has("image") ? "When that is mended" : "When it is open again";
  return `left as they are on ${host}, because they cannot run ${[...gate, ...image].join(" or ")}: ${services(lacks)}. Everything else is deployed.
${lines(lacks)}
${then}: pulumi up -s ${host}
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

function services(lacks: readonly Lack[]): string {
  const names = [...new Set(lacks.flatMap(({ holds }) => holds))].sort();
  return names.join(", ");
}

function lines(lacks: readonly (ClosedGate | AbsentImage)[]): string {
  return lacks
    .map(
      ({ kind, name, seen, remedy, holds }) =>
        `  ${kind} ${name}: ${seen} (holds back ${holds.join(", ")}). What to do: ${remedy}`,
    )
    .join("\n");
}
