import { chmodSync, existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { rollOut } from "../../../deploy/staged/roll-out.ts";
import type { RunContext } from "../../../deploy/staged/run-context.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "homelab-roll-out-"));
  writeFileSync(join(folder, "pulumi"), `#!/bin/sh\necho "$*" > "$(dirname "$0")/called"\n`);
  chmodSync(join(folder, "pulumi"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"] ?? ""}`);
});
afterEach(() => vi.unstubAllEnvs());

/** As much of a run as the stage reads; a person ends it while images are pulled, or nobody does. */
function runOf(isEnded: boolean): RunContext {
  const ending = new AbortController();
  const pulled = () => {
    if (isEnded) ending.abort();
    return Promise.resolve({ text: "", failed: new Map() });
  };
  const run = { host: "nas", project: { folder }, facts: { only: null }, failed: new Set() };
  return { ...run, pulled, interrupted: ending.signal } as unknown as RunContext;
}

describe("the stage that deploys", { timeout: 30_000 }, () => {
  it("begins no `pulumi up` once a person wants the run to end", async () => {
    await rollOut(runOf(true));
    expect(existsSync(join(folder, "called"))).toBe(false);
  });

  it("begins one where nobody does", async () => {
    await rollOut(runOf(false));
    expect(existsSync(join(folder, "called"))).toBe(true);
  });
});
