import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { describe, expect, it } from "vitest";
import { CHECKOUT } from "../support/rooms.ts";
import { runHomelab } from "./support/run-homelab.ts";
import { mainModule, smallCheckout, type SmallCheckout } from "./support/small-checkout.ts";

const LONG_AGO = new Date("2020-01-01");

function kept({ cache }: Pick<SmallCheckout, "cache">): string[] {
  const folder = join(cache, "command");
  return readdirSync(folder).map((name) => join(folder, name));
}

// Each starts many processes, on a machine that may be busy.
describe("the entry of the homelab command", { timeout: 300_000 }, () => {
  it("makes one file of the source once, and loads that from then on", async () => {
    const checkout = smallCheckout('console.log("here");');
    await checkout.run();
    const [file = ""] = kept(checkout);
    const made = statSync(file);
    // Without it no TypeScript can be loaded.
    rmSync(join(checkout.folder, "node_modules/tsx"));
    expect((await checkout.run()).stdout).toBe("here");
    expect(kept(checkout)).toEqual([file]);
    expect(statSync(file)).toMatchObject({ ino: made.ino, mtimeMs: made.mtimeMs });
  });

  it("runs what an edited file says, although its length and times are as before", async () => {
    const checkout = smallCheckout('console.log((await import("./commands/word.ts")).word);');
    const edit = (word: string): void => {
      checkout.write("cli/commands/word.ts", `export const word: string = "${word}";`);
      utimesSync(join(checkout.folder, "cli/commands/word.ts"), LONG_AGO, LONG_AGO);
    };
    edit("one");
    expect((await checkout.run()).stdout).toBe("one");
    edit("two");
    expect((await checkout.run()).stdout).toBe("two");
  });

  it("runs the program of the commit that is checked out, forwards and back", async () => {
    const checkout = smallCheckout('console.log("earlier");');
    const git = (...words: string[]): unknown =>
      execaSync("git", ["-c", "user.name=a", "-c", "user.email=a@localhost", ...words], {
        cwd: checkout.folder,
      });
    checkout.write(".gitignore", "node_modules");
    git("init", "-q", "-b", "main");
    git("add", ".");
    git("commit", "-q", "-m", "earlier");
    checkout.write("cli/main.ts", mainModule('console.log((await import("./later.ts")).word);'));
    checkout.write("cli/later.ts", 'export const word = "later";');
    git("add", ".");
    git("commit", "-q", "-m", "later");
    expect((await checkout.run()).stdout).toBe("later");
    git("checkout", "-q", "HEAD~1");
    expect((await checkout.run()).stdout).toBe("earlier");
    git("checkout", "-q", "main");
    expect((await checkout.run()).stdout).toBe("later");
  });

  it("runs another version of a package when that is installed", async () => {
    const checkout = smallCheckout('console.log((await import("thing")).word);');
    const install = (word: string): void => {
      checkout.write("node_modules/thing/package.json", '{ "exports": "./thing.cjs" }');
      checkout.write(
        "node_modules/thing/thing.cjs",
        `exports.word = "${word}" + require("node:path").sep;`,
      );
    };
    install("one");
    expect((await checkout.run()).stdout).toBe("one/");
    install("two");
    expect((await checkout.run()).stdout).toBe("two/");
  });

  it("runs each checkout's own program, also in a copy of the folder", async () => {
    const checkout = smallCheckout("console.log(import.meta.dirname);");
    expect((await checkout.run()).stdout).toBe(join(checkout.folder, "cli"));
    const copy = smallCheckout("");
    cpSync(join(checkout.folder, "cli"), join(copy.folder, "cli"), { recursive: true });
    expect((await copy.run([], checkout.cache)).stdout).toBe(join(copy.folder, "cli"));
    expect((await checkout.run()).stdout).toBe(join(checkout.folder, "cli"));
  });

  it("lets several start at once, and leaves one whole file", async () => {
    const checkout = smallCheckout('console.log("here");');
    const runs = await Promise.all([1, 2, 3].map(() => checkout.run()));
    expect(runs.map(({ stdout }) => stdout)).toEqual(["here", "here", "here"]);
    const [file = "", ...others] = kept(checkout);
    expect(others).toEqual([]);
    const made = statSync(file).ino;
    await checkout.run();
    expect(statSync(file).ino).toBe(made);
  });

  it("makes it anew when what is kept is damaged: half of it there, or another byte in it", async () => {
    const checkout = smallCheckout('console.log("here");');
    await checkout.run();
    const [file = ""] = kept(checkout);
    const whole = readFileSync(file, "utf8");
    for (const damaged of [whole.slice(0, whole.length / 2), whole.replace('"here"', '"gone"')]) {
      expect(damaged).not.toBe(whole);
      writeFileSync(file, damaged);
      expect((await checkout.run()).stdout).toBe("here");
      expect(readFileSync(file, "utf8")).toBe(whole);
    }
  });

  it("runs the same where nothing can be kept", async () => {
    const checkout = smallCheckout("console.log(words.join(), import.meta.dirname); return 3;");
    expect(await checkout.run(["a", "b"], "/dev/null/cache")).toMatchObject({
      stdout: `a,b ${join(checkout.folder, "cli")}`,
      stderr: "",
      exitCode: 3,
    });
  });

  it("takes away what no checkout has used for long, and nothing else", async () => {
    const checkout = smallCheckout("");
    const folder = join(checkout.cache, "command");
    mkdirSync(folder, { recursive: true });
    for (const name of ["old", "new"]) cpSync(process.execPath, join(folder, `${name}.mjs`));
    utimesSync(join(folder, "old.mjs"), LONG_AGO, LONG_AGO);
    await checkout.run();
    expect(readdirSync(folder)).toContain("new.mjs");
    expect(readdirSync(folder)).not.toContain("old.mjs");
  });

  for (const [way, cache] of [
    ["kept", undefined],
    ["not kept", "/dev/null/cache"],
  ] as const) {
    it(`names file and line of the source in a trace, when it is ${way}`, async () => {
      const checkout = smallCheckout('(await import("./commands/broken.ts")).fail();');
      checkout.write(
        "cli/commands/broken.ts",
        '\ninterface Word {\n  readonly text: string;\n}\n\nexport function fail(): never {\n  throw new Error("no" satisfies Word["text"]);\n}\n',
      );
      const { stderr, exitCode } = await checkout.run([], cache);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/at \w+\.fail \(.*cli\/commands\/broken\.ts:7:9\)/);
    });
  }

  it("runs the other commands while the file of one is no TypeScript", async () => {
    const checkout = smallCheckout(
      'if (words[0] === "bad") await import("./bad.ts"); else console.log("here");',
    );
    checkout.write("cli/bad.ts", "<<<<<<< ours");
    expect((await checkout.run()).stdout).toBe("here");
    const bad = await checkout.run(["bad"]);
    expect(bad.exitCode).toBe(1);
    expect(bad.stderr).toContain("bad.ts:1");
    expect(kept(checkout)).toEqual([]);
  });

  it("leaves a module where it is that asks Node for more than where it is", async () => {
    const checkout = smallCheckout('console.log(import.meta.resolve("./other.ts"));');
    const { stdout } = await checkout.run();
    expect(decodeURI(stdout)).toContain("/cli/other.ts");
  });

  it("runs the real commands from one file, with the same words as from the sources", async () => {
    const cache = mkdtempSync(join(tmpdir(), "command-cache-"));
    const env = { HOMELAB_CACHE: cache, HOMELAB_SANDBOX: "/nowhere/sandbox" };
    for (const words of [["--version"], ["graph", "docker-vm"], ["sandbox", "--help"]]) {
      const run = await execa(process.execPath, ["cli/homelab.mjs", ...words], {
        cwd: CHECKOUT,
        env,
        stripFinalNewline: false,
      });
      expect(run.stdout).toBe((await runHomelab(words)).stdout);
    }
    expect(kept({ cache })).toHaveLength(1);
  });

  it("hands standard input and the exit code through", async () => {
    const checkout = smallCheckout(
      "for await (const part of process.stdin) process.stdout.write(String(part)); return 4;",
    );
    const running = checkout.run();
    running.stdin.end("given");
    expect(await running).toMatchObject({ stdout: "given", exitCode: 4 });
  });

  it("is ended by Ctrl-C, and by a signal that the command waits for", async () => {
    const checkout = smallCheckout(
      `if (words[0] === "caught") process.once("SIGINT", () => process.exit(5));
       console.log("ready");
       await new Promise((resolve) => setTimeout(resolve, 50_000));`,
    );
    for (const [words, ending] of [
      [[], { signal: "SIGINT" }],
      [["caught"], { exitCode: 5 }],
    ] as const) {
      const running = checkout.run(words);
      running.stdout.once("data", () => running.kill("SIGINT"));
      expect(await running).toMatchObject(ending);
    }
  });
});
