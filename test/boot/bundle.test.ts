import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootProgram, bundle } from "../../boot/bundle.ts";

const cache = mkdtempSync(join(tmpdir(), "boot-cache-"));
const before = process.env["HOMELAB_CACHE"];

beforeAll(() => {
  process.env["HOMELAB_CACHE"] = cache;
});
afterAll(() => {
  if (before === undefined) delete process.env["HOMELAB_CACHE"];
  else process.env["HOMELAB_CACHE"] = before;
});

describe("the boot program", () => {
  it("is the same text whenever the sources are the same", async () => {
    expect(await bundle(process.cwd())).toBe(await bundle(process.cwd()));
  });

  it("is bundled once, and then read from the cache", async () => {
    const first = await bootProgram(process.cwd());
    const [entry] = readdirSync(join(cache, "boot"));
    writeFileSync(join(cache, "boot", entry ?? ""), "from the cache");
    expect(first.length).toBeGreaterThan(10_000);
    expect(await bootProgram(process.cwd())).toBe("from the cache");
  });

  it("runs as one file, and ends with 2 where there is no plan", async () => {
    const file = join(cache, "program.mjs");
    writeFileSync(file, await bundle(process.cwd()));
    const run = spawnSync(process.execPath, [file, "--json", "no-such-host"], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ level: "error", event: "error" });
    expect(run.stdout).toContain("/opt/homelab/desired/no-such-host.json");
  });

  it("holds nothing of the machine that made it", async () => {
    expect(await bundle(process.cwd())).not.toContain(process.cwd());
  });
});
