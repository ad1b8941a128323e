// The ways to a host: what is well of them is kept there before anything is touched, and the host puts
// it back by itself unless the deployment is confirmed over a connection of its own (ADR 0035).
import { BOOT_PROGRAM, BOOT_UNIT } from "../../model/boot.ts";
import type { ServiceDeclaration } from "../../model/declaration.ts";
import { HostError } from "../../model/errors.ts";
import { keptSchema, QUIET_SECONDS, type Armed, type Kept } from "../../model/fallback.ts";
import { DEFAULT_LIMITS } from "../../model/host-plan.ts";
import { contractsOf } from "../../model/image-catalogue.ts";
import type { ImageContract } from "../../model/image-contract.ts";
import { ARMED, FALLBACK, putBackRecord } from "../../model/paths.ts";
import { quote } from "../../model/shell-text.ts";
import { toSeconds } from "../../model/units.ts";
import { runThere, writeScript } from "./host-files.ts";
import type { RunContext } from "./run-context.ts";
import { STAGES, type Stage } from "./stage.ts";
import { dataProblem } from "./way-back-of-data.ts";

/** What of a run is read. */
export type Guarded = Pick<
  RunContext,
  "host" | "services" | "fleet" | "facts" | "guardWaysIn" | "shell" | "anew" | "journal"
>;

/**
 * Has the host keep the containers through which it is reached, as far as they are well, and says what
 * it may do with them. A host that cannot, for it is deployed for the first time or runs an older
 * program, is deployed without.
 * @throws HostError HL-DEPLOY-STATE when it cannot be kept there, as on a full disk
 */
export async function keepWaysIn(run: Guarded): Promise<void> {
  const { host, shell, facts, fleet, journal } = run;
  if (!run.guardWaysIn) return forget(run, "deploy");
  const services = waysIn(run);
  if (services.length === 0) return;
  const note = (message: string): void => journal.note({ event: "note", stage: "deploy", message });
  const names = services.map(({ name }) => name);
  const last = (await runThere(host, shell, keepScript(host, names))).split("\n").at(-1) ?? "";
  if (last === CANNOT) {
    note(`${host} does not put back by itself yet what it is reached by: from the next time on`);
    return;
  }
  const kept = keptSchema.parse(JSON.parse(last));
  const contracts = contractsOf(fleet.map(({ declaration }) => declaration));
  const armed = armedOf(facts.id, services, kept, contracts, new Date());
  if (armed.services.length === 0) {
    await runThere(host, shell, `rm -f ${quote(ARMED)}\n`);
    return;
  }
  await runThere(host, shell, writeScript(new Map([[ARMED, `${JSON.stringify(armed)}\n`]])));
  const back = armed.services.filter(({ refused }) => refused === null).map(({ name }) => name);
  note(
    `kept as they run: ${armed.services.map(({ name }) => name).join(", ")}; put back by the host itself if they break and nobody comes back: ${back.join(", ") || "none"}`,
  );
  for (const { refused } of armed.services) if (refused !== null) note(refused);
}

/** Those that are kept. */
function waysIn({ services }: Pick<Guarded, "services">): ServiceDeclaration[] {
  return services.filter(({ wayIn }) => wayIn);
}

/**
 * Where nobody asks for it, the host is not to act on an earlier deployment that did: it would put back
 * what is deployed now.
 */
async function forget(run: Guarded, stage: Stage): Promise<void> {
  const { host, fleet, shell, facts, journal } = run;
  const ofHost = fleet.filter(({ declaration }) => declaration.host === host);
  // Whatever `--only` is about.
  if (!ofHost.some(({ declaration }) => waysIn(declaration).length > 0)) return;
  const said = await runThere(host, shell, confirmScript([], facts.id, "everything"));
  if (said.trim() !== "") journal.note({ event: "note", stage, message: said.trim() });
}

/** What a host says that cannot keep anything. */
const CANNOT = "cannot";

/** The script by which a host keeps services, and answers with a line of JSON, or that it cannot. */
export function keepScript(host: string, services: readonly string[]): string {
  const program = quote(BOOT_PROGRAM);
  return `[ -f ${program} ] && command -v node >/dev/null && systemctl is-active --quiet ${BOOT_UNIT} || {
  echo ${CANNOT}
  exit 0
}
code=0
node ${program} --keep-fallback ${[host, ...services].map(quote).join(" ")} || code=$?
# A program of an earlier version does not know the option.
[ "$code" != 2 ] || { echo ${CANNOT}; exit 0; }
exit "$code"
`;
}

/** What the host may do about the services of which it keeps something, in the order of the plan. */
export function armedOf(
  run: string,
  services: readonly ServiceDeclaration[],
  kept: Kept,
  contracts: readonly ImageContract[],
  now: Date,
): Armed {
  const ofService = new Map(kept.map((one) => [one.name, one]));
  return {
    version: 1,
    run,
    since: now.toISOString(),
    quietSeconds: QUIET_SECONDS,
    services: services.flatMap(({ name, image, health }) => {
      const { image: made = null, since = [] } = ofService.get(name) ?? {};
      if (made === null) return [];
      const refused = dataProblem(name, image, made, contracts, since) ?? null;
      const deadlineSeconds = toSeconds(health.deadline ?? DEFAULT_LIMITS.deadline);
      return [{ name, refused, deadlineSeconds }];
    }),
  };
}

/**
 * Confirms the deployment, over a connection that nobody had before: one that was open already says
 * nothing of name service, mesh and proxy.
 * @throws HostError HL-UNREACHABLE when there is none: the host stays armed; HL-DEPLOY-UNHEALTHY when
 *   the host has put something back itself meanwhile
 */
export async function confirm(run: Guarded): Promise<void> {
  if (!run.guardWaysIn) return forget(run, "verify");
  const { host, anew, facts, journal } = run;
  const names = waysIn(run).map(({ name }) => name);
  if (names.length === 0) return;
  const said = await runThere(host, anew, confirmScript(names, facts.id, "everything"));
  if (said.trim() !== "") {
    const text = `the host acted by itself meanwhile, because it had no word of the deployment:\n${said.trim()}`;
    throw new HostError("HL-DEPLOY-UNHEALTHY", host, text);
  }
  const message = "confirmed over a connection of its own; nothing is put back by the host";
  journal.note({ event: "note", stage: "verify", message });
}

/**
 * After a failure: whoever reads of it decides. What is kept stays for the next deployment. Where the
 * host cannot be reached anew it stays armed, and that is said; never an error.
 */
export async function standDown(run: Guarded, stage: Stage): Promise<void> {
  const { host, anew, facts, journal, guardWaysIn } = run;
  const names = waysIn(run).map(({ name }) => name);
  if (!guardWaysIn || names.length === 0 || STAGES.indexOf(stage) < STAGES.indexOf("deploy"))
    return;
  const note = (message: string): void => journal.note({ event: "note", stage, message });
  try {
    const said = await runThere(host, anew, confirmScript(names, facts.id, "armed"));
    if (said.trim() !== "") note(`the host acted by itself: ${said.trim()}`);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    note(
      `no new connection to ${host} (${error.message}): after ${QUIET_SECONDS / 60} minutes without word it puts back by itself what is broken of ${names.join(", ")}`,
    );
  }
}

/**
 * Script by which a host is no longer to act, unless it just does; it prints what it did.
 * @param what is removed: everything that is kept, or only what says that it may act
 */
export function confirmScript(
  services: readonly string[],
  run: string,
  what: "everything" | "armed",
): string {
  const notes = services.map((name) => quote(putBackRecord(name))).join(" ");
  const removed = what === "everything" ? `rm -rf ${quote(FALLBACK)}` : ":";
  return `set -eu
for note in ${notes}; do
  [ ! -f "$note" ] || ! grep -qF ${quote(run)} "$note" || echo "\${note##*/}: $(cut -d ' ' -f 4- "$note")"
done
if [ -e ${quote(`${FALLBACK}/acting.json`)} ]; then
  echo "it is putting a container back just now"
else
  rm -f ${quote(ARMED)}
  ${removed}
fi
`;
}
