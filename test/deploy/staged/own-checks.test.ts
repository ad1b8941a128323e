import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { checksScript, runOwnChecks, CHECK_SECONDS } from "../../../deploy/staged/own-checks.ts";
import { localHost } from "./local-host.ts";

const SECRET = "a-secret-of-the-stack";
const mask = (text: string): string => text.replaceAll(SECRET, "***");

const NAMES = ["samba", "glances", "syncthing"];

/** A host on which a person keeps these checks, and what they say. */
function checked(checks: Readonly<Record<string, string>>, mode = 0o600) {
  const { places, shell } = localHost();
  const pathOf = (service: string): string => join(places.config, service, "healthcheck.sh");
  for (const [service, text] of Object.entries(checks)) {
    mkdirSync(dirname(pathOf(service)), { recursive: true });
    writeFileSync(pathOf(service), text);
    chmodSync(pathOf(service), mode);
  }
  return { pathOf, run: () => runOwnChecks({ host: "nas", shell, places, mask }, NAMES) };
}

/** Puts a link in the place of a file. */
function linked(path: string): void {
  renameSync(path, `${path}.elsewhere`);
  symlinkSync(`${path}.elsewhere`, path);
}

/** What makes a check one that somebody else than root may have written. */
const UNSAFE: (readonly [string, (path: string) => void])[] = [
  ["others can write", (path: string) => chmodSync(path, 0o602)],
  ["its group can write", (path: string) => chmodSync(path, 0o620)],
  ["lies in a folder that others can write", (path: string) => chmodSync(dirname(path), 0o777)],
  ["is a link", linked],
  ...(process.getuid?.() === 0
    ? ([["is another's", (path: string) => chownSync(path, 1000, 1000)]] as const)
    : []),
];

describe("a check that a person keeps on a host", () => {
  it("is looked for in vain where nobody keeps one, and that is no trouble", async () => {
    expect(await checked({}).run()).toEqual([]);
    expect(await checked({ unknown: "exit 1\n" }).run()).toEqual([]);
  });

  it("passes when it ends with 0, whatever it prints, and is run as what its first line says", async () => {
    const { run } = checked({ samba: "#!/bin/bash\n[[ -n $BASH ]] && echo well\n" }, 0o700);
    expect(await run()).toEqual([{ service: "samba", trouble: undefined, isUnsafe: false }]);
  });

  it("says what is wrong by what it printed, of all that fail at once", async () => {
    const { run } = checked({
      samba: "echo 'no share'; echo 'two' >&2; exit 3\n",
      glances: "true\n",
      syncthing: "exit 1\n",
    });
    const found = new Map((await run()).map(({ service, trouble }) => [service, trouble]));
    expect(found).toEqual(
      new Map([
        ["glances", undefined],
        ["samba", "fails its healthcheck.sh, which ends with 3:\nno share\ntwo"],
        ["syncthing", "fails its healthcheck.sh, which ends with 1"],
      ]),
    );
  });

  it("runs in its own folder, and finds nothing to read", async () => {
    const { run } = checked({ samba: "[ -f ./healthcheck.sh ] && ! read -r line\n" });
    expect(await run()).toEqual([{ service: "samba", trouble: undefined, isUnsafe: false }]);
  });

  it("says no more than a screen", async () => {
    const { run } = checked({ samba: "yes | head -n 100000; exit 1\n" });
    expect((await run())[0]?.trouble?.length).toBeLessThan(2200);
  });

  it("shows no secret in what it says, also where its words are cut off", async () => {
    const before = "x".repeat(1990);
    const { run } = checked({ samba: `printf %s '${before}${SECRET} and more'; exit 1\n` });
    const [found] = await run();
    expect(found?.trouble).toMatch(/x\*\*\* and mo$/);
  });

  it("that hangs is ended, and is trouble", async () => {
    const { places, shell } = localHost();
    mkdirSync(join(places.config, "samba"), { recursive: true });
    writeFileSync(join(places.config, "samba/healthcheck.sh"), "echo waits; exec sleep 60\n");
    const soon = (script: string) =>
      shell(script.replace(`timeout -k 2 ${CHECK_SECONDS}`, "timeout -k 2 1"));
    expect(checksScript(places.config, NAMES)).toContain(`timeout -k 2 ${CHECK_SECONDS}`);
    const [found] = await runOwnChecks({ host: "nas", shell: soon, places, mask }, NAMES);
    expect(found?.trouble).toBe(
      `fails its healthcheck.sh, which does not end within ${CHECK_SECONDS} s:\nwaits`,
    );
  });

  it.each(UNSAFE)("that %s is not run as root, and is trouble", async (_, change) => {
    const { pathOf, run } = checked({ samba: "touch ran\n" });
    change(pathOf("samba"));
    const [found] = await run();
    expect(found).toMatchObject({ isUnsafe: true });
    expect(found?.trouble).toContain("it was not run");
    expect(existsSync(join(dirname(pathOf("samba")), "ran"))).toBe(false);
  });
});
