import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const toolchain = fileURLToPath(new URL("../../toolchain/", import.meta.url));

/** Stands in for Go: notes each build, takes as long as asked, and fails for a package named "broken". */
const fakeGo = `#!/bin/bash
if [[ $1 == env ]]; then echo fake; exit; fi
package=\${@: -1}
echo "$package" >> "$FAKE_GO_LOG"
[[ $package == slow ]] && sleep "\${FAKE_GO_SECONDS:-0}"
[[ $package == broken ]] && exit 1
while [[ $1 != -o ]]; do shift; done
echo "#!/bin/sh" > "$2"
chmod +x "$2"
`;

const recipe = `build() {
  go_program "$here/demo" "$1" first first
  go_program "$here/demo" "$1" second "\${SECOND:-slow}"
}
`;

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "toolchain-"));
  await mkdir(join(folder, "demo"));
  await mkdir(join(folder, "path"));
  for (const name of ["build.sh", "go-build.sh"])
    await cp(join(toolchain, name), join(folder, name));
  await executable("path/go", fakeGo);
  await writeFile(join(folder, "demo/recipe.sh"), recipe);
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function executable(path: string, content: string): Promise<void> {
  await writeFile(join(folder, path), content);
  await chmod(join(folder, path), 0o755);
}

function build(env: Record<string, string> = {}) {
  return execa(join(folder, "build.sh"), ["demo"], {
    reject: false,
    env: {
      PATH: `${join(folder, "path")}:${process.env["PATH"]}`,
      HOMELAB_CACHE: join(folder, "cache"),
      FAKE_GO_LOG: join(folder, "log"),
      ...env,
    },
  });
}

async function built(): Promise<string[]> {
  const log = await readFile(join(folder, "log"), "utf8").catch(() => "");
  return log.split("\n").filter((line) => line !== "");
}

async function entries(): Promise<string[]> {
  const names = await readdir(join(folder, "cache/toolchain"));
  return names.filter((name) => !name.startsWith("."));
}

describe("toolchain/build.sh", () => {
  test("prints the bin folder alone on stdout and says on stderr what it does", async () => {
    const { stdout, stderr } = await build();
    expect(stdout).toMatch(/^\S+\/cache\/toolchain\/demo-[0-9a-f]{16}\/bin$/);
    expect(await readdir(stdout)).toEqual(["first", "second"]);
    expect(stderr).toMatch(/demo: second: done in \d+ s/);
  });

  test("builds nothing when it runs again", async () => {
    const first = await build();
    const second = await build();
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toBe("");
    expect(await built()).toEqual(["first", "slow"]);
  });

  test("builds again when what makes the group changed, but not for a test or a text", async () => {
    const before = (await build()).stdout;
    await writeFile(join(folder, "demo/some_test.go"), "package demo");
    await writeFile(join(folder, "demo/README.md"), "text");
    expect((await build()).stdout).toBe(before);
    await writeFile(join(folder, "demo/go.mod"), "module demo");
    expect((await build()).stdout).not.toBe(before);
  });

  test("builds once when two runs start at the same time", async () => {
    const [one, two] = await Promise.all([
      build({ FAKE_GO_SECONDS: "1" }),
      build({ FAKE_GO_SECONDS: "1" }),
    ]);
    expect(one.stdout).not.toBe("");
    expect(two.stdout).toBe(one.stdout);
    expect(await built()).toEqual(["first", "slow"]);
    expect(one.stderr + two.stderr).toContain("waiting for it");
  });

  test("leaves no folder when a program fails, and keeps what was finished", async () => {
    const failed = await build({ SECOND: "broken" });
    expect(failed.exitCode).not.toBe(0);
    expect(failed.stdout).toBe("");
    expect(failed.stderr).toContain("demo: second failed");
    expect(await entries()).toEqual([]);
    expect((await build()).exitCode).toBe(0);
    expect(await built()).toEqual(["first", "broken", "slow"]);
  });

  test("ends the build that is under way when it is ended, and goes on from there", async () => {
    const running = build({ FAKE_GO_SECONDS: "300" });
    while ((await built()).length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill("SIGTERM");
    // stderr closes only when everything that the build started is gone.
    expect((await running).exitCode).toBe(143);
    expect(await entries()).toEqual([]);
    expect((await build()).exitCode).toBe(0);
    expect(await built()).toEqual(["first", "slow", "slow"]);
  });

  test("takes a program of the machine where the recipe accepts it, and none of its own cache", async () => {
    const accepting = `accepts() { [[ $("$1") == wanted ]]; }
official() {
  local path
  path=$(official_on_path first accepts)
  [[ -z $path ]] || echo "first $path"
}
`;
    await writeFile(join(folder, "demo/recipe.sh"), accepting + recipe);
    const own = await build();
    const withOwnOnPath = { PATH: `${own.stdout}:${join(folder, "path")}:${process.env["PATH"]}` };
    await executable("path/first", "#!/bin/sh\necho other\n");
    expect((await build(withOwnOnPath)).stdout).toBe(own.stdout);
    await executable("path/first", "#!/bin/sh\necho wanted\n");
    const official = await build(withOwnOnPath);
    expect(official.stdout).not.toBe(own.stdout);
    expect(await readlink(join(official.stdout, "first"))).toBe(join(folder, "path/first"));
    expect(await built()).toEqual(["first", "slow", "slow"]);
  });

  test("names the Debian packages that are missing before it builds anything", async () => {
    await writeFile(
      join(folder, "demo/recipe.sh"),
      `packages() { echo no-such-package; }\n${recipe}`,
    );
    const { exitCode, stderr } = await build();
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain("apt-get install no-such-package");
    expect(await built()).toEqual([]);
  });

  test("lists its groups when it is not told one, or one that is not there", async () => {
    const { stderr } = await execa(join(folder, "build.sh"), [], {
      reject: false,
      env: { PATH: `${join(folder, "path")}:${process.env["PATH"]}`, HOMELAB_CACHE: folder },
    });
    expect(stderr).toContain("groups: demo");
  });
});
