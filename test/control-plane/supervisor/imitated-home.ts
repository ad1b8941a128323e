// A home as the Observer would know it when everything is as declared, to be changed by a test.
import { createHash } from "node:crypto";
import type { Action } from "../../../control-plane/contract/actions.ts";
import { NO_MEMORY, type Memory } from "../../../control-plane/contract/supervisor-state.ts";
import type { HostWorld, ServiceWorld } from "../../../control-plane/contract/world.ts";
import {
  desiredOf,
  type Desired,
  type Repository,
} from "../../../control-plane/supervisor/desired.ts";
import { digestOf } from "../../../control-plane/supervisor/drift.ts";
import { recommend, type Recommendation } from "../../../control-plane/supervisor/recommend.ts";
import type { HostDeclaration } from "../../../model/declaration.ts";
import { hostOf, serviceOf } from "../../deploy/why/small-fleet.ts";

/** When nothing happens yet. */
export const START = Date.parse("2026-11-26T12:00:00.000Z");
export const COMMIT = "c".repeat(40);

/** The time so many seconds after the start. */
export function after(seconds: number): string {
  return new Date(START + seconds * 1000).toISOString();
}

/** A repository with made-up digests. */
export function repositoryOf(
  hosts: readonly HostDeclaration[],
  more: Partial<Repository> = {},
): Repository {
  const images = hosts.flatMap(({ services }) => services.map(({ image }) => image));
  const lock = { version: 1, images: Object.fromEntries(images.map((one) => [one, made(one)])) };
  return { commit: COMMIT, lock: lock as Repository["lock"], hosts, ...more };
}

/** A digest of nothing that exists. */
export function made(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** A world in which everything is as desired. */
export function worldsOf(desired: Desired): Map<string, HostWorld> {
  return new Map([...desired.hosts.keys()].map((host) => [host, worldOf(desired, host)]));
}

function worldOf({ hosts, commit }: Desired, host: string): HostWorld {
  const at = after(-3600);
  const known = hosts.get(host);
  if (!known) throw new Error(`there is no host ${host}`);
  const services = known.plan.services.map(({ name, image, spec }) => {
    const container = {
      id: made(`${host}/${name}`).slice("sha256:".length),
      image,
      digest: digestOf(image) ?? null,
      spec,
      startedAt: at,
      exitCode: null,
      outOfMemory: false,
      restarts: 0,
      at,
    };
    const service: ServiceWorld = {
      state: "healthy",
      since: at,
      at,
      was: null,
      reason: null,
      planned: true,
      container,
      asked: false,
      heldBy: null,
    };
    return [name, service] as const;
  });
  return {
    version: 1,
    host,
    sequence: 7,
    freshness: { state: "fresh", since: at, heard: at, silentAfterSeconds: 15 },
    gap: null,
    program: { build: "b", boot: "1", at },
    engine: { state: "answers", reason: null, at },
    plan: { digest: known.plan.digest, commit, at },
    maintenance: null,
    hold: null,
    deploying: null,
    looked: at,
    clockAheadSeconds: 0,
    services: Object.fromEntries(services),
    gates: Object.fromEntries(
      known.declaration.gates.map(({ name }) => [
        name,
        { state: "open" as const, since: at, at, seen: "" },
      ]),
    ),
    backups: {},
    counts: { events: 1, late: 0, lost: 0 },
  };
}

/** A home over time: what changes is changed in `worlds`, and each `look` compares. */
export class Home {
  desired: Desired;
  readonly worlds: Map<string, HostWorld>;
  memory: Memory = NO_MEMORY;
  queue: Action[] = [];
  /** Seconds since the start. */
  time = 0;

  constructor(repository: Repository) {
    this.desired = desiredOf(repository);
    this.worlds = worldsOf(this.desired);
  }

  world(host: string): HostWorld {
    const found = this.worlds.get(host);
    if (!found) throw new Error(`there is no host ${host}`);
    return found;
  }

  change(host: string, change: Partial<HostWorld>): void {
    this.worlds.set(host, { ...this.world(host), ...change });
  }

  /** A service is something else from now on. */
  becomes(id: string, state: ServiceWorld["state"], more: Partial<ServiceWorld> = {}): void {
    const [host = "", name = ""] = id.split("/");
    const world = this.world(host);
    const before = world.services[name];
    if (!before) throw new Error(`there is no service ${id}`);
    const now = after(this.time);
    const service = { ...before, state, since: now, at: now, ...more };
    this.change(host, { services: { ...world.services, [name]: service } });
  }

  gate(id: string, state: "open" | "closed"): void {
    const [host = "", name = ""] = id.split("/gate:");
    const now = after(this.time);
    const gate = { state, since: now, at: now, seen: state === "open" ? "" : "not mounted" };
    this.change(host, { gates: { ...this.world(host).gates, [name]: gate } });
  }

  /** Nothing is heard of a host any more, and so of nothing on it. */
  unplug(host: string): void {
    const now = after(this.time);
    const world = this.world(host);
    const gone = { state: "unreachable" as const, since: now };
    this.change(host, {
      freshness: { ...world.freshness, state: "unreachable", since: now },
      engine: { ...world.engine, state: "unreachable" },
      services: Object.fromEntries(
        Object.entries(world.services).map(([name, one]) => [
          name,
          { ...one, ...gone, was: one.state },
        ]),
      ),
      gates: Object.fromEntries(
        Object.entries(world.gates).map(([name, one]) => [name, { ...one, ...gone }]),
      ),
    });
  }

  /** It is heard again, and everything on it is as desired. */
  plugIn(host: string): void {
    this.worlds.set(host, worldOf(this.desired, host));
  }

  /** Compares, so many seconds after the last time, and keeps what follows. */
  look(seconds = 1): Recommendation {
    this.time += seconds;
    const known = { memory: this.memory, queue: this.queue };
    const found = recommend(this.desired, this.worlds, START + this.time * 1000, known);
    this.memory = found.memory;
    // What the Executor does about them.
    this.queue = this.queue.map((action) => {
      const closing = found.closing[action.id];
      if (!closing) return action;
      const { state, by, why } = closing;
      return { ...action, state, since: after(this.time), outcome: why, supersededBy: by };
    });
    this.queue.push(...found.actions);
    return found;
  }

  /** Compares each `step` seconds; answers all that was proposed. */
  during(seconds: number, step = 1): Action[] {
    const proposed: Action[] = [];
    for (let passed = 0; passed < seconds; passed += step) {
      proposed.push(...this.look(step).actions);
    }
    return proposed;
  }

  /** An action goes into another state. */
  now(id: string, state: Action["state"]): void {
    this.queue = this.queue.map((one) =>
      one.id === id ? { ...one, state, since: after(this.time) } : one,
    );
  }
}

/** Names what actions do, e.g. "nas start jellyfin". */
export function said(actions: readonly Action[]): string[] {
  return actions.map(({ binding: { host, verb, target } }) => `${host} ${verb} ${target}`);
}

/** A web service on the Docker VM that needs a database there, and one that needs the NAS's store. */
export function smallHome(more: Partial<Repository> = {}): Home {
  return new Home(repositoryOf(SMALL, more));
}

const vm = hostOf(
  "docker-vm",
  serviceOf("db"),
  serviceOf("web", "db"),
  serviceOf("job", "web"),
  serviceOf("sync", "nas/store"),
);

/** Its hosts. */
export const SMALL: readonly HostDeclaration[] = [
  hostOf("nas", serviceOf("store"), serviceOf("files")),
  {
    ...vm,
    gates: [
      {
        name: "media",
        kind: "mount",
        path: "/mnt/media",
        source: "192.0.2.12:/srv/media",
        writable: true,
        remedy: "mount it",
      },
    ],
    services: [
      ...vm.services,
      serviceOf("player", "gate:media"),
      serviceOf("indexer", "gate:media"),
    ],
  },
];
