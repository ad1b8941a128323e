import { runOnHost } from "../../hosts/remote-shell.ts";
import type { HostDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { hostPlan } from "../../model/host-plan.ts";
import type { ImageLock } from "../../model/image-reference.ts";
import { compareHost } from "./compare-host.ts";
import { lookScript, parseLook, UnreadableLook } from "./look.ts";
import type { DriftReport, HostReport } from "./rows.ts";
import { driftReport } from "./rows.ts";

/** A host that was reached has this long to answer. */
const LONGEST_SECONDS = 30;

/** A host as it is declared, and the images that are. */
export interface DeclaredHost {
  readonly declaration: HostDeclaration;
  readonly lock: ImageLock;
}

/**
 * Looks at all hosts at once, over one connection to each, and compares them with their
 * declarations. One that is away, for which ssh has 10 s, is reported as such and holds up nobody.
 */
export async function findDrift(hosts: readonly DeclaredHost[]): Promise<DriftReport> {
  return driftReport(await Promise.all(hosts.map(hostDrift)));
}

async function hostDrift({ declaration, lock }: DeclaredHost): Promise<HostReport> {
  const { host } = declaration;
  const { gates } = hostPlan(declaration, lock, "");
  try {
    const { exitCode, stdout } = await runOnHost(
      host,
      lookScript(declaration, gates),
      LONGEST_SECONDS,
    );
    if (exitCode !== 0) {
      return unknownHost(
        host,
        "engine",
        "Docker does not answer",
        `ssh ${host} systemctl status docker`,
      );
    }
    return compareHost(declaration, lock, parseLook(stdout));
  } catch (error) {
    if (error instanceof UnreadableLook) {
      return unknownHost(host, "engine", error.message, `ssh ${host} docker version`);
    }
    if (!(error instanceof HostError)) throw error;
    return unknownHost(host, "ssh", error.message, `ssh ${host} true`);
  }
}

/** Of which nothing is known, which is not the same as no drift. */
export function unknownHost(host: string, field: string, found: string, hint: string): HostReport {
  return {
    host,
    verdict: "unknown",
    rows: [{ host, kind: "host", name: host, change: "away", field, declared: "answers", found }],
    hints: [hint],
    others: [],
  };
}
