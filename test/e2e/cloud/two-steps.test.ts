import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { secretsUsedBy } from "../../../model/host-secrets.ts";
import { declareFleet } from "../../../household/fleet.plan.ts";
import { rentedSite } from "../../support/rented-site.ts";
import { ADDRESS, openCloudLab, type CloudLab } from "./cloud-lab.ts";

const UP = ["up", "--yes", "--skip-preview"];

let lab: CloudLab;
beforeAll(async () => {
  const { declaration } = declareFleet(rentedSite).vps;
  const images = declaration.services.map(({ image }) => image);
  if (declaration.machine) images.push(declaration.machine.meshClient);
  lab = await openCloudLab("program.mjs", {
    "homelab:site": rentedSite,
    "pulumi:disable-default-providers": ["docker"],
    ...Object.fromEntries(
      secretsUsedBy(declaration)
        .filter((name) => name !== "hcloud-token")
        .map((name) => [`homelab:${name}`, randomBytes(16).toString("hex")]),
    ),
  });
  await lab.configure("homelab:imageLock", join(lab.folder, "images.lock.json"));
  await writeFile(
    join(lab.folder, "images.lock.json"),
    JSON.stringify({
      version: 1,
      images: Object.fromEntries(images.map((image) => [image, `sha256:${"0".repeat(64)}`])),
    }),
  );
});
beforeEach(() => {
  lab.hetzner.changes.length = 0;
});
afterAll(() => lab.close());

describe("the VPS's stack, when its machine is rented and `ssh vps` leads nowhere yet", () => {
  it("previews the machine alone, and says that the rest follows", async () => {
    const { code, output } = await lab.pulumi("preview");
    expect(code, output).toBe(0);
    expect(output).toContain("the machine does not exist yet");
    expect(output).toContain("8 to create");
    expect(lab.hetzner.changes).toEqual([]);
  });

  it("makes the machine with the first up, and ends with what is left to do", async () => {
    const { code, output } = await lab.pulumi(...UP);
    expect(code).not.toBe(0);
    expect(output).toContain(`the rented machine stands at ${ADDRESS} and 2001:db8:0:1::1`);
    expect(output).toContain(`HostName ${ADDRESS}`);
    expect(output).toContain(`ssh-keyscan -t ed25519 ${ADDRESS}`);
    expect(output).toContain("8 created");
    expect(lab.hetzner.mistakes).toEqual([]);
    expect(lab.hetzner.only(lab.hetzner.servers).protection.delete).toBe(true);
  });

  it("ends in the same way, and keeps everything, for as long as nobody does it", async () => {
    for (const args of [["preview"], UP]) {
      const { code, output } = await lab.pulumi(...args);
      expect(code).not.toBe(0);
      expect(output).toContain(`HostName ${ADDRESS}`);
      expect(output).not.toMatch(/to create|to delete|deleted/);
    }
    expect(lab.hetzner.changes).toEqual([]);
  });
});
