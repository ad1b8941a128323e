import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeDeadLocks } from "../../sandbox/state-locks.ts";

let folder: string;
let running: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "homelab-locks-"));
});

afterEach(async () => {
  running?.kill();
  running = undefined;
  await rm(folder, { recursive: true });
});

/** Writes a lock as Pulumi's file backend does. */
async function lock(text: string): Promise<string> {
  const stack = join(folder, ".pulumi", "locks", "organization", "homelab", "nas");
  await mkdir(stack, { recursive: true });
  const file = join(stack, "55bbbd14.json");
  await writeFile(file, text);
  await writeFile(`${file}.attrs`, "{}");
  return file;
}

const heldBy = (pid: number | undefined) =>
  JSON.stringify({ pid, username: "root", hostname: "here", timestamp: "2026-01-01T00:00:00Z" });

/** A process that goes by this name and does nothing. */
async function processNamed(name: string): Promise<number | undefined> {
  const program = join(folder, name);
  await copyFile("/bin/sleep", program);
  running = spawn(program, ["60"], { stdio: "ignore" });
  await once(running, "spawn");
  return running.pid;
}

describe("the lock of a stack", () => {
  it("is removed when the process that holds it is gone", async () => {
    const pid = await processNamed("pulumi");
    const ended = running && once(running, "exit");
    running?.kill("SIGKILL");
    await ended;
    const file = await lock(heldBy(pid));
    await removeDeadLocks(folder);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.attrs`)).toBe(false);
  });

  it("is removed when another program has its process number", async () => {
    const file = await lock(heldBy(process.pid));
    await removeDeadLocks(folder);
    expect(existsSync(file)).toBe(false);
  });

  it("is removed when its writer was killed before it was whole", async () => {
    const file = await lock('{"pid":17');
    await removeDeadLocks(folder);
    expect(existsSync(file)).toBe(false);
  });

  it("stays while a pulumi holds it", async () => {
    const file = await lock(heldBy(await processNamed("pulumi")));
    await removeDeadLocks(folder);
    expect(existsSync(file)).toBe(true);
  });
});

it("finds nothing to remove where nothing was deployed", async () => {
  await expect(removeDeadLocks(join(folder, "absent"))).resolves.toBeUndefined();
});
