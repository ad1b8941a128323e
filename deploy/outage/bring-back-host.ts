// One host after an outage: its boot, a look at every service, and diagnostics after a failure. Who
// calls holds its lock.
import { maskAddresses } from "../../hosts/masking.ts";
import { HostError } from "../../model/errors.ts";
import type { HostPlan } from "../../model/host-plan.ts";
import type { DeclaredHost } from "../drift/look-at-host.ts";
import { afterOutageCommand } from "../staged/commands.ts";
import { whatIsFound } from "../staged/diagnose.ts";
import { inStage, secondsSince } from "../staged/in-stage.ts";
import { errorFacts, openJournal, type Journal } from "../staged/journal.ts";
import { takeoverText } from "../staged/lock.ts";
import type { LockedHost } from "../staged/locked-host.ts";
import { ownName } from "../staged/owner.ts";
import type { HostOutcome } from "../staged/report.ts";
import type { Stage } from "../staged/stage.ts";
import { verify } from "../staged/verify.ts";
import { notUp } from "./boot-progress.ts";
import { bootAndFollow } from "./follow-boot.ts";
import type { Standing } from "./standing.ts";

/** A host that is brought back. */
export interface Returning {
  readonly locked: LockedHost;
  /** All hosts: services need services elsewhere. */
  readonly fleet: readonly DeclaredHost[];
  readonly declared: DeclaredHost;
  readonly plan: HostPlan;
  /** How its services were before. */
  readonly standing: Standing;
  /** A service is up, for who waits for it on another host. */
  readonly up: (service: string) => void;
  /** The boot is over, or was given up. */
  readonly settled: () => void;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

/** Brings a host back, and answers how that went; never an error. */
export async function bringBackHost(args: Returning): Promise<HostOutcome> {
  const { locked, plan, standing, interrupted, say } = args;
  const { host, shell, places, lock, takenFrom } = locked;
  const began = new Date();
  const again = afterOutageCommand(host, places.root);
  // Nobody asks Pulumi for the secrets: it may be down as well.
  const mask = maskAddresses;
  const kept = { run: { id: lock.id, host }, began, shell, places, renewMark: "", again };
  const journal = openJournal({ ...kept, mask, say });
  const failed = new Set<string>();
  const base = { host, receipt: null, putBack: null, log: journal.log };
  const run = { ...args, host, shell, places, journal, mask, failed, again };
  const begin = performance.now();
  let stage: Stage = "deploy";
  try {
    const what = { commit: lock.commit, planDigest: plan.digest, only: null, resumed: false };
    journal.note({ event: "run-began", ...what, by: ownName() });
    await journal.flush();
    if (takenFrom) noting(journal, "deploy")(takeoverText(takenFrom));
    await inStage({ host, journal, interrupted }, stage, () =>
      boot(args, journal, failed).finally(args.settled),
    );
    await journal.flush();
    stage = "verify";
    const services = args.declared.declaration.services.filter(
      ({ name }) => !standing.notDeployed.has(name),
    );
    // What a check prints may be secret, so that it fails has to do.
    const verified = { ...run, services, mask: () => "", furtherLook: undefined };
    await inStage({ host, journal, interrupted }, stage, async () => {
      await verify(verified);
      assertDeployed(host, standing);
    });
    const seconds = secondsSince(begin);
    journal.note({ event: "run-ended", outcome: "done", seconds });
    await journal.flush();
    const nothing = { error: null, cause: null, diagnostics: null, next: null };
    return { ...base, outcome: "done", stage, seconds, ...nothing };
  } catch (error) {
    const said = errorFacts(error);
    const { path, cause } = await whatIsFound({ ...run, quotes: false }, stage, said.message);
    const seconds = secondsSince(begin);
    journal.note({ event: "run-ended", outcome: "failed", seconds });
    await journal.flush().catch(() => undefined);
    const why = { error: said, cause: cause ?? null, diagnostics: path ?? null };
    return { ...base, outcome: "failed", stage, seconds, ...why, next: again };
  } finally {
    await journal.close();
  }
}

function noting(journal: Journal, stage: Stage): (message: string) => void {
  return (message) => journal.note({ event: "note", stage, message });
}

/**
 * Has the host boot, and follows that.
 * @throws HostError HL-DEPLOY-UNHEALTHY that names who is not up, and what holds it back
 */
async function boot(args: Returning, journal: Journal, failed: Set<string>): Promise<void> {
  const { locked, plan, standing, interrupted, up } = args;
  const { host, shell } = locked;
  const note = noting(journal, "deploy");
  const down = [...standing.down.keys()].join(", ") || "the boot orchestrator";
  note(`down: ${down}; ${standing.up.size} are well`);
  const begin = performance.now();
  const record = await bootAndFollow({
    ...{ host, shell, plan, interrupted },
    listener: {
      progress: note,
      up: (service) => {
        up(service);
        const changed = !standing.up.has(service);
        if (!changed) return;
        const seconds = secondsSince(begin);
        journal.note({ event: "service-ready", stage: "deploy", service, changed, seconds });
      },
      failed: (service) => {
        failed.add(service);
        journal.note({ event: "service-failed", stage: "deploy", service });
      },
    },
  });
  const missing = notUp(record);
  for (const name of standing.notDeployed.keys()) missing.delete(name);
  if (missing.size === 0) return;
  for (const name of missing.keys()) failed.add(name);
  const list = [...missing].map(([name, why]) => `${name} ${why}`).join("\n");
  const text = `the boot is over, and not everything is up:\n${list}`;
  throw new HostError("HL-DEPLOY-UNHEALTHY", host, text);
}

/** @throws HostError HL-DEPLOY-UNHEALTHY that names who has no container of ours */
export function assertDeployed(host: string, { notDeployed }: Standing): void {
  if (notDeployed.size === 0) return;
  const list = [...notDeployed].map(([name, detail]) => `${name} ${detail}`).join("\n");
  const text = `a boot makes no container; \`npx homelab deploy ${host}\` does:\n${list}`;
  throw new HostError("HL-DEPLOY-UNHEALTHY", host, text);
}
