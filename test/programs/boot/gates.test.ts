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
