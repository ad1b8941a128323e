// The commands that a report tells a person to type next.
import { ROOT } from "../../model/paths.ts";

/** What of a deployment has to be said again. */
export interface DeployWords {
  readonly resume: boolean;
  /** Stack of services to which it is limited; null for all. */
  readonly only: string | null;
  /** Whether what a stage leaves unhealthy is put back. */
  readonly rollbackOnFailure: boolean;
  /** Whether the host puts back what it is reached by. */
  readonly guardWaysIn: boolean;
  readonly root: string;
}

/** Deploys a host, with the words that make it the same deployment. */
export function deployCommand(host: string, words: DeployWords): string {
  const { resume, only, rollbackOnFailure, guardWaysIn, root } = words;
  const options = [
    ...(resume ? ["--resume"] : []),
    ...(only === null ? [] : ["--only", only]),
    ...(rollbackOnFailure ? ["--rollback-on-failure"] : []),
    ...(guardWaysIn ? ["--guard-ways-in"] : []),
  ];
  return command(["deploy", host, ...options], root);
}

/** Brings a host back after an outage. */
export function afterOutageCommand(host: string, root: string): string {
  return command(["deploy", host, "--after-outage"], root);
}

/** Goes back to the deployment that began at a time. */
export function rollbackCommand(host: string, to: string, root: string): string {
  return command(["rollback", host, "--to", to], root);
}

/** Lets a host be deployed again that is held. */
export function releaseCommand(host: string, root: string): string {
  return command(["release", host], root);
}

function command(words: readonly string[], root: string): string {
  const where = root === ROOT ? [] : ["--root", root];
  return ["npx homelab", ...words, ...where].join(" ");
}
