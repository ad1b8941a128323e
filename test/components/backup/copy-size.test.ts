import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobSettings } from "../../../components/backup/job-script.plan.ts";
import { JobRoom, type Finished } from "./job-room.ts";

let room: JobRoom;
beforeEach(() => {
  room = new JobRoom();
});
afterEach(() => room.close());

describe("a copy that is far smaller than the last ones", () => {
  async function copyOf(size: string, changes: Partial<JobSettings> = {}): Promise<Finished> {
    writeFileSync(join(room.root, "size"), size);
    writeFileSync(join(room.root, "calls"), "");
    return room.job(changes);
  }

  it("makes its run a failed one that names both sizes and the way out, and removes no older copy", async () => {
    for (const size of ["80.5 MiB", "78.000 MiB", "1.2 GiB"]) {
      expect(await copyOf(size), size).toMatchObject({ code: 0 });
    }
    const { code } = await copyOf("12.250 KiB");
    expect(code).toBe(1);
    expect(room.lastRun()).toContain("result=failed");
    expect(room.lastRun()).toContain(
      "snapshot 1a2b3c4d has 12544 bytes, and each of the last 3 had 81788928 or more",
    );
    expect(room.lastRun()).toContain(
      `docker exec app-backup sh -c 'rm ${room.state}/sizes && /backup.sh'`,
    );
    expect(room.calls().some((call) => call.startsWith("forget"))).toBe(false);
    // It is no measure for the next one.
    expect(await copyOf("12.250 KiB")).toMatchObject({ code: 1 });
    rmSync(join(room.state, "sizes"));
    expect(await copyOf("12.250 KiB")).toMatchObject({ code: 0 });
  });

  it("is none among copies that shrink slowly, among small ones, or where data comes and goes", async () => {
    for (const size of ["100 MiB", "60 MiB", "40 MiB", "25 MiB", "15 MiB", "9 MiB"]) {
      expect(await copyOf(size), size).toMatchObject({ code: 0 });
    }
    expect(await copyOf("1 B", { leastPercent: 0 })).toMatchObject({ code: 0 });
    rmSync(join(room.state, "sizes"));
    for (const size of ["900 KiB", "900 KiB", "900 KiB", "12 B"]) {
      expect(await copyOf(size), size).toMatchObject({ code: 0 });
    }
  });
});
