// What a host tells of what lies behind it: its last boot, and its deployments by their receipts.
// Names, fingerprints and digests; no value of a setting.
import * as z from "zod";
import { asLine, commit, line, planDigest, thingName, time } from "./words.ts";

/** Receipts of a host that are known of, the newest. */
export const MOST_RECEIPTS = 10;

/**
 * Letters of JSON that are kept of a host's boot, and of all its receipts; a receipt of 60 services has
 * 11,000. Everybody who shows the world reads both each time, in 56 MiB and less.
 */
export const MOST_HISTORY_LETTERS = 256 * 1024;

/** Seconds since the boot began. */
const seconds = z.number().nonnegative();

const bootService = z.object({
  service: thingName,
  outcome: z.enum([
    "healthy",
    /** It ran already, and was left alone. */
    "kept",
    /** Ran to its end, as it has to. */
    "completed",
    "failed",
    /** Not started, because something is missing. */
    "held",
    "stopped",
  ]),
  /** What it waited for, and until when; null where it was started without that. */
  waits: z.array(z.object({ on: line, until: seconds.nullable() })).max(200),
  /** When it was started; null when it was not. */
  started: seconds.nullable(),
  /** When it came to its outcome. */
  settled: seconds,
  /** Why it failed, or by what it is held. */
  why: line.nullable(),
});

const bootGate = z.object({
  gate: thingName,
  /** When it was seen open; null for one that stayed closed. */
  opened: seconds.nullable(),
  /** Why it was closed when it was last looked at. */
  seen: line.nullable(),
});

/** Schema of a boot that is over. */
export const toldBoot = z.object({
  /** By the host's clock. */
  began: time,
  /** Until all of it was settled. */
  seconds,
  gates: z.array(bootGate).max(500),
  services: z.array(bootService).max(2000),
});

/** A boot that is over. */
export type ToldBoot = z.infer<typeof toldBoot>;

/** Schema of what a deployment left on its host. */
export const toldReceipt = z.object({
  /** By the clock of who deployed; names the receipt. */
  began: time,
  ended: time,
  /** user@computer. */
  by: line,
  commit: commit.nullable(),
  plan: planDigest.nullable(),
  /** Stack of services to which it was limited; null for all. */
  only: line.nullable(),
  /** Services that were put back because it failed; null when it did not. */
  putBack: z.array(thingName).max(500).nullable(),
  /** All services that the host has by this. */
  services: z.array(z.object({ service: thingName, image: line, spec: planDigest })).max(500),
});

/** What a deployment left on its host. */
export type ToldReceipt = z.infer<typeof toldReceipt>;

/** As it stands in receipts/<began>.json on a host; what else stands there is passed over. */
const receiptFile = z.object({
  began: z.iso.datetime(),
  ended: z.iso.datetime(),
  by: z.string(),
  commit: z.string(),
  planDigest: z.string(),
  only: z.string().nullable(),
  putBack: z.object({ services: z.array(z.string()) }).optional(),
  services: z.record(z.string(), z.object({ image: z.string(), spec: z.string() })),
});

/** What is told of a receipt; undefined for a text that is none. */
export function receiptOf(text: string): ToldReceipt | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { data } = receiptFile.safeParse(value);
  if (!data) return undefined;
  const { began, ended, by, only, putBack, services } = data;
  return toldReceipt.safeParse({
    began: new Date(began).toISOString(),
    ended: new Date(ended).toISOString(),
    by: asLine(by),
    commit: commit.safeParse(data.commit).data ?? null,
    plan: planDigest.safeParse(data.planDigest).data ?? null,
    only: only === null ? null : asLine(only),
    putBack: putBack?.services.filter((name) => thingName.safeParse(name).success) ?? null,
    services: Object.entries(services).flatMap(([service, { image, spec }]) =>
      thingName.safeParse(service).success && planDigest.safeParse(spec).success
        ? [{ service, image: asLine(image), spec }]
        : [],
    ),
  }).data;
}
