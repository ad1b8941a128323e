import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it, vi } from "vitest";
import { observationScript, observeHost, parseObservation } from "../../hosts/observation.ts";
import { noteLine } from "../../model/fallback.ts";
import { putBackRecord, ROOT } from "../../model/paths.ts";
import { ScriptRoom } from "../support/script.ts";
import { HostError } from "../../model/errors.ts";

const folder = mkdtempSync(join(tmpdir(), "homelab-observation-"));
const config = join(folder, "ssh-config");

beforeEach(() => {
  vi.stubEnv("HOMELAB_SSH_CONFIG", config);
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** How ssh comes to the host; no packet is sent. */
async function observedThrough(proxyCommand: string): Promise<HostError> {
  writeFileSync(config, `Host *\n  ProxyCommand ${proxyCommand}\n`);
  const error = await observeHost("nas", []).catch((reason: unknown) => reason);
  if (error instanceof HostError) return error;
  throw new Error("the host was reached");
}

describe("a host that cannot be observed", () => {
  it("is named, with what was tried, what became of it, and what to do", async () => {
    const error = await observedThrough("false");
    expect(error).toMatchObject({ code: "HL-UNREACHABLE", host: "nas" });
    expect(error.message).toMatch(/^nas cannot be reached: `ssh nas` gave up \(.+\)\. Nothing was/);
    expect(error.message).toContain('"Host nas" in your ssh configuration');
    expect(error.message).toContain("when `ssh nas true` works, repeat the command");
  });

  it("is given up after 10 s when it takes the connection and says nothing", async () => {
    const error = await observedThrough("sleep 60");
    expect(error.code).toBe("HL-UNREACHABLE");
    expect(error.message).toContain("within 10 s");
  }, 30_000);
});

describe("what a host did by itself", () => {
  it("is seen while the container is there that it is about, or while there is still none", () => {
    const room = new ScriptRoom();
    room.program("docker", `[ "$1" != ps ] || echo 'container headscale abc spec'`);
    const at = "2026-11-27T12:00:00.000Z";
    const note = (container: string) => ({
      container,
      at,
      back: true,
      words: "put back (it crashed)",
    });
    room.file(putBackRecord("headscale"), noteLine(note("abc")));
    room.file(putBackRecord("caddy"), noteLine({ ...note("none"), back: false }));
    room.file(putBackRecord("derp"), noteLine(note("gone since")));
    room.file(putBackRecord("torn"), "");
    const { stdout, stderr } = room.run(observationScript([]), [ROOT]);
    expect(parseObservation(stdout).putBack, stderr).toEqual({
      headscale: note("abc"),
      caddy: { ...note("none"), back: false },
    });
  });
});
