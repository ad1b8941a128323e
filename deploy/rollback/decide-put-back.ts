// What of the last good deployment is put back after one that left services unhealthy. Pure.
import type { HostDeclaration } from "../../model/declaration.ts";
import { buildGraph } from "../../model/graph.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { breakageWithout } from "../../model/orders.ts";
import type { HostLook } from "../drift/look.ts";
import { filesSeen } from "../staged/files-seen.ts";
import { isWhole, type Receipt } from "../staged/receipt.ts";
import { dataProblem } from "../staged/way-back-of-data.ts";
import { differenceFrom } from "./verify-receipt.ts";

/** What is known when a deployment has failed. */
export interface Failure {
  /** The host as it was to be. */
  readonly declaration: HostDeclaration;
  readonly contracts: readonly ImageContract[];
  /** Services that the deployment left unhealthy. */
  readonly failed: ReadonlySet<string>;
  /** Newest first. */
  readonly receipts: readonly Receipt[];
  /** The host as it is. */
  readonly look: HostLook;
}

/** What is put back, or why nothing is. */
export type PutBackDecision =
  | {
      readonly receipt: Receipt;
      /** Those that failed and who cannot run without them, as far as they are otherwise now. */
      readonly services: readonly string[];
    }
  | { readonly refused: string };

/** Decides. All that belongs together goes back, or nothing does. */
export function decidePutBack(failure: Failure): PutBackDecision {
  const { declaration, failed, receipts, look } = failure;
  const receipt = receipts.find(isWhole);
  if (!receipt) return { refused: "no earlier deployment of the whole host has a receipt there" };
  if (receipt.commit === "unknown") {
    return { refused: `the deployment of ${receipt.began} was made without git` };
  }
  const isOtherwise = (name: string): boolean => {
    const made = receipt.services[name];
    if (made === undefined) return false;
    return differenceFrom(look, name, made) !== undefined || hasOtherFiles(receipt, name, look);
  };
  // Others may be unhealthy only because one of these is, or were so before.
  const changed = [...failed].filter(isOtherwise);
  if (changed.length === 0) {
    return { refused: noOther(receipt, [...failed], look) };
  }
  const services = [...withDependents(declaration, changed)].filter(isOtherwise);
  const closed = services.flatMap((name) => dataOf(failure, receipt, name) ?? []);
  return closed.length > 0 ? { refused: closed.join("; ") } : { receipt, services };
}

/** Whether the files in a service's container are known to be others than by a receipt. */
export function hasOtherFiles({ files }: Receipt, name: string, look: HostLook): boolean {
  const then = files?.[name];
  return then !== undefined && then !== filesSeen([name], look)[name];
}

function noOther({ began, files }: Receipt, names: readonly string[], look: HostLook): string {
  const text = `the deployment of ${began} has no other container of ${names.join(", ")} to go back to`;
  const seen = filesSeen(names, look);
  const untold = names.filter((name) => name in seen);
  if (files !== undefined || untold.length === 0) return text;
  return `${text}; its receipt does not say what stood in the files of ${untold.join(", ")}`;
}

/** The services, and who of their host cannot run without one of them. */
function withDependents(declaration: HostDeclaration, names: readonly string[]): Set<string> {
  const { host } = declaration;
  const graph = buildGraph([declaration]);
  const broken = names.flatMap((name) => breakageWithout(graph, `${host}/${name}`).broken);
  return new Set([...names, ...broken.map((id) => id.slice(host.length + 1))]);
}

/** Why the data of a service keeps it from going back; undefined when it does not. */
function dataOf(
  { declaration, contracts }: Failure,
  receipt: Receipt,
  name: string,
): string | undefined {
  const now = declaration.services.find((one) => one.name === name)?.image;
  const made = receipt.services[name]?.image;
  if (now === undefined || made === undefined) return undefined;
  return dataProblem(name, now, made, contracts);
}
