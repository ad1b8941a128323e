import { chmodSync, mkdirSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { prepareVps } from "../../../cli/control-plane/prepare-vps.ts";
import { isCoordinator } from "../../../cli/control-plane/where.ts";
import type { FolderDeclaration } from "../../../model/declaration.ts";
import { CHECKOUT } from "../../support/rooms.ts";
import { site } from "../../support/site.ts";

const OWN = `${process.getuid?.()}:${process.getgid?.()}`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vps-"));
});
afterEach(() => vi.unstubAllEnvs());

/** A `docker` that says so and ends with the code. */
function docker(said: string, code: number): void {
  const bin = join(root, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "docker"), `#!/bin/sh\necho '${said}'\nexit ${code}\n`);
  chmodSync(join(bin, "docker"), 0o755);
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"] ?? ""}`);
}

const folder = (name: string, owner = OWN): FolderDeclaration => ({
  path: join(root, name),
  owner,
  mode: "0750",
});

const states = async (folders: readonly FolderDeclaration[], checkout = CHECKOUT) =>
  Object.fromEntries(
    (await prepareVps(site, checkout, folders)).map(({ check, state }) => [check, state]),
  );

describe("what the VPS does for the control plane", () => {
  it("makes the folders where an engine answers, and the second time nothing", async () => {
    docker("26.1.5", 0);
    const folders = [folder("audit"), folder("audit/observer")];
    const all = { engine: "ok", mesh: "warning", repository: "ok", folders: "ok" };
    expect(await states(folders)).toEqual(all);
    const { ino } = statSync(folders[1]?.path ?? "");
    expect(await states(folders)).toEqual(all);
    expect(statSync(folders[1]?.path ?? "").ino).toBe(ino);
  });

  it("makes nothing where no engine answers", async () => {
    docker("Cannot connect to the Docker daemon", 1);
    const folders = [folder("audit")];
    expect(await states(folders)).toMatchObject({ engine: "failure" });
    expect(() => statSync(folders[0]?.path ?? "")).toThrow("ENOENT");
  });

  it("leaves a folder of somebody else as it is, and says what to type", async () => {
    docker("26.1.5", 0);
    const foreign = folder("world", "4711:4711");
    mkdirSync(foreign.path);
    const row = (await prepareVps(site, CHECKOUT, [foreign])).at(-1);
    expect(row).toMatchObject({ check: "folders", state: "failure" });
    expect(row?.seen).toContain(`chown -R 4711:4711 ${foreign.path}`);
    expect(statSync(foreign.path).uid).toBe(process.getuid?.());
  });

  it("warns where the repository is no git checkout", async () => {
    docker("26.1.5", 0);
    expect(await states([], root)).toMatchObject({ repository: "warning" });
  });
});

describe("this computer", () => {
  it("is the VPS where it has one of its two addresses", () => {
    expect(isCoordinator(site, ["10.0.0.1", "198.51.100.7"])).toBe(true);
    expect(isCoordinator(site, ["100.64.0.1"])).toBe(true);
    expect(isCoordinator(site, ["192.0.2.12", "100.64.0.2"])).toBe(false);
    expect(isCoordinator(site)).toBe(false);
  });
});
