import { z } from "zod";
import { filesIn, readScript, runThere, type HostShell } from "./host-files.ts";
import type { Places } from "./places.ts";
import { STAGES } from "./stage.ts";
import { runSchema, stamp } from "./state.ts";

const service = z.strictObject({
  /** Reference with digest. */
  image: z.string(),
  /** Fingerprint of what the container was made from; its label homelab.spec. */
  spec: z.string(),
});

/**
 * Schema of state/deploy/receipts/<began>.json: what a deployment left on its host. What a later
 * version added is passed over.
 */
export const receiptSchema = z.object({
  ...runSchema.shape,
  /** user@computer. */
  by: z.string(),
  /** ISO 8601. Of a run that was resumed, `began` is when it was resumed. */
  ended: z.string(),
  /** What it was made from, see inputs.ts; missing where that could not be told. */
  inputs: z.object({ digest: z.string(), updated: z.string() }).optional(),
  /** Seconds by stage; without those that a resumed run passed over. */
  durations: z.partialRecord(z.enum(STAGES), z.number()),
  /**
   * The deployment failed, and these services were put back to what a deployment that began earlier
   * had made of them; `services` says what the host has since.
   */
  putBack: z.object({ began: z.string(), services: z.array(z.string()) }).optional(),
  /** All services that the host has by this. */
  services: z.record(z.string(), service),
  /**
   * What `spec` does not cover, by service: fingerprint of what stands in its files, secrets and programs
   * included, keyed; its container's label homelab.files. Without who has no files; missing where nobody
   * could look, and in receipts of earlier versions.
   */
  files: z.record(z.string(), z.string()).optional(),
});

/** What a deployment left on its host. */
export type Receipt = z.infer<typeof receiptSchema>;

/** Shorter beginnings of a commit are none that a person meant. */
const SHORTEST_COMMIT = 4;

/**
 * Whether a person means this deployment: by its commit or the beginning of it, or by when it began,
 * as `history` or the name of its file says it.
 */
export function isNamed({ commit, began }: Receipt, text: string): boolean {
  const times = [began, shortTime(began), stamp(new Date(began))];
  return times.includes(text) || (text.length >= SHORTEST_COMMIT && commit.startsWith(text));
}

/** Whether a deployment was of the whole host, and left it as its commit declares it. */
export function isWhole({ only, putBack }: Receipt): boolean {
  return only === null && putBack === undefined;
}

/** Whether two deployments of a host are of the same commit and plan. */
export function isSameDeployment(one: Receipt, other: Receipt): boolean {
  return one.commit === other.commit && one.planDigest === other.planDigest;
}

/** Name of a receipt's file; the names are in the order of the deployments. */
export function receiptFile(began: string | Date): string {
  return `${stamp(new Date(began))}.json`;
}

/** A time without its fraction of a second. */
export function shortTime(time: string): string {
  return time.replace(/\.\d+Z$/, "Z");
}

/** The receipts of a host. */
export interface Receipts {
  /** Newest first. */
  readonly receipts: readonly Receipt[];
  /** Files that are none, by name. */
  readonly torn: readonly string[];
}

/** Reads the newest receipts of a host. */
export async function readReceipts(
  host: string,
  shell: HostShell,
  places: Places,
  newest = 100,
): Promise<Receipts> {
  const script = readScript(places.receipts, newest);
  return receiptsIn(await runThere(host, shell, script, { what: "read" }));
}

/** The receipts in what the script that reads their folder printed. */
export function receiptsIn(output: string): Receipts {
  const receipts: Receipt[] = [];
  const torn: string[] = [];
  for (const [name, text] of filesIn(output)) {
    if (!name.endsWith(".json")) continue;
    const receipt = receiptIn(text);
    if (receipt) receipts.push(receipt);
    else torn.push(name);
  }
  return { receipts, torn };
}

function receiptIn(text: string): Receipt | undefined {
  try {
    return receiptSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
