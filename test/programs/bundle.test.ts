import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootProgram, bundle, controlPlaneProgram } from "../../programs/bundle.ts";

const cache = mkdtempSync(join(tmpdir(), "boot-cache-"));
const before = process.env["HOMELAB_CACHE"];

beforeAll(() => {
  process.env["HOMELAB_CACHE"] = cache;
});
afterAll(() => {
  if (before === undefined) delete process.env["HOMELAB_CACHE"];
  else process.env["HOMELAB_CACHE"] = before;
});

/**
 * What the boot program takes from Node.js, each of it looked up: "Added in" of nodejs.org/api is
 * version 18 or older. A new name is looked up, and then added here.
 */
const IN_NODE_18 = new Set(
  Object.entries({
    child_process: "execFile spawn",
    crypto: "createHash randomBytes",
    fs: "chmodSync chownSync closeSync constants copyFileSync createReadStream existsSync fstatSync fsyncSync linkSync lstatSync mkdirSync openSync readFileSync readSync readdirSync renameSync rmSync statSync unlinkSync watch writeFileSync writeSync",
    "fs/promises": "lstat mkdir mkdtemp open readFile readdir rm stat writeFile",
    http: "request",
    net: "connect",
    os: "cpus tmpdir",
    path: "basename dirname join",
    readline: "createInterface",
    "stream/consumers": "text",
    "timers/promises": "setTimeout",
    tls: "connect createSecureContext",
    util: "parseArgs",
  }).flatMap(([from, names]) => names.split(" ").map((name) => `${from} ${name}`)),
);

/** A checkout of its own with a program of two files, one of them in a folder. */
function checkout(): string {
  const folder = mkdtempSync(join(tmpdir(), "boot-checkout-"));
  mkdirSync(join(folder, "programs/boot/engine"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), "{}");
  writeFileSync(
    join(folder, "programs/boot/main.ts"),
    'import { word } from "./engine/word.ts"; console.log(word);',
  );
  writeFileSync(join(folder, "programs/boot/engine/word.ts"), 'export const word = "first";');
  return folder;
}

describe("the boot program", () => {
  it("is the same text whenever the sources are the same", async () => {
    expect(await bundle(process.cwd())).toEqual(await bundle(process.cwd()));
  });

  it("is bundled once, and then read from the cache", async () => {
    const first = await bootProgram(process.cwd());
    const [entry = ""] = readdirSync(join(cache, "boot"));
    const path = join(cache, "boot", entry);
    const kept = JSON.parse(readFileSync(path, "utf8")) as object;
    writeFileSync(path, JSON.stringify({ ...kept, text: "from the cache" }));
    expect(first.length).toBeGreaterThan(10_000);
    expect(await bootProgram(process.cwd())).toBe("from the cache");
  });

  it("is made anew when a file that it contains changes, in whatever folder that is", async () => {
    const folder = checkout();
    expect(await bootProgram(folder)).toContain("first");
    writeFileSync(join(folder, "programs/boot/engine/word.ts"), 'export const word = "second";');
    expect(await bootProgram(folder)).toContain("second");
  });

  it("is made anew when what is in the cache is half a file", async () => {
    const folder = checkout();
    await bootProgram(folder);
    for (const entry of readdirSync(join(cache, "boot"))) {
      writeFileSync(join(cache, "boot", entry), '{"sources": {');
    }
    expect(await bootProgram(folder)).toContain("first");
  });

  it("names the files it contains, and none that it does not", async () => {
    const { sources } = await bundle(process.cwd());
    expect(sources).toContain("programs/boot/main.ts");
    expect(sources).toContain("model/host-plan.ts");
    expect(sources).not.toContain("programs/bundle.ts");
    expect(sources.filter((path) => path.includes("node_modules"))).toEqual([]);
  });

  it("runs as one file, and ends with 2 where there is no plan", async () => {
    const file = join(cache, "program.mjs");
    writeFileSync(file, (await bundle(process.cwd())).text);
    const run = spawnSync(process.execPath, [file, "--json", "no-such-host"], { encoding: "utf8" });
    expect(run.status).toBe(2);
    expect(JSON.parse(run.stdout)).toMatchObject({ level: "error", event: "error" });
    expect(run.stdout).toContain("/opt/homelab/desired/no-such-host.json");
  });

  // An import that is not there ends a program before its first line, and only on the host.
  it("imports from Node.js only what its version 18 has", async () => {
    const { text } = await bundle(process.cwd());
    const imported = [...text.matchAll(/import\{([^}]*)\}from"node:([\w/]+)"/g)].flatMap(
      ([, names = "", from = ""]) =>
        names.split(",").map((name) => `${from} ${name.split(" as ")[0] ?? ""}`),
    );
    expect(imported.length).toBeGreaterThan(10);
    expect([...new Set(imported)].filter((name) => !IN_NODE_18.has(name))).toEqual([]);
  });

  it("holds nothing of the machine that made it", async () => {
    expect(JSON.stringify(await bundle(process.cwd()))).not.toContain(process.cwd());
  });
});

describe("the programs of the control plane", () => {
  it.each([
    ["observer", "HL-OBSERVER: usage: observer <settings file>"],
    ["operator-ui", "HL-OPERATOR-UI: usage: operator-ui <settings file>"],
    ["supervisor", "supervisor: does not start: "],
    ["executor", "executor: does not start: "],
  ] as const)(
    "hold all that %s needs in one file, and it ends with 2 where it has no settings",
    async (part, words) => {
      const file = join(mkdtempSync(join(tmpdir(), "part-")), "program.mjs");
      writeFileSync(file, await controlPlaneProgram(process.cwd(), part));
      // No folder of the control plane, and an address that is nobody's.
      const env = { HOMELAB_ROOT: "/nowhere", HOMELAB_LISTEN: "192.0.2.1:1" };
      const run = spawnSync(process.execPath, [file], { encoding: "utf8", env });
      expect(run.stderr).toContain(words);
      expect(run.status).toBe(2);
    },
  );

  it("hold none of each other's files but the contract, what the log makes of a world, and how files are kept", async () => {
    const { sources } = await bundle(process.cwd(), "observer");
    const others = sources.filter(
      (path) => !/^control-plane\/(observer|contract|fold)\/|^model\//.test(path),
    );
    expect(sources).toContain("control-plane/contract/events.ts");
    expect(others).toEqual([]);
  });
});
