// A home of one host in which every part is the real one: Observer, Supervisor and Executor as they
// run on the VPS, and the foot on a host with the files that its stack writes. The engine is imitated.
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, vi } from "vitest";
import { actingFiles } from "../../components/core/acting.ts";
import { REPORTING_FOLDER, reportingFiles } from "../../components/core/reporting.ts";
import type { Action } from "../../control-plane/contract/actions.ts";
import type { Verb } from "../../control-plane/contract/verbs.ts";
import { approve, signable } from "../../control-plane/desk/decide.ts";
import { signOrder } from "../../control-plane/desk/sign.ts";
import { auditLines } from "../../control-plane/disk/audit-trail.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { readQueue, readSupervisorState, readWorlds } from "../../control-plane/disk/places.ts";
import { runExecutor } from "../../control-plane/executor/run.ts";
import { DISK } from "../../control-plane/observer/disk.ts";
import { makeDoor } from "../../control-plane/observer/door.ts";
import { placesBelow } from "../../control-plane/observer/places.ts";
import { readTokens } from "../../control-plane/observer/tokens.ts";
import { desiredOf } from "../../control-plane/supervisor/desired.ts";
import { Supervisor } from "../../control-plane/supervisor/run.ts";
import { COPY_RECORDS, copyVolume } from "../../model/copy-record.ts";
import { hostPlan } from "../../model/host-plan.ts";
import type { Signer } from "../../model/signers.ts";
import { initialState, type GateState } from "../../programs/boot/boot-state.ts";
import { Acting } from "../../programs/boot/foot/acting.ts";
import { Foot } from "../../programs/boot/foot/foot.ts";
import { startPlan } from "../../programs/boot/start-plan.ts";
import { hostOf, serviceOf } from "../deploy/why/small-fleet.ts";
import {
  ImitatedContainers,
  type ImitatedContainer,
} from "../programs/boot/foot/imitated-containers.ts";
import { QUICK } from "../programs/boot/foot/told-observer.ts";
import { newRoot, observe } from "./observer/room.ts";
import { COMMIT, repositoryOf } from "./supervisor/imitated-home.ts";

const HOST = "nas";
const TOKEN = "h".repeat(48);
const EACH_MS = 50;
/** A host is left to its own orchestrator for so long after its program began. */
const AFTER_THE_BOOT_MS = 10 * 60_000;
const MEDIA = {
  name: "media",
  kind: "mount",
  path: "/mnt/media",
  source: "192.0.2.12:/srv/media",
  writable: true,
  remedy: "mount it",
} as const;
/** The one job, which copies each night. */
const JOB = "files-backup";
const NIGHTLY = {
  repository: "files",
  schedule: "45 2 * * *",
  protects: [],
  keep: { daily: 7, weekly: 4, monthly: 12 },
  maxAgeHours: 25,
} as const;
const NOBODY = { maintenance: null, hold: null, deploying: false };

/** How long is waited for anything, on a computer that may be busy. */
export const PATIENCE = { timeout: 60_000, interval: 20 };

const toClose: (() => void | Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

/** Of a home that runs, what a test sees and does. */
export type ApprovingHome = Awaited<ReturnType<typeof approvingHome>>;

/**
 * A home in which everything is healthy, known, and long booted.
 * @param signers whose orders its host carries out
 */
export async function approvingHome(signers: readonly Signer[]) {
  const root = newRoot();
  let shift = 0;
  const now = (): number => Date.now() + shift;

  // The VPS. What its stack writes names no commit, as a checkout of the VPS's own would.
  const tokens = join(root, "tokens");
  disk.write(join(tokens, HOST), `${createHash("sha256").update(TOKEN).digest("hex")}\n`);
  const services = [
    serviceOf("store"),
    serviceOf("files"),
    serviceOf("player", "gate:media"),
    { ...serviceOf(JOB), backup: NIGHTLY },
  ];
  const repository = repositoryOf([{ ...hostOf(HOST, ...services), gates: [MEDIA] }], {
    commit: null,
  });
  const observer = await observe(root, { silentAfterSeconds: { [HOST]: 60 }, now });
  const known = await readTokens(DISK, tokens, [HOST]);
  const door = makeDoor({
    build: "test",
    tokens: () => known,
    take: (batch) => observer.take(batch),
    isWritable: () => true,
    denied: () => undefined,
  });
  await new Promise<void>((resolve) => door.listen(0, "127.0.0.1", resolve));
  const supervisor = new Supervisor({ disk, root, desired: desiredOf(repository), now });
  const health = placesBelow(root).health;
  const told = every(async () => {
    await observer.writeWorld();
    const said = observer.health({ denied: 0, withoutToken: [] });
    await DISK.put(health, `${JSON.stringify(said)}\n`, false);
    supervisor.look();
  });
  const executor = await runExecutor({
    disk,
    root,
    tokens,
    address: "127.0.0.1",
    port: 0,
    own: new Set(),
    complain: (message) => {
      throw new Error(message);
    },
    lookEachMs: EACH_MS,
    now,
  });

  // The host.
  const [declaration] = repository.hosts;
  if (!declaration) throw new Error("there is no host");
  const plan = hostPlan(declaration, repository.lock, COMMIT);
  const containers = plan.services.map(({ name, image, spec }) => {
    return [name, { status: "running", health: "healthy", image, spec }] as const;
  });
  const engine = await new ImitatedContainers(Object.fromEntries(containers)).listen();
  const volume = mkdtempSync(join(tmpdir(), "copies-"));
  engine.volumes.set(copyVolume(JOB), volume);
  const copied = (hoursAgo: number | "unknown"): void => {
    const record = join(volume, COPY_RECORDS.lastRun);
    if (hoursAgo === "unknown") return writeFileSync(record, "result=failed\n");
    const finished = Math.floor(Date.now() / 1000 - hoursAgo * 3600);
    writeFileSync(record, `result=ok\nstarted=${finished}\nfinished=${finished}\n`);
  };
  copied(1);
  const etc = mkdtempSync(join(tmpdir(), "etc-"));
  const own = mkdtempSync(join(tmpdir(), "actor-"));
  const address = (port: number): string => `http://127.0.0.1:${port}`;
  const files = [
    ...reportingFiles(HOST, { url: address((door.address() as AddressInfo).port) }, TOKEN),
    ...(signers.length > 0 ? actingFiles(HOST, { url: address(executor.port), signers }) : []),
  ];
  for (const { path, content, mode } of files) {
    writeFileSync(join(etc, basename(path)), content.replaceAll(REPORTING_FOLDER, etc), {
      mode: Number.parseInt(mode, 8),
    });
  }
  const around = {
    host: HOST,
    engine: engine.engine,
    plan: () => Promise.resolve(plan),
    write: () => undefined,
    marks: () => NOBODY,
    pace: QUICK,
  };
  const foot = new Foot({
    ...around,
    build: "test",
    boot: "1",
    settings: join(etc, "observer.json"),
  });
  const acting = new Acting({
    ...around,
    settings: join(etc, "actor.json"),
    root: own,
    now,
    acted: () => foot.lookAnew(),
    // A mount that is there again is seen by the orchestrator, which tells both.
    run: (script) => {
      scripts.push(script);
      if (script.startsWith("systemctl start")) see({ at: "open", since: 1, blind: [] });
      return Promise.resolve({ exitCode: 0, output: "" });
    },
  });
  const scripts: string[] = [];
  const see = (media: GateState): void => {
    const gates = new Map([["gate:media", media]]);
    const state = { ...initialState(startPlan(plan)), staying: true, gates };
    foot.observe(state, 1);
    acting.observe(state);
  };
  see({ at: "open", since: 0, blind: [] });
  const over = new AbortController();
  const running = [foot.run(over.signal), acting.run(over.signal)];
  toClose.push(
    () => void door.closeAllConnections(),
    () => new Promise((resolve) => door.close(resolve)),
    told,
    () => executor.stop(),
    () => engine.close(),
    async () => {
      over.abort();
      await Promise.all(running);
    },
  );

  const world = () => readWorlds(disk, root).get(HOST);
  const home = {
    root,
    engine,
    /** The orchestrator sees how the gate of the mount is. */
    see,
    /** The job's last good copy was made so many hours ago, or nobody knows when. */
    copied,
    /** Age of the job's last good copy as the Observer knows it, in whole hours; undefined while it knows none. */
    copyHours: () => {
      const age = world()?.backups[JOB]?.ageSeconds;
      return typeof age === "number" ? Math.floor(age / 3600) : age;
    },
    /** What was run on the host. */
    scripts,
    /** Time passes, in which everybody was heard. */
    pass: (ms: number) => (shift += ms),
    incidents: () => readSupervisorState(disk, root)?.incidents,
    stateOf: (service: string) => world()?.services[service]?.state,
    gate: (name: string) => world()?.gates[name]?.state,
    /** The one action there is. @param verb of those that do this. @default of all */
    action: (verb?: Verb): Action => {
      const actions = readQueue(disk, root);
      const [found, other] = actions.filter(
        ({ binding }) => verb === undefined || binding.verb === verb,
      );
      if (!found || other) throw new Error("there is not one action");
      return found;
    },
    /** Waits for it to be in a state. */
    until: (state: Action["state"], verb?: Verb) =>
      vi.waitFor(() => {
        const found = home.action(verb);
        if (found.state !== state) throw new Error(`it is ${found.state}: ${found.outcome}`);
        return found;
      }, PATIENCE),
    /** Somebody signs what is shown, with a key. */
    approve: async (by: string, key: string): Promise<void> => {
      const { id, hash } = home.action();
      const found = signable(disk, root, id, now());
      if ("refused" in found) throw new Error(found.refused);
      const authority = await signOrder(found.text, key);
      const answer = approve(disk, root, id, hash, authority, { by, now: now() });
      if ("refused" in answer) throw new Error(answer.refused);
    },
    /** What a part wrote down, e.g. "began anna". */
    audit: (part: "supervisor" | "executor" | "actor"): string[] =>
      auditLines(disk, part === "actor" ? own : root, part).lines.map(({ what, by }) =>
        [what, ...(by === undefined ? [] : [by])].join(" "),
      ),
    /** What is seen of a container from now on, and what the engine says of it. */
    becomes: (service: string, change: Partial<ImitatedContainer>, said: string) => {
      const [, before] = containers.find(([name]) => name === service) ?? [];
      if (!before) throw new Error(`there is no ${service}`);
      engine.set(service, { ...before, ...change });
      engine.say(service, said);
    },
  };
  await vi.waitFor(() => {
    const states = plan.services.map(({ name }) => home.stateOf(name));
    if (!engine.isHeard || states.some((state) => state !== "healthy")) throw new Error("not yet");
    if (readSupervisorState(disk, root)?.blind !== null) throw new Error("it is blind");
  }, PATIENCE);
  home.pass(AFTER_THE_BOOT_MS);
  return home;
}

/** A signer by a key file. */
export function signerOf(name: string, key: string): Signer {
  return { name, key: readFileSync(`${key}.pub`, "utf8").trim() };
}

/** Runs a task again and again, never two of it at once; answers what ends it. */
function every(task: () => Promise<void>): () => Promise<void> {
  let isOver = false;
  const turns = (async () => {
    while (!isOver) {
      await task();
      await new Promise((resolve) => setTimeout(resolve, EACH_MS));
    }
  })();
  return () => {
    isOver = true;
    return turns;
  };
}
