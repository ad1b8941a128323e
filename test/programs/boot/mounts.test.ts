import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  lookAtMount,
  MOUNT_LOOK_MS,
  mountTrial,
  renewMount,
  SECOND_LOOK_MS,
  watchMount,
  type MountLook,
} from "../../../programs/boot/mounts.ts";
import { runShell, type ShellResult } from "../../../programs/boot/shell.ts";

const never = new AbortController().signal;
const MOUNT = "/mnt/nas/my-media";

describe("a look at a mount", () => {
  const seen = (result: ShellResult) => lookAtMount(MOUNT, never, () => Promise.resolve(result));
  const error = (text: string) =>
    `stat: cannot read file system information for '${MOUNT}': ${text}`;

  it("says that what its server or its program knows no more is stale", async () => {
    for (const text of ["Stale file handle", "Transport endpoint is not connected"]) {
      const look = await seen({ exitCode: 1, output: error(text) });
      expect(look).toEqual({ saw: "stale", seen: error(text) });
    }
  });

  it("takes no other error and no silence for stale", async () => {
    for (const text of ["Input/output error", "Host is down", "No such file or directory"]) {
      expect((await seen({ exitCode: 1, output: error(text) })).saw).toBe("silent");
    }
    expect(await seen({ exitCode: undefined, output: "", leftBehind: 7 })).toEqual({
      saw: "silent",
      seen: "its server did not answer within 10 s",
      leftBehind: 7,
    });
  });

  it("finds a file system that answers well, by the system's own program", async () => {
    expect(await lookAtMount(tmpdir(), never)).toEqual({ saw: "well", seen: "" });
    const missing = await lookAtMount("/no/such place", never);
    expect(missing).toMatchObject({ saw: "silent" });
    expect(missing.seen).toMatch(/No such file or directory$/);
  });
});

describe("a watch over a mount", () => {
  /** Watches with imitated looks on an imitated clock; answers when each took place, in seconds. */
  async function watched(limit: number, looks: readonly MountLook[], isToLook = () => true) {
    const over = new AbortController();
    const times: number[] = [];
    const told: string[] = [];
    let seconds = 0;
    await watchMount(
      MOUNT,
      { isToLook, onLook: ({ saw }) => told.push(saw) },
      over.signal,
      () => {
        times.push(seconds);
        return Promise.resolve(looks[times.length - 1] ?? { saw: "well", seen: "" });
      },
      (ms) => {
        seconds += ms / 1000;
        if (seconds > limit) over.abort();
        return Promise.resolve();
      },
    );
    return { times, told };
  }

  it("looks every minute, and again soon at one that was stale once", async () => {
    const stale: MountLook = { saw: "stale", seen: "stale" };
    const { times, told } = await watched(300, [stale, stale]);
    const second = (MOUNT_LOOK_MS + SECOND_LOOK_MS) / 1000;
    expect(times).toEqual([60, second, second + 60, second + 120, second + 180]);
    expect(told).toEqual(["stale", "stale", "well", "well", "well"]);
  });

  it("starts no process while nobody runs above it", async () => {
    expect((await watched(600, [], () => false)).times).toEqual([]);
  });

  it("has never two looks at a time: one that hangs is waited for", async () => {
    const hanging = spawn("sleep", ["60"], { detached: true });
    const leftBehind = hanging.pid ?? 0;
    try {
      const { times } = await watched(600, [{ saw: "silent", seen: "no answer", leftBehind }]);
      expect(times).toEqual([60]);
    } finally {
      hanging.kill("SIGKILL");
    }
  });
});

describe("renewing a mount", () => {
  /** Runs the script with programs that only write down how they were called. */
  async function renewed(look: string): Promise<string[]> {
    const folder = mkdtempSync(join(tmpdir(), "renew-"));
    const calls = join(folder, "calls");
    writeFileSync(calls, "");
    mkdirSync(join(folder, "bin"));
    for (const program of ["umount", "systemctl"]) {
      writeFileSync(join(folder, "bin", program), `#!/bin/sh\necho "${program} $*" >> ${calls}\n`, {
        mode: 0o755,
      });
    }
    writeFileSync(join(folder, "bin/stat"), `#!/bin/sh\n${look}\n`, { mode: 0o755 });
    await renewMount(MOUNT, never, (script, limit, signal) =>
      runShell(`PATH=${join(folder, "bin")}:$PATH\n${script}`, limit, signal),
    );
    return readFileSync(calls, "utf8").split("\n").filter(Boolean);
  }

  it.each(["Stale file handle", "Transport endpoint is not connected"])(
    "takes it away, though it is in use, and has its unit mount it: %s",
    async (error) => {
      expect(await renewed(`echo "stat: cannot read: ${error}" >&2; exit 1`)).toEqual([
        `umount --lazy ${MOUNT}`,
        String.raw`systemctl restart mnt-nas-my\x2dmedia.mount`,
      ]);
    },
  );

  it("leaves alone one that somebody mended meanwhile, and one whose server is silent", async () => {
    expect(await renewed("exit 0")).toEqual([]);
    expect(await renewed("echo 'stat: Input/output error' >&2; exit 1")).toEqual([]);
  });
});

describe("a trial of a mount", () => {
  it("mounts as the unit says, and takes it away again", () => {
    expect(mountTrial(MOUNT)).toBe(
      String.raw`unshare --mount --propagation slave sh -c 'mount -t "$1" -o "$2" "$3" "$4" && { umount "$4" || umount --lazy "$4"; }' sh "$(systemctl show --property=Type --value 'mnt-nas-my\x2dmedia.mount')" "$(systemctl show --property=Options --value 'mnt-nas-my\x2dmedia.mount')" "$(systemctl show --property=What --value 'mnt-nas-my\x2dmedia.mount')" '/mnt/nas/my-media' >/dev/null 2>&1`,
    );
  });
});
