// Reads what the other parts wrote below /opt/homelab. It writes nothing.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAction } from "../contract/actions.ts";
import { parseObserverHealth } from "../contract/observer-health.ts";
import { parseHostWorld } from "../contract/world.ts";
import type { Seen } from "./summary.ts";

/** Reads all of it. A file that is torn is counted, and hides none of the others. */
export async function readState(root: string): Promise<Seen> {
  const [worlds, actions, health] = await Promise.all([
    readEach(join(root, "world"), parseHostWorld),
    readEach(join(root, "queue"), parseAction),
    readFile(join(root, "state/observer_health.json"), "utf8").then(
      parseObserverHealth,
      () => undefined,
    ),
  ]);
  return {
    hosts: worlds.read,
    actions: actions.read,
    health,
    unreadable: worlds.unreadable + actions.unreadable,
  };
}

async function readEach<T>(
  folder: string,
  parse: (text: string) => T | undefined,
): Promise<{ readonly read: readonly T[]; readonly unreadable: number }> {
  // There is none before its writer's first start.
  const names = await readdir(folder).catch(() => []);
  const texts = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readFile(join(folder, name), "utf8").then(parse, () => undefined));
  const all = await Promise.all(texts);
  const read = all.filter((each) => each !== undefined);
  return { read, unreadable: all.length - read.length };
}
