// What a deployer asks of the host before it touches anything: to keep what runs and is well.
import type { Kept } from "../../../model/fallback.ts";
import type { Containers } from "./containers.ts";
import { isOurs, sightOf } from "./inspected.ts";
import type { KeptOnDisk } from "./kept.ts";

/** A deployer waits so long for what the host is putting back just now. */
const ACTING_LIMIT_MS = 40_000;
const LOOK_MS = 1000;

/**
 * Keeps each service's container and files, where it is well. Of one that is not, what was kept
 * before stays, with a note of what may have written its data since.
 * @param wait waits so many milliseconds
 * @throws Error when it cannot be written, or the engine does not answer; nothing that runs is touched
 */
export async function keepServices(
  services: readonly string[],
  containers: Containers,
  kept: KeptOnDisk,
  wait: (ms: number) => Promise<void>,
): Promise<Kept> {
  for (let waited = 0; kept.acting() !== undefined; waited += LOOK_MS) {
    if (waited >= ACTING_LIMIT_MS) {
      const { service } = kept.acting() ?? { service: "a service" };
      throw new Error(`the host is just putting ${service} back by itself; repeat it in a minute`);
    }
    await wait(LOOK_MS);
  }
  const answer: Kept[number][] = [];
  for (const name of services) answer.push(await keepService(name, containers, kept));
  return answer;
}

async function keepService(
  name: string,
  containers: Containers,
  kept: KeptOnDisk,
): Promise<Kept[number]> {
  const there = await containers.inspect(name);
  if (there !== undefined && sightOf(there) === "well" && isOurs(there, name)) {
    kept.keep(name, there);
    return { name, image: there.Config.Image, since: [] };
  }
  const before = kept.container(name);
  if (before === undefined) return { name, image: null, since: [] };
  const { container, since } = there ? kept.wroteSince(name, before, there.Config.Image) : before;
  return { name, image: container.Config.Image, since: [...since] };
}
