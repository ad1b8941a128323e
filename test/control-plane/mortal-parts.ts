// Observer, Supervisor and Executor as the processes that they are on the VPS, over one folder, and a
// host that tells and fetches over their doors. Each part may be killed at any moment.
import { spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { LookedContainer } from "../../control-plane/contract/events.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { desiredOf } from "../../control-plane/supervisor/desired.ts";
import { digestOf } from "../../control-plane/supervisor/drift.ts";
import { hostOf, serviceOf } from "../deploy/why/small-fleet.ts";
import { bundled } from "./bundled.ts";
import { batch, newRoot, observe } from "./observer/room.ts";
import { container, hello, look } from "./observer/said.ts";
import { made, repositoryOf } from "./supervisor/imitated-home.ts";

/** The parts that can be killed. */
export const PARTS = ["observer", "supervisor", "executor"] as const;
/** One of them. */
export type Part = (typeof PARTS)[number];

/** The one host. */
export const HOST = "nas";
export const TOKEN = HOST.repeat(20);
/** A host is left to its own orchestrator for so long after its program began. */
const LONG_AGO_MS = 3600_000;

/** The programs, each as one file. */
export async function programsOf(): Promise<Readonly<Record<Part, string>>> {
  const [observer, supervisor, executor] = await Promise.all(
    PARTS.map((part) => bundled(`control-plane/${part}/main.ts`)),
  );
  return { observer: observer ?? "", supervisor: supervisor ?? "", executor: executor ?? "" };
}

/** The folder of a home that has been heard for an hour, in which everything is well. */
export async function wellKnown(services: readonly string[]) {
  const root = newRoot();
  const sum = createHash("sha256").update(TOKEN).digest("hex");
  disk.write(join(root, "tokens", HOST), `${sum}\n`);
  const repository = repositoryOf([hostOf(HOST, ...services.map((name) => serviceOf(name)))]);
  disk.write(join(root, "repository.json"), JSON.stringify({ version: 1, ...repository }));
  const settings = {
    version: 1,
    build: "test",
    root,
    listen: { address: "127.0.0.1", port: 0 },
    tokens: join(root, "tokens"),
    // A busy computer starts a process slowly; nobody is silent for that.
    hosts: { [HOST]: { silentAfterSeconds: 600 } },
    keep: { days: 30, bytes: 1024 ** 3 },
  };
  writeFileSync(join(root, "observer.json"), JSON.stringify(settings));
  const desired = desiredOf(repository).hosts.get(HOST);
  if (!desired) throw new Error(`there is no host ${HOST}`);
  const { plan } = desired;
  /** What a look finds when everything is well, but for what is named. */
  const found = (down: ReadonlySet<string> = new Set()): LookedContainer[] =>
    plan.services.map(({ name, image, spec }) => {
      const isDown = down.has(name);
      return container(name, {
        id: made(name).slice("sha256:".length),
        image,
        spec,
        digest: digestOf(image) ?? null,
        ...(isDown ? { state: "exited", exitCode: 1 } : {}),
      });
    });
  const lookAt = (down?: ReadonlySet<string>) =>
    look(found(down), {
      plan: { digest: plan.digest, commit: null, services: plan.services.map(({ name }) => name) },
      gates: desired.declaration.gates.map(({ name }) => ({ gate: name, open: true, seen: "" })),
    });
  const before = await observe(root, {
    silentAfterSeconds: { [HOST]: 600 },
    now: () => Date.now() - LONG_AGO_MS,
  });
  await before.take(batch(HOST, 1, [hello, lookAt()]));
  await before.close();
  return { root, lookAt, told: 2 };
}

/** The parts of a folder. */
export class MortalParts {
  readonly #programs: Readonly<Record<Part, string>>;
  readonly #root: string;
  readonly #children = new Map<Part, ChildProcess>();
  readonly #ports = new Map<Part, number>();
  /** What the parts complained of. */
  readonly complaints: string[] = [];

  constructor(programs: Readonly<Record<Part, string>>, root: string) {
    this.#programs = programs;
    this.#root = root;
  }

  /** Where a part listens; undefined while it does not. */
  port(part: Part): number | undefined {
    return this.#ports.get(part);
  }

  /** Starts a part, and waits until it listens, where it does. */
  async start(part: Part): Promise<void> {
    const root = this.#root;
    const env = {
      HOMELAB_ROOT: root,
      HOMELAB_REPOSITORY: join(root, "repository.json"),
      HOMELAB_LISTEN: "127.0.0.1:0",
    };
    const args = part === "observer" ? [join(root, "observer.json")] : [];
    const child = spawn(process.execPath, [this.#programs[part], ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#children.set(part, child);
    child.stderr.setEncoding("utf8").on("data", (text: string) => this.complaints.push(text));
    if (part === "supervisor") return;
    for await (const line of createInterface({ input: child.stdout })) {
      const [, port] = /port (\d+)$/.exec(line) ?? [];
      if (port === undefined) continue;
      this.#ports.set(part, Number(port));
      return;
    }
    throw new Error(`the ${part} ended before it listened: ${this.complaints.join("")}`);
  }

  /** Kills a part as a power cut does. */
  async kill(part: Part): Promise<void> {
    const child = this.#children.get(part);
    if (!child) throw new Error(`there is no ${part}`);
    this.#ports.delete(part);
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  /** Kills what is left. */
  end(): void {
    for (const child of this.#children.values()) child.kill("SIGKILL");
  }
}
