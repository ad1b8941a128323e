import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { IMAGES } from "../../../sandbox/images/manifest.ts";
import { needsKill, treeParts, type ProcessTree } from "../../../sandbox/images/process-tree.ts";
import { hosts } from "../../support/fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "trees-"));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes the tree's start script where it can be run. */
function startScript(tree: ProcessTree, secrets?: Parameters<typeof treeParts>[1]): string {
  const [start] = treeParts(tree, secrets).paths;
  if (start?.kind !== "file" || !("text" in start.content)) throw new Error(tree.script);
  const path = join(folder, `start-${tree.first}-${Math.random()}`);
  writeFileSync(path, start.content.text);
  chmodSync(path, 0o755);
  return path;
}

/** Exit code of a command that is asked to stop once it says something. */
function stopOf(command: readonly string[]): Promise<number | null> {
  const [program = "", ...args] = command;
  const started = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  started.stdout.once("data", () => started.kill("SIGTERM"));
  return new Promise((resolve) => started.once("exit", resolve));
}

const SERVER = [
  "/bin/sh",
  "-c",
  "trap 'exit 7' TERM; sleep 0.3; echo serving; while :; do sleep 0.1; done",
] as const;

describe("an image's process tree", () => {
  it("is one of scripts that a shell can read, in every image", () => {
    const scripts = IMAGES.flatMap(({ tree, standIn }) =>
      tree === undefined ? [] : treeParts(tree, standIn?.secrets).paths,
    );
    expect(scripts.length).toBeGreaterThan(15);
    const texts = scripts.map((script) => {
      if (script.kind !== "file" || !("text" in script.content)) throw new Error(script.path);
      expect(script.mode, script.path).toBe(0o755);
      return script.content.text;
    });
    // One shell for all: each is the body of a function.
    execFileSync("sh", ["-n"], { input: texts.map((text) => `f() {\n${text}}\n`).join("") });
  });

  it.each(["waits", "exec"] as const)(
    "whose start script %s for its server ends with the server's exit code when it is stopped",
    async (first) => {
      const script = startScript({ first, script: "/start.sh", server: SERVER });
      expect(await stopOf([script, ...SERVER])).toBe(7);
    },
  );

  it("puts the original's first process above its start script", () => {
    const tree = { script: "/start", server: ["/server"] } as const;
    expect(treeParts({ ...tree, first: "tini" })).toMatchObject({
      entrypoint: ["/sbin/tini", "--", "/start"],
      command: ["/server"],
    });
    expect(treeParts({ ...tree, first: "dumb-init" }).entrypoint).toEqual([
      "/usr/bin/dumb-init",
      "--",
      "/start",
    ]);
  });

  it("under s6 has a run script that becomes the user, and ends the tree only where the original does", () => {
    const tree = {
      first: "s6",
      script: "/init",
      user: { uid: "${PUID:-911}", gid: "${PGID:-911}" },
      server: ["/server"],
    } as const;
    const names = (one: ProcessTree) => treeParts(one).paths.map(({ path }) => path);
    expect(names(tree)).toEqual(["/init", "/etc/s6/server/run"]);
    expect(JSON.stringify(treeParts(tree).paths[1])).toContain("s6-setuidgid");
    expect(names({ ...tree, endsWithServer: true })).toContain("/etc/s6/server/finish");
  });

  it("reads secrets as root, and ends where it cannot", () => {
    const script = startScript(
      { first: "exec", script: "/start.sh", rootReads: true, server: [] },
      [{ name: "TOKEN", fileEnv: "TOKEN_FILE" }],
    );
    writeFileSync(join(folder, "token"), "a secret\n");
    const show = ["sh", "-c", 'echo "$TOKEN ${TOKEN_FILE-unset}"'];
    const env = { ...process.env, TOKEN_FILE: join(folder, "token") };
    expect(execFileSync(script, show, { env, encoding: "utf8" })).toBe("a secret unset\n");
    const without = { ...process.env, TOKEN_FILE: join(folder, "none") };
    expect(() => execFileSync(script, show, { env: without, stdio: "ignore" })).toThrow();
  });
});

describe("the declared capabilities", () => {
  it("have KILL wherever a process of root has to signal one of another user at the stop", () => {
    const lacking = hosts.flatMap(({ host, services }) =>
      services
        .filter((service) => {
          const image = IMAGES.find(({ reference }) => reference === service.image);
          const initOverUser = service.init === true && image?.becomes !== undefined;
          return initOverUser || (image?.tree !== undefined && needsKill(image.tree));
        })
        .filter(({ capabilities = [] }) => !capabilities.includes("KILL"))
        .map(({ name }) => `${host}/${name}`),
    );
    expect(lacking).toEqual([]);
  });
});
