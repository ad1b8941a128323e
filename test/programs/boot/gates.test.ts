import { describe, expect, it } from "vitest";
import { watchGate, type Verdict } from "../../../programs/boot/gates.ts";
import { runShell } from "../../../programs/boot/shell.ts";
import type { PlannedGate } from "../../../model/host-plan.ts";

const mount: PlannedGate = {
  name: "nas-media",
  remedy: "switch the NAS on",
  limitSeconds: 300,
  condition: { kind: "mount", path: "/mnt/nas/my-media", source: "nas:/srv/media", writable: true },
};

describe("watching a gate", () => {
  it("has a missing mount mounted, and looks again at once when that worked", async () => {
    const scripts: string[] = [];
    const verdicts: Verdict[] = [];
    let mounted = false;
    const begin = performance.now();
    await watchGate(
      mount,
      (verdict) => verdicts.push(verdict),
      new AbortController().signal,
      (script) => {
        scripts.push(script);
        if (script.startsWith("systemctl")) mounted = true;
        const looked = {
          exitCode: mounted ? 0 : 1,
          output: mounted ? "" : "nothing is mounted at /mnt/nas/my-media",
        };
        return Promise.resolve(looked);
      },
    );
    expect(verdicts.map(({ open }) => open)).toEqual([false, true]);
    expect(scripts[1]).toBe(String.raw`systemctl start 'mnt-nas-my\x2dmedia.mount'`);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it("says of a closed one what is mounted there, and starts no unit for it", async () => {
    const over = new AbortController();
    const scripts: string[] = [];
    const verdicts: Verdict[] = [];
    await watchGate(
      mount,
      (verdict) => {
        verdicts.push(verdict);
        over.abort();
      },
      over.signal,
      (script) => {
        scripts.push(script);
        const output = script.startsWith("env")
          ? "stat: cannot read: Transport endpoint is not connected"
          : "/mnt/nas/my-media does not answer";
        return Promise.resolve({ exitCode: 1, output });
      },
    );
    expect(verdicts).toEqual([
      { open: false, seen: "/mnt/nas/my-media does not answer", saw: "stale" },
    ]);
    expect(scripts.filter((script) => script.startsWith("systemctl start"))).toEqual([]);
  });

  it("stops looking when nobody waits any longer", async () => {
    const over = new AbortController();
    let looks = 0;
    const closed = () => Promise.resolve({ exitCode: 1, output: "closed" });
    const watching = watchGate(mount, () => (looks += 1), over.signal, closed);
    setTimeout(() => over.abort(), 50);
    await watching;
    expect(looks).toBe(1);
  });
});

describe("a mount whose gate stayed closed", () => {
  /** What was run while it was looked at so many times. */
  async function ran(looks: number, serverGives: boolean): Promise<string[]> {
    const over = new AbortController();
    const scripts: string[] = [];
    let looked = 0;
    await watchGate(
      mount,
      () => {
        looked += 1;
        if (looked === looks) over.abort();
      },
      over.signal,
      (script) => {
        const isTrial = script.startsWith("unshare");
        if (isTrial) scripts.push("trial");
        if (script.startsWith("systemctl start")) scripts.push("start");
        const output = "nothing is mounted at /mnt/nas/my-media";
        return Promise.resolve({ exitCode: isTrial && serverGives ? 0 : 1, output });
      },
      () => "slow",
      () => Promise.resolve(),
    );
    return scripts;
  }

  it("is tried without its unit, which writes to the journal, and started once the server gives it", async () => {
    expect(await ran(3, false)).toEqual(["trial", "trial", "trial"]);
    expect(await ran(2, true)).toEqual(["trial", "start", "trial", "start"]);
  });

  it("is started all the same every two minutes, should the trial be wrong", async () => {
    const scripts = await ran(17, false);
    expect(scripts.filter((script) => script === "start")).toHaveLength(2);
  });
});

describe("a look", () => {
  const never = new AbortController().signal;

  it("gives exit code and last line", async () => {
    expect(await runShell("echo first; echo why >&2; exit 3", 5000, never)).toEqual({
      exitCode: 3,
      output: "why",
    });
  });

  it("that hangs is given up after its limit, with everything it started", async () => {
    const begin = performance.now();
    expect((await runShell("sleep 60 | sleep 60", 100, never)).exitCode).toBeUndefined();
    expect(performance.now() - begin).toBeLessThan(30_000);
  });
});
