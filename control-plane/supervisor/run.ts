// The Supervisor as a process: it looks at the world when that changes, writes what it recommends
// into the queue, and how things are into state/supervisor.json.
import { watch, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Action } from "../contract/actions.ts";
import type { HostDrift } from "../contract/drift.ts";
import { commit } from "../contract/words.ts";
import { NO_MEMORY, type Memory, type SupervisorState } from "../contract/supervisor-state.ts";
import { auditTrail } from "../disk/audit-trail.ts";
import type { Disk } from "../disk/disk.ts";
import {
  actionPath,
  readQueue,
  readSupervisorState,
  readWorlds,
  supervisorStatePath,
  worldIsOld,
} from "../disk/places.ts";
import { canonical } from "../../model/fingerprint.ts";
import type { Desired } from "./desired.ts";
import { driftOfAll } from "./drift.ts";
import type { Notifier } from "./notify/notifier.ts";
import { recommend } from "./recommend.ts";

/** How the process is set up. */
export interface SupervisorArgs {
  readonly disk: Disk;
  /** Folder of the runtime state, e.g. "/opt/homelab". */
  readonly root: string;
  readonly desired: Desired;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Tells a person what is news. @default nobody is told */
  readonly notifier?: Pick<Notifier, "tell" | "blind">;
}

/** How often at least the state is written, in milliseconds: its age says that the process lives. */
const WRITE_EACH_MS = 15_000;

/** A world that changes all the time is compared this often, in milliseconds. */
const SOON_MS = 500;

/** The Supervisor, without its clock: each `look` compares once. */
export class Supervisor {
  readonly #args: SupervisorArgs;
  readonly #now: () => number;
  #memory: Memory;
  #drift: HostDrift[];
  #known = new Map<string, Action>();
  #written = { content: "", at: -Infinity };

  /** What it remembered before it ended it knows again. */
  constructor(args: SupervisorArgs) {
    this.#args = args;
    this.#now = args.now ?? Date.now;
    const known = readSupervisorState(args.disk, args.root);
    this.#memory = known?.memory ?? NO_MEMORY;
    this.#drift = known?.drift ?? [];
  }

  /** Compares, and writes what follows. A world that is old as a whole leaves everything as it is. */
  look(): void {
    const { disk, root, desired } = this.#args;
    const now = this.#now();
    const blind = worldIsOld(disk, root, now);
    if (blind !== undefined) {
      const { incidents = [] } = readSupervisorState(disk, root) ?? {};
      this.#keep({ incidents, drift: this.#drift, closing: {}, blind }, now);
      this.#args.notifier?.blind(blind, now);
      return;
    }
    const queue = readQueue(disk, root, this.#known);
    this.#known = new Map(queue.map((action) => [action.id, action]));
    const before = this.#memory;
    const worlds = readWorlds(disk, root);
    const found = recommend(desired, worlds, now, { memory: before, queue });
    const audit = auditTrail(disk, root, "supervisor");
    for (const action of found.actions) {
      const { id, hash, binding, reason } = action;
      if (!disk.create(actionPath(root, id), `${JSON.stringify(action)}\n`)) continue;
      const { host, verb, target } = binding;
      audit({ what: "proposed", host, verb, target, action: id, shown: hash, reason }, now);
    }
    this.#memory = found.memory;
    this.#drift = driftOfAll(desired, worlds, this.#drift);
    const { incidents, closing } = found;
    const seen = { incidents: [...incidents], drift: this.#drift, closing: { ...closing } };
    this.#keep({ ...seen, blind: null }, now);
    this.#args.notifier?.tell({ desired, worlds, queue, before, found, now });
  }

  #keep(
    seen: Pick<SupervisorState, "incidents" | "drift" | "closing" | "blind">,
    now: number,
  ): void {
    const { disk, root, desired } = this.#args;
    const plans = [...desired.hosts].map(([host, { plan }]) => [host, plan.digest] as const);
    const state: Omit<SupervisorState, "at"> = {
      version: 1,
      desired: {
        commit: commit.safeParse(desired.commit).data ?? null,
        plans: Object.fromEntries(plans),
      },
      ...seen,
      memory: this.#memory,
    };
    const content = canonical(withoutTimes(state));
    if (content === this.#written.content && now - this.#written.at < WRITE_EACH_MS) return;
    const at = new Date(now).toISOString();
    disk.write(supervisorStatePath(root), `${canonical({ ...state, at })}\n`);
    this.#written = { content, at: now };
  }
}

/** When each problem was last seen changes with every look, and is not worth a write. */
function withoutTimes(state: Omit<SupervisorState, "at">): unknown {
  const appearances = Object.entries(state.memory.appearances).map(
    ([key, { last: _last, ...rest }]) => [key, rest],
  );
  return { ...state, memory: { ...state.memory, appearances } };
}

/**
 * Looks each second, and as soon as the world changes.
 * @param complain told what could not be done; it goes on
 * @returns ends it
 */
export function runSupervisor(
  supervisor: Supervisor,
  root: string,
  complain: (message: string) => void,
): () => void {
  let last: string | undefined;
  const look = (): void => {
    try {
      supervisor.look();
      last = undefined;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== last) complain(`cannot compare: ${message}`);
      last = message;
    }
  };
  const world = join(root, "world");
  mkdirSync(world, { recursive: true });
  let soon: NodeJS.Timeout | undefined;
  const watcher = watch(world, () => {
    soon ??= setTimeout(() => {
      soon = undefined;
      look();
    }, SOON_MS);
  });
  // A watch that a file system ends is made up for by looking anyway.
  watcher.on("error", () => watcher.close());
  const timer = setInterval(look, 1000);
  look();
  return () => {
    clearInterval(timer);
    clearTimeout(soon);
    watcher.close();
  };
}
