// From what stops to what runs again, over every part: what one writes the next has to understand.
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { ANNA, THIEF } from "./actor/keys.ts";
import { disk } from "../../control-plane/disk/disk.ts";
import { policiesPath, readQueue } from "../../control-plane/disk/places.ts";
import { dated, signedPolicies } from "./actor/policies.ts";
import { approvingHome, PATIENCE, signerOf, type ApprovingHome } from "./approving-home.ts";
import { COMMIT } from "./supervisor/imitated-home.ts";

const HANDED_OUT = ["approved anna", "offered", "claimed", "began", "ended", "verified"];

const DAY_MS = 24 * 3600_000;

/** Somebody signs that one start in a week may go without a person, at any time of the day. */
async function signsPolicy({ root }: ApprovingHome, key: string): Promise<void> {
  const wholeSeconds = (at: number) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const policies = dated(
    {
      name: "any-time",
      verbs: ["start"],
      hours: { from: "00:00", until: "00:00" },
      atMost: { times: 1, hours: 168 },
    },
    { signed: wholeSeconds(Date.now()), until: wholeSeconds(Date.now() + DAY_MS) },
  );
  disk.write(policiesPath(root), JSON.stringify(await signedPolicies(policies, key)));
}

describe("what a person signed that may go without", () => {
  it("goes by itself, once, by the word of the host's own check, and what is more waits for a person", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    await signsPolicy(home, ANNA);
    home.engine.stop("files");
    const { decision } = await home.until("verified");
    expect(decision?.by).toBe("policy any-time");
    expect(home.engine.did).toEqual(["start files"]);
    expect(home.audit("actor")).toEqual([
      "began policy any-time of anna",
      "ended policy any-time of anna",
    ]);
    home.engine.stop("store");
    const second = await vi.waitFor(() => {
      const found = readQueue(disk, home.root).find(({ binding }) => binding.target === "store");
      if (!found) throw new Error("nothing is recommended for it");
      return found;
    }, PATIENCE);
    await pause(500);
    const later = readQueue(disk, home.root).find(({ id }) => id === second.id);
    expect(later?.state).toBe("pending");
    expect(home.engine.did).toEqual(["start files"]);
  });

  it("is refused by the host when nobody it knows signed it, and its action failed", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    await signsPolicy(home, THIEF);
    home.engine.stop("files");
    const { outcome } = await home.until("failed");
    expect(outcome).toBe("its host refused it: nobody whose key is on this host signed it");
    expect(home.audit("actor")).toEqual(["refused"]);
    expect(home.engine.did).toEqual([]);
  });
});

describe("what a person approves", () => {
  it("starts what somebody stopped, once, and is done when that is seen", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    expect(home.incidents()).toEqual([]);
    home.engine.stop("files");
    const { binding } = await home.until("pending");
    expect(binding).toMatchObject({ host: "nas", verb: "start", target: "files", commit: null });
    await home.approve("anna", ANNA);
    await home.until("verified");
    expect(home.engine.did).toEqual(["start files"]);
    expect(home.audit("supervisor")).toEqual(["proposed"]);
    expect(home.audit("executor")).toEqual(HANDED_OUT);
    expect(home.audit("actor")).toEqual(["began anna", "ended anna"]);
    expect(home.stateOf("files")).toBe("healthy");
    await vi.waitFor(() => expect(home.incidents()).toEqual([]), PATIENCE);
  });

  it("restarts what has been unhealthy for a while", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    home.becomes("files", { health: "unhealthy" }, "health_status: unhealthy");
    await vi.waitFor(() => expect(home.stateOf("files")).toBe("unhealthy"), PATIENCE);
    home.pass(2 * 60_000);
    const { binding } = await home.until("pending");
    expect(binding).toMatchObject({ verb: "restart", target: "files" });
    await home.approve("anna", ANNA);
    await home.until("verified");
    expect(home.engine.did).toEqual(["restart files 30"]);
  });

  it("mounts what is not there, though the Supervisor was told no commit", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    home.see({ at: "closed", seen: "nothing is mounted" });
    // Who stops the services behind a gate has seen it closed before; else somebody stopped them.
    await vi.waitFor(() => expect(home.gate("media")).toBe("closed"), PATIENCE);
    home.engine.stop("player");
    await vi.waitFor(() => expect(home.stateOf("player")).toBe("exited"), PATIENCE);
    home.pass(2 * 60_000);
    const { binding } = await home.until("pending");
    expect(binding).toMatchObject({ verb: "remount", target: "media", commit: COMMIT });
    await home.approve("anna", ANNA);
    // As soon as the mount is there, it is recommended to start who was stopped.
    await home.until("verified", "remount");
    expect(home.scripts).toContain("systemctl start 'mnt-media.mount'");
    expect(home.engine.did).toEqual([]);
  });

  it("makes a copy where the last one is too old, and is done when a new one is seen", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    await vi.waitFor(() => expect(home.copyHours()).toBe(1), PATIENCE);
    expect(home.incidents()).toEqual([]);
    home.copied(30);
    const { binding, reason } = await home.until("pending");
    expect(binding).toMatchObject({ host: "nas", verb: "run-backup", target: "files-backup" });
    expect(reason).toBe("nas/files-backup made its last copy 30 h ago");
    home.engine.onExec = () => home.copied(0);
    await home.approve("anna", ANNA);
    await home.until("verified");
    expect(home.engine.did).toEqual(["exec files-backup"]);
    expect(home.copyHours()).toBe(0);
    await vi.waitFor(() => expect(home.incidents()).toEqual([]), PATIENCE);
  });

  it("is no copy for a job of which nobody can tell when it made one", async () => {
    const home = await approvingHome([]);
    home.copied("unknown");
    await vi.waitFor(() => expect(home.copyHours()).toBeUndefined(), PATIENCE);
    home.pass(3 * 24 * 3600_000);
    await pause(500);
    expect(home.incidents()).toEqual([]);
  });

  it("is refused by the host, and written down there, when nobody it knows signed it", async () => {
    const home = await approvingHome([signerOf("anna", ANNA)]);
    home.engine.stop("files");
    await home.until("pending");
    await home.approve("anna", THIEF);
    const { outcome } = await home.until("failed");
    expect(outcome).toBe("its host refused it: nobody whose key is on this host signed it");
    expect(home.audit("actor")).toEqual(["refused"]);
    expect(home.engine.did).toEqual([]);
    expect(home.stateOf("files")).toBe("exited");
  });

  it("stays where it is while its host has no signers", async () => {
    const home = await approvingHome([]);
    home.engine.stop("files");
    await home.until("pending");
    await home.approve("anna", ANNA);
    await home.until("approved");
    await pause(500);
    expect(home.action().state).toBe("approved");
    expect(home.audit("actor")).toEqual([]);
    expect(home.engine.did).toEqual([]);
  });
});
