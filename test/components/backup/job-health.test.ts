import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jobHealthScript, jobStartScript } from "../../../components/backup/job-health.plan.ts";
import { DAY, JobRoom, now } from "./job-room.ts";

let room: JobRoom;

beforeEach(() => {
  room = new JobRoom();
});

afterEach(() => room.close());

describe("the sidecar's health", () => {
  const health = () => room.run(jobHealthScript(room.healthSettings()));

  it("is bad when crond is gone", async () => {
    room.volumeOfAge(0);
    room.program("pgrep", "exit 1");
    expect(await health()).toEqual({
      code: 1,
      output: "crond does not run, so no copy will be made\n",
    });
  });

  it("gives a new volume a day of grace", async () => {
    room.volumeOfAge(DAY - 100);
    expect((await health()).code).toBe(0);
    room.volumeOfAge(DAY + 100);
    const { code, output } = await health();
    expect(code).toBe(1);
    expect(output).toContain("no copy was ever made");
  });

  it("is good after a recent copy and bad after an old one", async () => {
    room.volumeOfAge(10 * DAY);
    room.ended("ok", 3600, "snapshot 1a2b3c4d");
    expect((await health()).code).toBe(0);
    room.ended("ok", 26 * 3600, "snapshot 1a2b3c4d");
    const { code, output } = await health();
    expect(code).toBe(1);
    expect(output).toBe("the last copy is 26 h old, more than 25 h\n");
  });

  it("says why the last run failed", async () => {
    room.volumeOfAge(10 * DAY);
    room.ended("failed", 60, "connection refused");
    expect(await health()).toEqual({
      code: 1,
      output: "the last run failed: connection refused\n",
    });
  });

  it("is good while a missed copy is made up for after a start", async () => {
    room.volumeOfAge(10 * DAY);
    room.ended("ok", 5 * DAY, "snapshot 1a2b3c4d");
    writeFileSync(join(room.root, "started"), `${now() - 60}\n`);
    expect((await health()).code).toBe(0);
  });
});

describe("the sidecar's start", () => {
  const start = () =>
    room.run(jobStartScript(room.healthSettings()).replace("sleep 60; exec /backup.sh", "exit 0"));

  it("notes the age of the volume once and ends as crond", async () => {
    room.program("crond", 'echo "crond $*"');
    const { output } = await start();
    expect(output).toContain("crond -f -l 8 -c /etc/crontabs");
    writeFileSync(join(room.state, "since"), "1000\n");
    await start();
    expect(readFileSync(join(room.state, "since"), "utf8")).toBe("1000\n");
  });

  it("makes up for a missed run, and for none on the first day or after a good one", async () => {
    expect((await start()).output).not.toContain("missed");
    room.volumeOfAge(10 * DAY);
    expect((await start()).output).toContain("a copy was missed");
    room.ended("ok", 3600, "snapshot 1a2b3c4d");
    expect((await start()).output).not.toContain("missed");
  });

  it("keeps a good copy of before apart, says that there was none, and takes a failed run for neither", async () => {
    await start();
    expect(room.lastGood()).toBe("");
    rmSync(join(room.state, "last-good"));
    room.ended("failed", 3600, "no space left");
    await start();
    expect(room.lastGood()).toBeUndefined();
    room.ended("ok", 3600, "snapshot 1a2b3c4d");
    await start();
    expect(room.lastGood()).toBe(room.lastRun());
    room.ended("failed", 60, "no space left");
    await start();
    expect(room.lastGood()).toContain("result=ok");
  });
});
