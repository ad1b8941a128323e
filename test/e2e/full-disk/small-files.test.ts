// Each small file that the deployer writes on a host, on a disk that is full for real. It needs root
// to have such a disk, and no machine of the sandbox.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runThere, writeScript } from "../../../deploy/staged/host-files.ts";
import {
  clearMark,
  lockText,
  readLock,
  releaseLock,
  renewScript,
  takeLock,
  type DeployLock,
} from "../../../deploy/staged/lock.ts";
import { Outbox } from "../../../deploy/staged/outbox.ts";
import { runOwnChecks } from "../../../deploy/staged/own-checks.ts";
import { ownIdentity } from "../../../deploy/staged/owner.ts";
import { SHORT_OF, smallDisk, withEverLessShort, type SmallDisk } from "./small-disk.ts";

const AGAIN = "npx homelab deploy nas --resume";

let disk: SmallDisk;
beforeAll(() => {
  disk = smallDisk();
});
afterAll(() => disk.unmount());

function lockOf(id: string): DeployLock {
  const since = "2026-11-26T07:00:00.000Z";
  return { version: 1, id, owner: ownIdentity(), since, commit: "c", reason: "deploy nas" };
}

/** The one message of a full disk: which file, why, and what to do. */
function expectClear(error: unknown): void {
  expect(error).toMatchObject({ code: "HL-DEPLOY-STATE", host: "nas" });
  const { message } = error as Error;
  expect(message).toMatch(/\(.*\/small-disk-[^)]*: No space left on device\); make room there/);
  expect(message).toContain("`ssh nas 'df -h; df -i'`");
  expect(message.split("\n")).toHaveLength(1);
}

/** The guard is empty, and only ever locked. */
function withoutGuard(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !path.endsWith("lock.guard")));
}

function expectAsBefore(before: Record<string, string>): void {
  expect(withoutGuard(disk.files())).toEqual(withoutGuard(before));
}

const isDead = ({ id }: DeployLock): boolean => id === "dead";

describe.each(SHORT_OF)("on a disk that has no more %s", (of) => {
  it.each(["pauses", "works"] as const)(
    "a free lock is not taken, and there is no mark without it (the orchestrator %s)",
    async (orchestrator) => {
      const { shell, places } = disk;
      const take = () => takeLock("nas", shell, places, lockOf("one"), isDead, orchestrator);
      const failures = await withEverLessShort(disk, of, {
        before: () => Promise.resolve(),
        attempt: async () => void (await take()),
        failed: (error, before) => {
          expectClear(error);
          expectAsBefore(before);
        },
        again: async () => expect(await take()).toEqual({ taken: true, from: undefined }),
      });
      expect(failures).toBeGreaterThan(0);
      expect(Object.keys(disk.files())).toContain("root/state/deploy/lock");
    },
  );

  it.each(["pauses", "works"] as const)(
    "the lock of a run that is gone stays, and the next one still learns whose it was (the orchestrator %s)",
    async (orchestrator) => {
      const { shell, places } = disk;
      const take = () => takeLock("nas", shell, places, lockOf("one"), isDead, orchestrator);
      const failures = await withEverLessShort(disk, of, {
        before: async () => void (await takeLock("nas", shell, places, lockOf("dead"))),
        attempt: async () => void (await take()),
        failed: (error, before) => {
          expectClear(error);
          expectAsBefore(before);
        },
        again: async () =>
          expect(await take()).toMatchObject({ taken: true, from: { id: "dead" } }),
      });
      expect(failures).toBeGreaterThan(0);
    },
  );

  it("a lock is read and given back all the same, with its mark", async () => {
    const { shell, places } = disk;
    disk.clear();
    await takeLock("nas", shell, places, lockOf("one"));
    disk.leave(0, of);
    expect((await readLock("nas", shell, places))?.lock?.id).toBe("one");
    expect(await takeLock("nas", shell, places, lockOf("two"))).toMatchObject({ taken: false });
    expect(await clearMark("nas", shell, places)).toBe(false);
    await releaseLock("nas", shell, places, lockText(lockOf("one")));
    expect(withoutGuard(disk.files())).toEqual({});
  });

  it("the mark of a deployment that cannot be renewed stays whole", async () => {
    const { shell, places } = disk;
    const renew = async () =>
      void (await runThere("nas", shell, `${writeScript(new Map())}${renewScript(places, "one")}`));
    await withEverLessShort(disk, of, {
      before: async () => void (await takeLock("nas", shell, places, lockOf("one"))),
      attempt: renew,
      failed: (error, before) => {
        expectClear(error);
        expectAsBefore(before);
      },
      again: renew,
    });
  });

  it("files go to the host all or none, none is removed for them, and they go with the next batch", async () => {
    const { shell, places } = disk;
    const newer = new Map([
      [places.run, "newer"],
      [places.currentStage, "deploy\n"],
      [places.lastService, "samba\n"],
      [places.held, "{}"],
      [`${places.receipts}/20261126T071503Z.json`, "r".repeat(10_000)],
      [`${places.logs}/deploy_20261126T071503Z.log`, "l".repeat(20_000)],
    ]);
    let outbox: Outbox;
    const failures = await withEverLessShort(disk, of, {
      before: async () => {
        const older = [...newer.keys(), places.complete("prepare")].map(
          (path) => [path, "older"] as const,
        );
        await runThere("nas", shell, writeScript(new Map(older)));
        outbox = new Outbox("nas", shell, "", AGAIN);
        outbox.remove([places.complete("prepare")]);
        for (const [path, text] of newer) outbox.put(path, text);
      },
      attempt: () => outbox.flush(),
      failed: (error, before) => {
        expectClear(error);
        expect((error as Error).message).toMatch(new RegExp(`then \`${AGAIN}\`$`));
        expectAsBefore(before);
      },
      again: async () => {
        await outbox.flush();
        const files = disk.files();
        expect(Object.values(files).sort()).toEqual([...newer.values()].sort());
      },
    });
    // At least once for each file that was written.
    expect(failures).toBeGreaterThanOrEqual(newer.size);
  });

  it("a person's own check that fails is never taken for none", async () => {
    const { places } = disk;
    const shell = (script: string) => disk.shell(`export TMPDIR='${disk.host}'\n${script}`);
    const args = { host: "nas", shell, places, mask: (text: string) => text } as const;
    const check = `${places.config}/samba/healthcheck.sh`;
    const seen = async () => {
      const [check] = await runOwnChecks(args, ["samba"]);
      expect(check?.trouble).toMatch(/^fails its healthcheck\.sh/);
    };
    const failures = await withEverLessShort(disk, of, {
      before: async () => {
        await runThere("nas", disk.shell, writeScript(new Map([[check, "echo no\nexit 1\n"]])));
      },
      attempt: seen,
      failed: (error, before) => {
        expectClear(error);
        expectAsBefore(before);
      },
      again: seen,
    });
    expect(failures).toBeGreaterThan(0);
  });
});
