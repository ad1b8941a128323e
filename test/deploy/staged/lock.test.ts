import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import {
  clearMark,
  holderText,
  lockText,
  readLock,
  releaseLock,
  renewScript,
  takeLock,
  type DeployLock,
} from "../../../deploy/staged/lock.ts";
import {
  isAliveHere,
  isProvenDead,
  ownIdentity,
  type Owner,
} from "../../../deploy/staged/owner.ts";
import { localHost } from "./local-host.ts";

function lockOf(id: string, owner: Owner = ownIdentity()): DeployLock {
  const since = "2026-11-26T07:00:00.000Z";
  return { version: 1, id, owner, since, commit: "0123456789abcdef", reason: "deploy nas" };
}

/** Who a process of this computer is, as it says itself. */
function ownerOf(pid: number): Owner {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  return { ...ownIdentity(), pid, started };
}

describe("the lock of a host", () => {
  it("is had by exactly one of 20 that ask at once, and the others are told by whom", async () => {
    const { places, shell } = localHost();
    const ids = Array.from({ length: 20 }, (_, index) => `run-${index}`);
    const asked = await Promise.all(ids.map((id) => takeLock("nas", shell, places, lockOf(id))));
    const winners = ids.filter((_, index) => asked[index]?.taken);
    expect(winners).toHaveLength(1);
    for (const answer of asked) {
      if (!answer.taken) expect(answer.held.lock?.id).toBe(winners[0]);
    }
  });

  it("is had by exactly one of 10 that find the lock of the same dead run", async () => {
    const { places, shell } = localHost();
    await takeLock("nas", shell, places, lockOf("dead"));
    const isDead = ({ id }: DeployLock): boolean => id === "dead";
    const ids = Array.from({ length: 10 }, (_, index) => `run-${index}`);
    const asked = await Promise.all(
      ids.map((id) => takeLock("nas", shell, places, lockOf(id), isDead)),
    );
    const takers = asked.flatMap((answer) => (answer.taken ? [answer.from?.id] : []));
    expect(takers).toEqual(["dead"]);
  });

  it("goes with the mark at which the orchestrator keeps its hands off", async () => {
    const { places, shell } = localHost();
    const lock = lockOf("one");
    await takeLock("nas", shell, places, lock);
    expect(existsSync(places.deploying)).toBe(true);
    await releaseLock("nas", shell, places, lockText(lock));
    expect(existsSync(places.deploying)).toBe(false);
    expect(await readLock("nas", shell, places)).toBeUndefined();
  });

  it("goes without that mark where the orchestrator is to work, also without one that a killed run left", async () => {
    const { places, shell } = localHost();
    await takeLock("nas", shell, places, lockOf("dead"));
    const taken = await takeLock("nas", shell, places, lockOf("one"), () => true, "works");
    expect(taken).toMatchObject({ taken: true, from: { id: "dead" } });
    expect(existsSync(places.deploying)).toBe(false);
    expect((await readLock("nas", shell, places))?.lock?.id).toBe("one");
  });

  it("leaves a mark that says who deploys, and is renewed as long as the lock is that run's own", async () => {
    const { places, shell } = localHost();
    const lock = lockOf("one");
    await takeLock("nas", shell, places, lock);
    expect(readFileSync(places.deploying, "utf8")).toBe(lockText(lock));
    const renew = async (id: string): Promise<number> => {
      utimesSync(places.deploying, 1, 1);
      await shell(`set -eu\n${renewScript(places, id)}`);
      return statSync(places.deploying).mtimeMs;
    };
    expect(await renew("two")).toBe(1000);
    expect(await renew("one")).toBeGreaterThan(1000);
    // As after a reboot of the host, whose /run is empty then.
    rmSync(dirname(places.deploying), { recursive: true });
    await shell(`set -eu\n${renewScript(places, "two")}`);
    expect(existsSync(places.deploying)).toBe(false);
    await shell(`set -eu\n${renewScript(places, "one")}`);
    expect(readFileSync(places.deploying, "utf8")).toBe(lockText(lock));
    await releaseLock("nas", shell, places, lockText(lock));
    await shell(`set -eu\n${renewScript(places, "one")}`);
    expect(existsSync(places.deploying)).toBe(false);
  });

  it("takes the mark of a dead run over with its lock, at once", async () => {
    const { places, shell } = localHost();
    await takeLock("nas", shell, places, lockOf("dead"));
    const next = lockOf("next");
    await takeLock("nas", shell, places, next, () => true);
    expect(readFileSync(places.deploying, "utf8")).toBe(lockText(next));
  });

  it("is not needed to clear a mark that was left without one, but keeps one that has its lock", async () => {
    const { places, shell } = localHost();
    await takeLock("nas", shell, places, lockOf("one"));
    expect(await clearMark("nas", shell, places)).toBe(false);
    rmSync(places.lock);
    expect(await clearMark("nas", shell, places)).toBe(true);
    expect(existsSync(places.deploying)).toBe(false);
    expect(await clearMark("nas", shell, places)).toBe(false);
  });

  it("is given back by nobody but its owner", async () => {
    const { places, shell } = localHost();
    await takeLock("nas", shell, places, lockOf("one"));
    await releaseLock("nas", shell, places, lockText(lockOf("two")));
    expect((await readLock("nas", shell, places))?.lock?.id).toBe("one");
    expect(existsSync(places.deploying)).toBe(true);
  });

  it("is never free for its age, and says it", async () => {
    const { places, shell } = localHost();
    const owner = { ...ownIdentity(), host: "a-laptop", user: "ana", pid: 7 };
    await takeLock("nas", shell, places, lockOf("one", owner));
    const lastWeek = Date.now() / 1000 - 7 * 86_400;
    utimesSync(places.lock, lastWeek, lastWeek);
    const asked = await takeLock("nas", shell, places, lockOf("two"));
    if (asked.taken) throw new Error("the lock was taken");
    expect(holderText(asked.held)).toBe(
      "ana@a-laptop, process 7, for 7 d, at commit 0123456789ab: deploy nas",
    );
  });

  it("that cannot be read is held, by nobody knows whom", async () => {
    const { places, shell } = localHost();
    mkdirSync(places.state, { recursive: true });
    writeFileSync(places.lock, '{"version":1,');
    const asked = await takeLock("nas", shell, places, lockOf("two"), () => true);
    expect(asked.taken).toBe(false);
    if (!asked.taken) expect(holderText(asked.held)).toContain("cannot be read");
  });

  it("that cannot be kept on a full disk is an error, and no lock", async () => {
    const { places, shell } = localHost();
    const full = (script: string) =>
      shell(`base64() { echo 'no space left on device' >&2; return 1; }\n${script}`);
    await expect(takeLock("nas", full, places, lockOf("one"))).rejects.toMatchObject({
      code: "HL-DEPLOY-STATE",
    });
    expect(await readLock("nas", shell, places)).toBeUndefined();
  });
});

describe("an owner", () => {
  it("is alive while its process runs, and proven dead once it has been killed", async () => {
    const child = spawn("sleep", ["60"]);
    await once(child, "spawn");
    const owner = ownerOf(child.pid ?? 0);
    expect([isAliveHere(owner), isProvenDead(owner)]).toEqual([true, false]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect([isAliveHere(owner), isProvenDead(owner)]).toEqual([false, true]);
  });

  it("whose number another process has now is dead", () => {
    expect(isProvenDead({ ...ownIdentity(), started: "1" })).toBe(true);
  });

  it("of an earlier boot of this computer is dead", () => {
    expect(isProvenDead({ ...ownIdentity(), boot: "another" })).toBe(true);
  });

  it.each([
    ["of another computer", { host: "a-laptop" }],
    ["of another computer of the same name", { machine: "another" }],
    ["on a system that has no id", { machine: null }],
    ["whose boot nobody knows", { boot: null }],
    ["in another container", { pidNamespace: "pid:[1]" }],
  ])("%s is never proven dead", (_, other) => {
    const gone = spawnSync("true").pid;
    const owner = { ...ownIdentity(), pid: gone, started: "1", ...other };
    expect(isProvenDead(owner)).toBe(false);
    expect(isAliveHere(owner)).toBe(false);
  });
});
