import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  digestOf,
  handOver,
  openScratch,
  RUN_SCRIPT,
  scratchFolder,
  type HandedScript,
} from "../../../components/core/handed-script.ts";

/** Stands for /tmp; another one for each test. */
let room: string;

beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), "scratch-"));
  vi.stubEnv("TMPDIR", room);
  return () => vi.unstubAllEnvs();
});

/** What Pulumi does with the command of a resource. */
function runNamed(digest: string) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", RUN_SCRIPT], {
    input: `some-files ${digest}`,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

function handed(script: HandedScript): ReturnType<typeof runNamed> {
  handOver(script);
  return runNamed(digestOf(script));
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe("a script that was handed over", () => {
  it("is what its command reads, to the last letter, and its command's end is the end", () => {
    const script = `it's "\\n" $HOME \`id\` <<'END'\n${"x".repeat(100_000)}\n\nno line end`;
    expect(handed({ run: "cat; exit 7", script })).toEqual({
      status: 7,
      stdout: script,
      stderr: "",
    });
  });

  it("runs in a shell of its own where that is its command, as far as the first failure", () => {
    const script = "echo one\nexit 3\necho two\n";
    expect(handed({ run: "sh -s", script })).toEqual({ status: 3, stdout: "one\n", stderr: "" });
  });

  it("is another one with another text, and with another way to run it", () => {
    const script = { run: "sh -s", script: "echo one\n" };
    const digests = [
      script,
      { ...script, script: "echo two\n" },
      { ...script, run: "ssh nas sh -s" },
    ].map(digestOf);
    expect(new Set(digests).size).toBe(3);
  });

  it("is found in the folder of any program of this user, whose file of that name is the same", () => {
    const script = { run: "cat", script: "text" };
    const other = join(room, `homelab-${process.getuid?.()}`, `scripts-${process.ppid}`);
    mkdirSync(other, { recursive: true });
    expect(handed(script).stdout).toBe("text");
    expect(readdirSync(other)).toEqual([]);
  });

  it("fails with what to do where it is no longer there", () => {
    openScratch();
    const { status, stderr } = runNamed("0".repeat(64));
    expect(status).toBe(1);
    expect(stderr).toMatch(/^some-files was not run: .* Deploy again\n$/);
  });
});

describe("where scripts lie while they run", () => {
  it("is the user's alone", () => {
    handOver({ run: "cat", script: "secret" });
    const folder = openScratch();
    expect(folder.startsWith(`${room}/`)).toBe(true);
    expect([modeOf(scratchFolder()), modeOf(folder)]).toEqual(["700", "700"]);
    expect(readdirSync(folder).map((name) => modeOf(join(folder, name)))).toEqual(["600"]);
  });

  it("is closed where it was open, and below /tmp where TMPDIR names nothing else", () => {
    mkdirSync(scratchFolder(), { mode: 0o755 });
    chmodSync(scratchFolder(), 0o755);
    openScratch();
    expect(modeOf(scratchFolder())).toBe("700");
    for (const none of [undefined, ""]) {
      expect(scratchFolder({ TMPDIR: none })).toBe(`/tmp/homelab-${process.getuid?.()}`);
    }
  });

  it("goes with the process that had it", () => {
    const program = `
      import { fromSource } from "./from-source.mjs";
      const { handOver, openScratch } = await fromSource(import.meta.resolve("./components/core/handed-script.ts"), {});
      handOver({ run: "cat", script: "text" });
      console.log(openScratch());
    `;
    const { stdout, stderr } = spawnSync("node", ["--input-type=module", "--eval", program], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout.trim()).toMatch(/\/scripts-\d+$/);
    expect(existsSync(stdout.trim())).toBe(false);
  });

  it("is cleared of what a killed program has left there, and of nothing that another one uses", () => {
    const { pid: dead } = spawnSync("true");
    const [left, used] = [`scripts-${dead}`, `scripts-${process.ppid}`];
    for (const name of [left, used, "nas.0.1"]) {
      mkdirSync(join(scratchFolder(), name), { recursive: true });
    }
    openScratch();
    expect(readdirSync(scratchFolder()).sort()).toEqual(
      ["nas.0.1", `scripts-${process.pid}`, used].sort(),
    );
  });

  it("is refused where somebody else has made it lead elsewhere", () => {
    mkdirSync(join(room, "elsewhere"));
    symlinkSync(join(room, "elsewhere"), scratchFolder());
    expect(() => openScratch()).toThrow(/homelab-\d+" cannot hold the scripts of this deployment/);
    expect(readdirSync(join(room, "elsewhere"))).toEqual([]);
  });
});
