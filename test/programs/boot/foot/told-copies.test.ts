import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Happening } from "../../../../control-plane/contract/events.ts";
import { readCopies } from "../../../../programs/boot/foot/copies.ts";
import { ToldCopies } from "../../../../programs/boot/foot/told-copies.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "told-copies-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The job's run that ended so many hours ago, the latest that there is. */
function lastRun(hoursAgo: number): void {
  const finished = Math.floor(Date.now() / 1000) - hoursAgo * 3600;
  writeFileSync(join(folder, "last-run"), `result=ok\nfinished=${finished}\n`);
}

/** Who was told what: how many hours old each copy was, and that a look is wanted. */
function listener() {
  const ages: unknown[] = [];
  let looksWanted = 0;
  const tell = (happening: Happening): void => {
    if (happening.kind === "backup") ages.push(hoursOf(happening));
  };
  return { ages, tell, wantLook: () => (looksWanted += 1), looksWanted: () => looksWanted };
}

function hoursOf({ ageSeconds }: { readonly ageSeconds: number | null }): number | null {
  return ageSeconds === null ? null : Math.round(ageSeconds / 3600);
}

/** The copies, each of whose reads has read and is not over before it is released. */
function heldCopies() {
  const reads: { readonly hasRead: Promise<unknown>; readonly release: () => void }[] = [];
  const copies = new ToldCopies(async (folders) => {
    const hasRead = readCopies(folders, () => "/nowhere");
    await new Promise<void>((release) => reads.push({ hasRead, release }));
    return hasRead;
  });
  /** Lets all reads go on at once that begin until the work is over. */
  const freely = async <Done>(work: Promise<Done>): Promise<Done> => {
    let isOver = false;
    const done = work.finally(() => (isOver = true));
    while (!isOver) {
      for (const { release } of reads.splice(0)) release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    return done;
  };
  /** Until the next read has read, which is held then. */
  const nextRead = async (): Promise<() => void> => {
    while (reads.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const { hasRead, release } = reads.shift()!;
    await hasRead;
    return release;
  };
  const found = () => Promise.resolve(new Map([["job", folder]]));
  const look = async () => (await copies.look(found())).map(hoursOf);
  return { copies, look, freely, nextRead };
}

describe("the copies that an Observer was told", () => {
  it("are told once between two looks, when they are new", async () => {
    const { copies, look, freely } = heldCopies();
    const heard = listener();
    lastRun(30);
    expect(await freely(look())).toEqual([30]);
    await freely(copies.tell(heard));
    lastRun(2);
    await freely(copies.tell(heard));
    await freely(copies.tell(heard));
    expect(heard.ages).toEqual([2]);
    rmSync(join(folder, "last-run"));
    await freely(copies.tell(heard));
    expect([heard.ages, heard.looksWanted()]).toEqual([[2], 1]);
  });

  it("are told once when one is made after a look has read and before that is over", async () => {
    const { copies, look, freely, nextRead } = heldCopies();
    const heard = listener();
    lastRun(30);
    await freely(look());
    const looked = look();
    const release = await nextRead();
    lastRun(2);
    await freely(copies.tell(heard));
    release();
    expect(await looked).toEqual([30]);
    await freely(copies.tell(heard));
    await freely(copies.tell(heard));
    expect(heard.ages).toEqual([2]);
  });

  it("are told by the first look alone, and not beside it", async () => {
    const { copies, look, freely, nextRead } = heldCopies();
    const heard = listener();
    lastRun(30);
    const looked = look();
    const release = await nextRead();
    await freely(copies.tell(heard));
    release();
    expect(await looked).toEqual([30]);
    await freely(copies.tell(heard));
    expect(heard.ages).toEqual([]);
  });

  it("are not told older than the look says that came meanwhile", async () => {
    const { copies, look, freely, nextRead } = heldCopies();
    const heard = listener();
    lastRun(30);
    await freely(look());
    lastRun(6);
    const told = copies.tell(heard);
    const release = await nextRead();
    lastRun(2);
    expect(await freely(look())).toEqual([2]);
    release();
    await told;
    await freely(copies.tell(heard));
    expect(heard.ages).toEqual([]);
  });

  it("are told after a look that came to nothing", async () => {
    const { copies, look, freely } = heldCopies();
    const heard = listener();
    lastRun(30);
    await freely(look());
    lastRun(2);
    await expect(copies.look(Promise.reject(new Error("no engine")))).rejects.toThrow("no engine");
    await freely(copies.tell(heard));
    expect(heard.ages).toEqual([2]);
    lastRun(1);
    const stays = Promise.resolve(undefined);
    expect((await freely(copies.look(stays))).map(hoursOf)).toEqual([1]);
  });
});
