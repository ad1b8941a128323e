import { describe, expect, it } from "vitest";
import { isBlindTo, parseMounts } from "../../../programs/boot/mount-view.ts";

describe("what a process sees", () => {
  it("is read from the kernel's list of its mounts", () => {
    const text = "36 35 0:52 / /mnt/nas/media rw,noatime master:1 - fuse.sshfs nas:/srv/media rw\n";
    expect(parseMounts(text)).toEqual([{ device: "0:52", path: "/mnt/nas/media" }]);
  });

  it("is the same as what we see, in our own process", async () => {
    expect(await isBlindTo("/proc", process.pid)).toBe(false);
  });

  it("is not judged when the process is gone or nothing is mounted", async () => {
    expect(await isBlindTo("/proc", 2 ** 30)).toBe(false);
    expect(await isBlindTo("/no/mount/here", process.pid)).toBe(false);
  });
});
