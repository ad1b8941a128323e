// Reads what the other parts wrote below /opt/homelab. It writes nothing.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseAction } from "../contract/actions.ts";
import { parseObserverHealth } from "../contract/observer-health.ts";
import { parseSupervisorState, type SupervisorState } from "../contract/supervisor-state.ts";
import { parseHostWorld } from "../contract/world.ts";
import type { Seen } from "./summary.ts";

/** Everything that was read. */
export interface Read extends Seen {
  /** Undefined when there is none that can be read. */
  readonly supervisor: SupervisorState | undefined;
}

/** Reads again and again, and of what is as it was nothing twice. */
export class StateReader {
  readonly #root: string;
  #known = new Map<string, Known>();

  /** @param root /opt/homelab, unless it is tried elsewhere */
  constructor(root: string) {
    this.#root = root;
  }

  /** Reads all of it. A file that is torn is counted, and hides none of the others. */
  async read(): Promise<Read> {
    const before = this.#known;
    const next = new Map<string, Known>();
    const one = <T>(path: string, parse: Parse<T>) => readOnce(path, parse, before, next);
    const [worlds, actions, health, supervisor] = await Promise.all([
      readEach(join(this.#root, "world"), parseHostWorld, one),
      readEach(join(this.#root, "queue"), parseAction, one),
      one(join(this.#root, "state/observer_health.json"), parseObserverHealth),
      one(join(this.#root, "state/supervisor.json"), parseSupervisorState),
    ]);
    this.#known = next;
    return {
      hosts: worlds.read,
      actions: actions.read,
      health,
      supervisor,
      unreadable: worlds.unreadable + actions.unreadable,
    };
  }
}

/** Reads all of it once. */
export function readState(root: string): Promise<Read> {
  return new StateReader(root).read();
}

type Parse<T> = (text: string) => T | undefined;

/** What a file held when it was read, and what told it from others then. */
interface Known {
  readonly stamp: string;
  readonly value: unknown;
}

async function readOnce<T>(
  path: string,
  parse: Parse<T>,
  before: ReadonlyMap<string, Known>,
  next: Map<string, Known>,
): Promise<T | undefined> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    const stamp = `${ino} ${size} ${mtimeNs}`;
    const known = before.get(path);
    // A writer makes each file anew and puts it in place whole, so another content is another file.
    const value = known?.stamp === stamp ? (known.value as T) : parse(await readFile(path, "utf8"));
    next.set(path, { stamp, value });
    return value;
  } catch {
    return undefined;
  }
}

async function readEach<T>(
  folder: string,
  parse: Parse<T>,
  one: (path: string, parse: Parse<T>) => Promise<T | undefined>,
): Promise<{ readonly read: readonly T[]; readonly unreadable: number }> {
  // There is none before its writer's first start.
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).sort();
  const all = await Promise.all(files.map((name) => one(join(folder, name), parse)));
  const read = all.filter((each) => each !== undefined);
  return { read, unreadable: all.length - read.length };
}
