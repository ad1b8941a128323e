import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Work } from "../../../control-plane/contract/work.ts";
import { bundled } from "../bundled.ts";
import { stopped, type Root } from "../imitated-root.ts";

let program: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  program = await bundled("test/control-plane/executor/mortal-executor.ts");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** A real process; its port, or undefined when it was killed before it listened. */
async function started(root: Root, diesAfter: number): Promise<number | undefined> {
  const child = spawn(process.execPath, [program], {
    env: {
      ROOT: root.path,
      DIES_AFTER: String(diesAfter),
      CLOCK_AHEAD_MS: String(root.now() - Date.now()),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  const listens = once(createInterface({ input: child.stdout }), "line").then(([line]) => {
    return Number(String(line).replace("port ", ""));
  });
  const gone = once(child, "exit").then(() => undefined);
  return Promise.race([listens, gone]);
}

/** A host that does what it gets, and says so for as long as somebody listens. */
class Host {
  readonly got: string[] = [];
  readonly acted: string[] = [];
  /** What the Executor acknowledged. */
  readonly acknowledged: string[] = [];

  constructor(readonly token: string) {}

  async turn(port: number, act: () => void): Promise<void> {
    const headers = { authorization: `Bearer ${this.token}`, "content-type": "application/json" };
    const base = `http://127.0.0.1:${port}/work`;
    const answer = await fetch(base, { headers, signal: AbortSignal.timeout(1500) });
    if (answer.status !== 200) return;
    const { id } = (await answer.json()) as Work;
    this.got.push(id);
    const say = async (step: string): Promise<boolean> => {
      const body = JSON.stringify({ version: 1, ok: true, said: step });
      const { status } = await fetch(`${base}/${id}/${step}`, { method: "POST", headers, body });
      if (status === 200) this.acknowledged.push(step);
      return status === 200;
    };
    if (!(await say("began"))) return;
    this.acted.push(id);
    act();
    await say("ended");
  }
}

describe("the Executor's process, killed (SIGKILL)", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])(
    "after change %i of the disk, hands nothing out twice and loses nothing that it acknowledged",
    async (point) => {
      const root = stopped();
      const { id } = root.action("pending");
      root.approve(root.action("pending"));
      const host = new Host(root.token("nas"));
      const act = (): void => {
        root.home.time += 30;
        root.home.becomes("nas/files", "healthy");
        root.observe();
      };
      let port = await started(root, point);
      const isOver = (): boolean => root.actions("verified", "failed").length > 0;
      const isCut = (): boolean =>
        host.acted.length === 0 && root.actions("interrupted").length > 0;
      const deadline = Date.now() + 240_000;
      while (!isOver() && !isCut() && Date.now() < deadline) {
        if (port === undefined) {
          port = await started(root, 0);
          // What was there before the cut says nothing; the host looks again.
          if (host.acted.length > 0) act();
        } else {
          const gone = await host.turn(port, act).then(
            () => false,
            (error: unknown) => !String(error).includes("timeout"),
          );
          if (gone) port = undefined;
        }
      }
      expect(host.got.length).toBeLessThanOrEqual(1);
      expect(host.acted).toEqual(host.acknowledged.includes("began") ? [id] : []);
      const [action] = root.actions();
      expect(action?.state).toBe(host.acted.length > 0 ? "verified" : "interrupted");
      expect(root.audit().filter((what) => what === "claimed").length).toBeLessThanOrEqual(1);
    },
    300_000,
  );
});
