// Rounds in which a service stops, is approved to be started, and one part is killed at some moment.
import { setTimeout as pause } from "node:timers/promises";
import { isOver, type Action } from "../../control-plane/contract/actions.ts";
import { approve, signable } from "../../control-plane/desk/decide.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { readQueue } from "../../control-plane/disk/places.ts";
import { engine } from "./observer/said.ts";
import { MortalParts, PARTS, programsOf, wellKnown, type Part } from "./mortal-parts.ts";
import { SpeakingHost } from "./speaking-host.ts";
import { made } from "./supervisor/imitated-home.ts";

/** What a round of kills left. */
export interface Killed {
  readonly root: string;
  readonly host: SpeakingHost;
  readonly parts: MortalParts;
  /** What was killed, and what its action was just then. */
  readonly kills: readonly { readonly part: Part; readonly at: string }[];
  /** Ids of the actions of which the desk was told that its decision is kept. */
  readonly approved: ReadonlySet<string>;
}

/** No round takes longer, on a computer however busy. */
const ROUND_MS = 300_000;
/** How far an action is, in the order of these. A part is killed within a moment after one of them. */
const COURSE: readonly (Action["state"] | undefined)[] = [
  undefined,
  "pending",
  "approved",
  "claimed",
  "running",
];
const MOMENT_MS = 400;
const LOOK_EACH_MS = 20;

/** Kills a part so many times. @param random of the moments, from 0 to 1 */
export async function killTimes(times: number, random: () => number): Promise<Killed> {
  const services = Array.from({ length: times }, (_, at) => `service-${at}`);
  const { root, lookAt, told } = await wellKnown(services);
  const parts = new MortalParts(await programsOf(), root);
  const host = new SpeakingHost(parts, told);
  const kills: { part: Part; at: string }[] = [];
  const approved = new Set<string>();
  const down = new Set<string>();
  await Promise.all(PARTS.map((part) => parts.start(part)));

  const starts = async (name: string): Promise<void> => {
    down.delete(name);
    const id = made(name).slice("sha256:".length);
    await host.tell(engine(name, "start", { id }), engine(name, "healthy", { id }));
  };
  const dawdle = (): Promise<void> => pause(random() * MOMENT_MS);
  const working = host.work(starts, dawdle);
  const actionAbout = (name: string): Action | undefined =>
    readQueue(disk, root).find(({ binding }) => binding.target === name);

  for (const [at, name] of services.entries()) {
    const began = performance.now();
    let lookDue = began;
    const part = PARTS[at % PARTS.length] ?? "observer";
    const point = Math.floor(random() * COURSE.length);
    const killed = until(() => hasCome(actionAbout(name), point))
      .then(dawdle)
      .then(async () => {
        kills.push({ part, at: actionAbout(name)?.state ?? "not there" });
        await parts.kill(part);
        await parts.start(part);
      });
    down.add(name);
    const id = made(name).slice("sha256:".length);
    await host.tell(engine(name, "die", { id, exitCode: 1 }));
    for (let action = actionAbout(name); ; action = actionAbout(name)) {
      if (performance.now() - began > ROUND_MS) {
        throw new Error(`${name} does not come to an end: ${action?.state} ${action?.outcome}`);
      }
      if (action && isOver(action.state)) break;
      if (action?.state === "pending" && approveIt(root, action)) approved.add(action.id);
      // Somebody starts by hand what was handed out and cut off before it began.
      if (action?.state === "interrupted" && down.has(name)) await starts(name);
      // The look after an act, which is what shows it.
      if (action && !down.has(name) && performance.now() > lookDue) {
        await host.tell(lookAt(down));
        lookDue = performance.now() + MOMENT_MS;
      }
      await pause(LOOK_EACH_MS);
    }
    await killed;
  }
  // Everybody is there to take what was left to be told.
  await host.tell({ kind: "alive" });
  host.isOver = true;
  parts.end();
  await working;
  return { root, host, parts, kills, approved };
}

/** Whether an action is as far as a point of the course, or further. */
function hasCome(action: Action | undefined, point: number): boolean {
  const at = COURSE.indexOf(action?.state);
  return at === -1 || at >= point;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await pause(LOOK_EACH_MS);
}

/** Whether the decision is kept: from then on it is not lost. */
function approveIt(root: string, { id, hash }: Action): boolean {
  const now = Date.now();
  const found = signable(disk, root, id, now);
  if ("refused" in found) return false;
  const signature = { kind: "ssh", armored: "of the desk" } as const;
  const authority = { version: 1, text: found.text, signature } as const;
  return !("refused" in approve(disk, root, id, hash, authority, { by: "anna", now }));
}
