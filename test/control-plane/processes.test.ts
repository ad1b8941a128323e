import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { disk } from "../../control-plane/disk/disk.ts";
import { readSupervisorState } from "../../control-plane/disk/places.ts";
import { bundled } from "./bundled.ts";
import { Root } from "./imitated-root.ts";
import { repositoryOf, said, SMALL, smallHome, START } from "./supervisor/imitated-home.ts";

const programs = { supervisor: "", executor: "" };
const children: ChildProcess[] = [];

beforeAll(async () => {
  programs.supervisor = await bundled("control-plane/supervisor/main.ts");
  programs.executor = await bundled("control-plane/executor/main.ts");
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

function started(part: keyof typeof programs, env: Record<string, string>) {
  const child = spawn(process.execPath, [programs[part]], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** A home that is observed now, by the clock of this computer. */
function observedNow(): Root {
  const home = smallHome();
  home.time = (Date.now() - START) / 1000;
  const root = new Root(home);
  root.observe();
  return root;
}

const PATIENCE = { timeout: 40_000, interval: 50 };

describe("the Supervisor's program", () => {
  it("puts an action into the queue when a service stops, and ends when it is asked to", async () => {
    const root = observedNow();
    const file = join(root.path, "repository.json");
    disk.write(file, JSON.stringify({ version: 1, ...repositoryOf(SMALL) }));
    const child = started("supervisor", { HOMELAB_ROOT: root.path, HOMELAB_REPOSITORY: file });
    await vi.waitFor(() => {
      expect(readSupervisorState(disk, root.path)).toMatchObject({ blind: null, incidents: [] });
    }, PATIENCE);
    root.home.time = (Date.now() - START) / 1000;
    root.home.becomes("nas/files", "exited");
    root.observe();
    await vi.waitFor(() => expect(said(root.actions())).toEqual(["nas start files"]), PATIENCE);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("does not start without the repository, and says which file it is", async () => {
    const root = observedNow();
    const file = join(root.path, "repository.json");
    disk.write(file, JSON.stringify({ version: 1, hosts: [] }));
    const child = started("supervisor", { HOMELAB_ROOT: root.path, HOMELAB_REPOSITORY: file });
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (words += part));
    const [code] = (await once(child, "close")) as [number];
    expect(code).toBe(2);
    expect(words).toMatch(/^supervisor: does not start: .* is no repository as data: /);
    expect(words).toContain(file);
  });
});

describe("the Executor's program", () => {
  it("listens, lets in nobody without a token, and ends when it is asked to", async () => {
    const root = observedNow();
    const env = { HOMELAB_ROOT: root.path, HOMELAB_LISTEN: "127.0.0.1:0" };
    const child = started("executor", env);
    const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
    const port = /^executor: listens on port (\d+)$/.exec(line)?.[1];
    const { status } = await fetch(`http://127.0.0.1:${port}/work`);
    expect(status).toBe(401);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("says so when it cannot listen, and ends", async () => {
    const env = { HOMELAB_ROOT: observedNow().path, HOMELAB_LISTEN: "192.0.2.1:8082" };
    const child = started("executor", env);
    let words = "";
    child.stderr.setEncoding("utf8").on("data", (part: string) => (words += part));
    expect(await once(child, "close")).toEqual([2, null]);
    expect(words).toMatch(/^executor: does not start: listen EADDRNOTAVAIL/);
  });
});
