import { isIntermittent } from "../../model/host-names.ts";
import { compareHost } from "./compare-host.ts";
import { lookAtHost, type DeclaredHost } from "./look-at-host.ts";
import type { DriftReport, HostReport } from "./rows.ts";
import { driftReport } from "./rows.ts";

/**
 * Looks at all hosts at once, over one connection to each, and compares them with their
 * declarations. One that is away, for which ssh has 10 s, is reported as such and holds up nobody.
 */
export async function findDrift(hosts: readonly DeclaredHost[]): Promise<DriftReport> {
  return driftReport(await Promise.all(hosts.map(hostDrift)));
}

async function hostDrift(host: DeclaredHost): Promise<HostReport> {
  const { declaration, lock } = host;
  const seen = await lookAtHost(host);
  return "away" in seen
    ? unknownHost(declaration.host, seen.away, seen.found, seen.hint)
    : compareHost(declaration, lock, seen);
}

/** Of which nothing is known, which is not the same as no drift, nor that anything is missing. */
export function unknownHost(host: string, field: string, found: string, hint: string): HostReport {
  return {
    host,
    verdict: "unknown",
    absent: field === "ssh" && isIntermittent(host),
    rows: [{ host, kind: "host", name: host, change: "away", field, declared: "answers", found }],
    hints: [hint],
    others: [],
  };
}
