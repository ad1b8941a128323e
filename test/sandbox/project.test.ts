import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { isMixed } from "../../model/secrets.ts";
import { parseSite } from "../../model/site.ts";
import { MACHINES, MESH_ADDRESSES } from "../../sandbox/addresses.ts";
import { projectText, pulumiEnvironment, sandboxConfig } from "../../sandbox/project.ts";
import { crypterFor, derivedSecret } from "../../sandbox/pulumi-crypter.ts";
import { sandboxSettings } from "../../sandbox/settings.ts";
import { exportLines } from "../../sandbox/shell-environment.ts";

const settings = sandboxSettings({ HOMELAB_SANDBOX: "/nowhere/box" });

describe("the sandbox's Pulumi project", () => {
  const committed = readFileSync("Pulumi.yaml", "utf8");

  it("is the committed one, run from the checkout", () => {
    const project = parse(projectText(committed, "/checkout")) as Record<string, unknown>;
    expect(project).toEqual({
      ...(parse(committed) as Record<string, unknown>),
      main: "/checkout/program.mjs",
    });
  });

  it.each(MACHINES)("gives %s site settings that the program takes", (stack) => {
    const site = parseSite(sandboxConfig(settings, stack)["homelab:site"]);
    expect(site.hosts.nas.lan).toBe(settings.network.machines.nas);
  });

  it("lets nobody approve but the one whose key it is given", () => {
    const signersOf = (key?: string) =>
      parseSite(sandboxConfig(settings, "vps", key)["homelab:site"]).controlPlane?.signers;
    const key = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"A".repeat(43)} homelab sandbox user`;
    expect(signersOf()).toEqual([]);
    expect(signersOf(key)).toEqual([{ name: "sandbox", key }]);
  });

  it("names no address outside the sandbox's range and its mesh", () => {
    const text = JSON.stringify(MACHINES.map((stack) => sandboxConfig(settings, stack)));
    const foreign = (text.match(/\d+\.\d+\.\d+\.\d+/g) ?? []).filter(
      (address) => !address.startsWith(`${settings.network.prefix}.`) && !inMesh(address),
    );
    expect(foreign).toEqual([]);
  });
});

/** Whether Headscale hands an address out to a machine; it exists in the mesh alone. */
function inMesh(address: string): boolean {
  return Object.values(MESH_ADDRESSES).includes(address);
}

describe("a sandbox's secrets", () => {
  it("are the same in every stack that shares one, and differ by name and by sandbox", () => {
    expect(derivedSecret("p", "a", 32)).toBe(derivedSecret("p", "a", 32));
    expect(derivedSecret("p", "a", 32)).not.toBe(derivedSecret("p", "b", 32));
    expect(derivedSecret("p", "a", 32)).not.toBe(derivedSecret("q", "a", 32));
  });

  it("are letters and digits, of the length asked for", () => {
    for (const length of [3, 29, 64, 200]) {
      expect(derivedSecret("p", "a", length)).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
    }
  });

  it("have a digit and both kinds of letter, as programs ask that judge passwords", () => {
    const names = Array.from({ length: 500 }, (_, index) => `secret ${index}`);
    expect(names.filter((name) => !isMixed(derivedSecret("p", name, 8)))).toEqual([]);
  });

  it("are encrypted anew each time, with the salt that the stack file has", async () => {
    const first = await crypterFor("p");
    const again = await crypterFor("p", first.salt);
    expect(again.salt).toBe(first.salt);
    expect(first.encrypt("x")).toMatch(/^v1:[A-Za-z0-9+/=]{16}:[A-Za-z0-9+/=]+$/);
    expect(first.encrypt("x")).not.toBe(again.encrypt("x"));
  });
});

it("prints exports that keep the rest of PATH and hold no secret's value", () => {
  const text = exportLines("/cache/bin", pulumiEnvironment(settings));
  expect(text).toContain('export PATH=/cache/bin:"$PATH"\n');
  expect(text).toContain("export PULUMI_OPTION_CWD=/nowhere/box/project\n");
  expect(text).toContain("export PULUMI_CONFIG_PASSPHRASE_FILE=/nowhere/box/passphrase\n");
  expect(text).not.toContain("PULUMI_CONFIG_PASSPHRASE=");
});
