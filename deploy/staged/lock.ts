// One deployment of a host at a time, whoever deploys from wherever: the lock lies on the host.
import { z } from "zod";
import { UserError } from "../../model/errors.ts";
import { quote } from "../../model/shell-text.ts";
import { spanText } from "../times.ts";
import { heredoc, IN_ENGLISH, PUT, runThere, type HostShell } from "./host-files.ts";
import { isProvenDead, ownerSchema } from "./owner.ts";
import type { Places } from "./places.ts";

const lockSchema = z.strictObject({
  version: z.literal(1),
  /** Of the run that holds it. */
  id: z.string(),
  owner: ownerSchema,
  /** When it was taken, ISO 8601, by the clock of who took it. */
  since: z.string(),
  commit: z.string(),
  /** What the run was called with. */
  reason: z.string(),
});

/** Who deploys a host now. */
export type DeployLock = z.infer<typeof lockSchema>;

/** A lock as it lies on the host. */
export interface HeldLock {
  /** Undefined when the file cannot be read, as after a power cut. */
  readonly lock: DeployLock | undefined;
  /** The file itself, to know it again. */
  readonly text: string;
  readonly ageSeconds: number;
}

/** How asking for the lock ended. */
export type TakenLock =
  | { readonly taken: true; readonly from: DeployLock | undefined }
  | { readonly taken: false; readonly held: HeldLock };

/** Text of the lock's file. */
export function lockText(lock: DeployLock): string {
  return `${JSON.stringify(lock)}\n`;
}

/** Whether the host's orchestrator keeps its hands off while a lock is held. */
export type Orchestrator = "pauses" | "works";

/**
 * Takes the lock of a host; from an owner that is proven to be gone, too. The host's orchestrator
 * keeps its hands off from then on, unless it is to work.
 * @throws HostError HL-UNREACHABLE, HL-HOST-SLOW, HL-DEPLOY-STATE when it can be neither taken nor read
 */
export async function takeLock(
  host: string,
  shell: HostShell,
  places: Places,
  lock: DeployLock,
  isDead: (held: DeployLock) => boolean = ({ owner }) => isProvenDead(owner),
  orchestrator: Orchestrator = "pauses",
): Promise<TakenLock> {
  const text = lockText(lock);
  const first = heldIn(await runThere(host, shell, takeScript(places, text, { orchestrator })));
  if (!first) return { taken: true, from: undefined };
  if (!first.lock || !isDead(first.lock)) return { taken: false, held: first };
  const replacing = takeScript(places, text, { instead: first.text, orchestrator });
  const second = heldIn(await runThere(host, shell, replacing));
  return second ? { taken: false, held: second } : { taken: true, from: first.lock };
}

/** Gives a lock back, if it is still this one. */
export async function releaseLock(
  host: string,
  shell: HostShell,
  places: Places,
  text: string,
): Promise<void> {
  await runThere(host, shell, releaseScript(places, text));
}

/** Who holds a host's lock; undefined when nobody does. */
export async function readLock(
  host: string,
  shell: HostShell,
  places: Places,
): Promise<HeldLock | undefined> {
  const script = `set -eu\n${SHOW(places)}[ ! -e "$lock" ] || show\n`;
  return heldIn(await runThere(host, shell, script, { what: "read" }));
}

/** Only one script at a time works on the lock; a process that ends holds nothing any more. */
const alone = ({ state }: Places): string => `set -eu
${IN_ENGLISH}umask 022
mkdir -p ${quote(state)}
umask 077
exec 9> ${quote(`${state}/lock.guard`)}
flock -w 30 9
`;

const SHOW = ({ lock }: Places): string => `lock=${quote(lock)}
show() {
  echo "held $(($(date +%s) - $(stat -c %Y "$lock"))) $(base64 < "$lock" | tr -d '\\n')"
}
`;

/** How a lock is taken. */
interface Taking {
  /** What the lock must hold to be replaced. @default only a free lock is taken */
  readonly instead?: string;
  /** @default "pauses" */
  readonly orchestrator?: Orchestrator;
}

/**
 * Makes the lock's file at once and whole, or prints the one that is there. Lock and mark are written
 * before either has its name: on a full disk there is no lock without its mark, and the lock of a run
 * that is gone is still there for the next.
 */
export function takeScript(
  places: Places,
  text: string,
  { instead, orchestrator = "pauses" }: Taking = {},
): string {
  const { lock, deploying } = places;
  const refusal = `[ ! -e "$lock" ] || { show; exit 0; }\n`;
  const free =
    instead === undefined
      ? refusal
      : `if base64 -d ${heredoc(instead, ' | cmp -s - "$lock"; then')}  :\nelse\n  ${refusal}fi\n`;
  const beside = [lock, deploying].map((path) => quote(`${path}.new`));
  // A mark that a killed run left would keep the orchestrator from its work.
  const [copied, named] =
    orchestrator === "pauses"
      ? [MARK_BESIDE('"$lock.new"', deploying), MARK_NAMED(deploying)]
      : ["", `rm -f ${quote(deploying)}\n`];
  return `${alone(places)}${SHOW(places)}${PUT}${free}trap ${quote(`rm -f ${beside.join(" ")}`)} EXIT
put "$lock" ${heredoc(text)}sync "$lock.new"
${copied}mv "$lock.new" "$lock"
${named}`;
}

/** Makes the mark from the lock, whole, under another name. */
const MARK_BESIDE = (lock: string, deploying: string): string => {
  const beside = quote(`${deploying}.new`);
  return `mkdir -p ${quote(deploying.replace(/\/[^/]*$/, ""))}
cp ${lock} ${beside} || { rm -f ${beside}; exit 1; }
`;
};

const MARK_NAMED = (deploying: string): string =>
  `mv ${quote(`${deploying}.new`)} ${quote(deploying)}\n`;

/**
 * Renews the mark of a deployment, as long as the lock is still its own: one that was taken away is
 * another's to mark.
 * @param id of the run
 */
export function renewScript({ lock, deploying }: Places, id: string): string {
  return `lock=${quote(lock)}
if grep -qF ${quote(`"id":${JSON.stringify(id)}`)} "$lock" 2>/dev/null; then
${MARK_BESIDE('"$lock"', deploying)}${MARK_NAMED(deploying)}fi
`;
}

/** Removes the mark that a run left where nobody has the lock, and then says so. */
export async function clearMark(host: string, shell: HostShell, places: Places): Promise<boolean> {
  const [lock, mark] = [quote(places.lock), quote(places.deploying)];
  const script = `${alone(places)}[ ! -e ${lock} ] && [ -e ${mark} ] || exit 0
rm -f ${mark}
echo cleared
`;
  return (await runThere(host, shell, script, { what: "changed" })) === "cleared";
}

/** Removes the lock that has this text, and the mark of the deployment with it; leaves any other. */
export function releaseScript(places: Places, text: string): string {
  const { lock, deploying } = places;
  return `${alone(places)}[ -e ${quote(lock)} ] || exit 0
if base64 -d ${heredoc(text, ` | cmp -s - ${quote(lock)}; then`)}  rm -f ${quote(lock)} ${quote(deploying)}
fi
`;
}

function heldIn(output: string): HeldLock | undefined {
  const [, age, encoded] = /^held (-?\d+) (\S*)$/m.exec(output) ?? [];
  if (age === undefined) return undefined;
  const text = Buffer.from(encoded ?? "", "base64").toString();
  return { lock: parsed(text), text, ageSeconds: Math.max(0, Number(age)) };
}

function parsed(text: string): DeployLock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** In words, that a run that is gone had the lock before. */
export function takeoverText({ owner, since }: DeployLock): string {
  return `took the lock of process ${owner.pid} of ${owner.user}@${owner.host}, which began at ${since} and is gone; what it told the host's boot orchestrator counts no more`;
}

/** In words, who holds a lock. */
export function holderText({ lock, ageSeconds }: HeldLock): string {
  const age = spanText(ageSeconds);
  if (!lock) return `somebody whose lock cannot be read (${age} old)`;
  const { owner, commit, reason } = lock;
  return `${owner.user}@${owner.host}, process ${owner.pid}, for ${age}, at commit ${commit.slice(0, 12)}: ${reason}`;
}

/** The error of who comes second. */
export function lockedError(host: string, held: HeldLock): UserError {
  return new UserError(
    "HL-DEPLOY-LOCKED",
    `${host} is being deployed by ${holderText(held)}. Wait for it; if that computer is gone for good, \`npx homelab unlock ${host}\``,
  );
}
