// Puts one service's container back, in steps of which each may be the last before a crash: what was
// begun stands on the disk, and whoever comes after looks where each container is and goes on there.
import { brokenName, noteLine, waitingName } from "../../../model/fallback.ts";
import { createRequest, networksOf } from "./create-request.ts";
import type { Containers } from "./containers.ts";
import { nameOf, isOurs, sightOf, type Inspected } from "./inspected.ts";
import type { Acting, KeptOnDisk } from "./kept.ts";

/** What it works with. */
export interface PutBackWorld {
  readonly containers: Containers;
  readonly kept: KeptOnDisk;
  /** Waits so many milliseconds. */
  readonly wait: (ms: number) => Promise<void>;
  /** The time of day. */
  readonly now: () => Date;
}

/** How it ended. */
export interface Outcome {
  readonly service: string;
  /** Whether the container that was kept has the service's name. */
  readonly back: boolean;
  /** In one line. */
  readonly words: string;
}

/** Nothing was touched, and trying again would end the same. */
export class CannotGoBack extends Error {
  override readonly name = "CannotGoBack";
}

/** How often it is looked whether the container is healthy. */
const LOOK_MS = 2000;

/**
 * Makes all ready, and touches nothing that runs: the container that goes back is there, under
 * another name, and it is written down that it is to take the place of the broken one.
 * @throws CannotGoBack when the host has not what it takes; Error when the engine does not answer
 */
export async function begin(
  { containers, kept }: PutBackWorld,
  { run, service, why }: Pick<Acting, "run" | "service" | "why">,
): Promise<Acting> {
  const was = kept.container(service)?.container;
  if (was === undefined) throw new CannotGoBack("what was kept of it cannot be read");
  const there = await containers.inspect(service);
  if (there !== undefined && !isOurs(there, service)) {
    throw new CannotGoBack("somebody else made the container that has its name");
  }
  await isAllThere(containers, was);
  // Of a run of this that ended before anything was written down.
  for (const name of [waitingName(service), brokenName(service)]) {
    const left = await containers.inspect(name);
    if (left !== undefined && isOurs(left, service)) await containers.remove(left.Id);
  }
  kept.keepNewerFiles(service);
  const isSame = there?.Id === was.Id;
  const older = isSame ? was.Id : await containers.create(waitingName(service), createRequest(was));
  const newer = isSame ? null : (there?.Id ?? null);
  const acting: Acting = { run, service, newer, older, goes: "back", why };
  kept.act(acting);
  return acting;
}

async function isAllThere(containers: Containers, was: Inspected): Promise<void> {
  const { Image } = was.Config;
  if (!(await containers.has("images", Image))) {
    throw new CannotGoBack(`its image ${Image} is no longer here`);
  }
  for (const network of networksOf(was)) {
    if (!(await containers.has("networks", network))) {
      throw new CannotGoBack(`its network ${network} is gone`);
    }
  }
}

/**
 * Has the two containers change places, from wherever they are, and waits for the one that is back.
 * @param deadlineSeconds longest wait until it is healthy
 * @throws Error when the engine does not answer, or refuses; it may be called again
 */
export async function goOn(
  world: PutBackWorld,
  acting: Acting,
  deadlineSeconds: number,
): Promise<Outcome> {
  const { service, newer, older, why } = acting;
  const { containers, kept } = world;
  if (acting.goes === "undo") return undone(world, acting);
  const placed = await place(world, {
    service,
    incoming: older,
    outgoing: newer,
    aside: brokenName(service),
    files: "older",
  });
  if (placed === "gone") {
    kept.act({ ...acting, goes: "undo" });
    return undone(world, acting);
  }
  if (placed === "foreign") {
    await containers.remove(older);
    return noted(world, service, false, `not put back (${why}): somebody made it meanwhile`);
  }
  const trouble = await troubleWithin(world, older, deadlineSeconds);
  const words = `put back the container that was well before (${why})`;
  return noted(world, service, true, trouble === undefined ? words : `${words}, but ${trouble}`);
}

/** The one that was to go back does not start: all is left as it was. */
async function undone(
  world: PutBackWorld,
  { service, newer, older, why }: Acting,
): Promise<Outcome> {
  const words = `not put back (${why}): the container that was well before does not start`;
  if (newer === null) return noted(world, service, true, words);
  const aside = waitingName(service);
  const files = "newer";
  await place(world, { service, incoming: newer, outgoing: older, aside, files });
  await world.containers.remove(older);
  return noted(world, service, false, words);
}

/** Who takes whose place. */
interface Placing {
  readonly service: string;
  readonly incoming: string;
  readonly outgoing: string | null;
  /** Name of who goes. */
  readonly aside: string;
  readonly files: "older" | "newer";
}

/** Each step is by id, and done only where it was not done before. */
async function place(
  { containers, kept }: PutBackWorld,
  { service, incoming, outgoing, aside, files }: Placing,
): Promise<"placed" | "foreign" | "gone"> {
  // Before anybody goes.
  if ((await containers.inspect(incoming)) === undefined) return "gone";
  const out = outgoing === null ? undefined : await containers.inspect(outgoing);
  if (out !== undefined && nameOf(out) === service) {
    await containers.stop(out);
    await containers.rename(out.Id, aside);
  }
  const holder = await containers.inspect(service);
  if (holder !== undefined && holder.Id !== incoming) return "foreign";
  if (holder?.State.Status === "running") return "placed";
  kept.restoreFiles(service, files);
  if (holder === undefined) await containers.rename(incoming, service);
  await containers.start(incoming);
  return "placed";
}

/** What is wrong with a container that was just started; undefined once it is healthy. */
async function troubleWithin(
  { containers, wait }: PutBackWorld,
  id: string,
  seconds: number,
): Promise<string | undefined> {
  for (let waited = 0; waited < seconds * 1000; waited += LOOK_MS) {
    const sight = sightOf(await containers.inspect(id));
    if (sight === "well") return undefined;
    if (sight !== "undecided") return `it is ${sight} now`;
    await wait(LOOK_MS);
  }
  return `it is not healthy within ${seconds} s`;
}

/** Writes down how it ended, under the container that has the name now, and that nothing is under way. */
export async function noted(
  { containers, kept, now }: Pick<PutBackWorld, "containers" | "kept" | "now">,
  service: string,
  back: boolean,
  words: string,
): Promise<Outcome> {
  const there = await containers.inspect(service);
  const container = there?.Id ?? "none";
  kept.note(service, noteLine({ container, at: now().toISOString(), back, words }));
  // Before it is no longer under way: nobody may begin anew with what was done.
  kept.settle(service);
  kept.act(undefined);
  return { service, back, words };
}
