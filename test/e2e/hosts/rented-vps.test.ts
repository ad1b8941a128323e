import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { parse, stringify } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hetznerMachine } from "../../../components/machine/hetzner-server.plan.ts";
import type { ImageLock } from "../../../model/image-reference.ts";
import { projectPaths } from "../../../sandbox/project.ts";
import { rentedSite } from "../../support/rented-site.ts";
import { HetznerImitation } from "../cloud/hetzner-imitation.ts";
import { containerIds, on, openLab, preview, tryOn, up, type Lab } from "../support/lab.ts";

/** Of a range for examples; no packet is sent there. */
const ADDRESS = "203.0.113.9";
const TOKEN = "token-of-a-test-".padEnd(64, "x");

let lab: Lab;
let folder: string;
let hetzner: HetznerImitation;
let env: Record<string, string>;

/** A copy of the sandbox's project and state, in which the VPS is a machine that is rented. */
beforeAll(async () => {
  lab = await openLab();
  hetzner = new HetznerImitation(TOKEN, ADDRESS);
  folder = await mkdtemp(join(tmpdir(), "homelab-rented-"));
  const { project, state, imageLock } = projectPaths(lab.settings.folder);
  await cp(project, join(folder, "project"), { recursive: true });
  await cp(state, join(folder, "state"), { recursive: true });
  env = {
    PULUMI_OPTION_CWD: join(folder, "project"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    HCLOUD_ENDPOINT: await hetzner.start(),
  };

  const lock = JSON.parse(await readFile(imageLock, "utf8")) as ImageLock;
  const client = hetznerMachine(rentedSite, [], "hs")?.meshClient ?? "";
  const images = { ...lock.images, [client]: `sha256:${"0".repeat(64)}` };
  const lockFile = join(folder, "images.lock.json");
  await writeFile(lockFile, JSON.stringify({ ...lock, images }));

  const stackFile = join(folder, "project", "Pulumi.vps.yaml");
  const stack = parse(await readFile(stackFile, "utf8")) as {
    config: Record<string, unknown> & { "homelab:site": object };
  };
  const site = { ...stack.config["homelab:site"], vps: rentedSite.vps };
  const config = { ...stack.config, "homelab:site": site, "homelab:imageLock": lockFile };
  await writeFile(stackFile, stringify({ ...stack, config }));
  await execa("pulumi", ["config", "set", "--secret", "homelab:hcloud-token", "-s", "vps"], {
    env: { ...lab.env, ...env },
    input: TOKEN,
  });
});
afterAll(async () => {
  await tryOn(lab, "vps", `ip address delete ${ADDRESS}/32 dev eth0`);
  await hetzner.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a deployed VPS that is to be replaced by a rented one", () => {
  it("is planned with the machine that answers, of which nothing is to be taken away", async () => {
    const { code, output } = await preview(lab, "vps", [], env);
    expect(code, output).toBe(0);
    expect(output).toContain("+ 7 to create");
    expect(output).not.toMatch(/to (update|delete|replace)/);
    expect(hetzner.changes).toEqual([]);
  });

  it("stays as it is while the alias leads to it; the new machine is made", async () => {
    const before = await containerIds(lab, "vps");
    const { code, output } = await up(lab, "vps", [], env);
    expect(code).not.toBe(0);
    expect(output).toContain("`ssh vps` leads to one with");
    expect(output).toContain(`HostName ${ADDRESS}`);
    expect(output).not.toMatch(/ (updated|deleted|replaced)\n/);
    expect(hetzner.only(hetzner.servers).ipv4).toBe(ADDRESS);
    expect(hetzner.mistakes).toEqual([]);
    expect(await containerIds(lab, "vps")).toEqual(before);
  });

  it("is deployed to the new machine once the alias leads there", async () => {
    await on(lab, "vps", `ip address add ${ADDRESS}/32 dev eth0`);
    const { code, output } = await up(lab, "vps", ["--expect-no-changes"], env);
    expect(code, output).toBe(0);
  });
});
